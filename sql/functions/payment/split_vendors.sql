-- Splits the vendors with invoices that a payment run would look at into batches of about the same number of invoices,
-- by folded vendor account.
--
-- Returns: the last folded account of every batch but the last. The first batch is open at its start and the last at
-- its end, so that a vendor who appears meanwhile is in exactly one.
-- Reads: vendor_transactions. Raises: RB008 batches out of range.
create or replace function reimbursement.split_vendors(
    p_legal_entity_id text, p_choices reimbursement.vendor_payment_choices, p_batches int
) returns text[]
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_fractions constant float8[] := reimbursement.batch_fractions(p_batches);
    v_bounds text[];
begin
    if p_batches = 1 then
        return array[]::text[];
    end if;
    select percentile_disc(v_fractions) within group (order by reimbursement.fold_account(f.vendor_account))
    into v_bounds
    from reimbursement.find_invoices(p_legal_entity_id, p_choices) as f;
    return coalesce(v_bounds, array_fill(''::text, array[cardinality(v_fractions)]));
end
$$;

comment on function reimbursement.split_vendors(text, reimbursement.vendor_payment_choices, int) is
'Splits the vendors with invoices that a payment run would look at into batches, by account.';
