-- Splits the vendors of a payment reversal into batches of about the same number of payments, by vendor account.
--
-- Returns: the last account of every batch but the last. The first batch is open at its start and the last at its end.
-- Reads: as find_payments. Raises: RB008 batches out of range.
create or replace function reimbursement.split_payments(
    p_legal_entity_id text, p_payment_numbers text[], p_batches int
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
    select percentile_disc(v_fractions) within group (order by f.vendor_account collate "C") into v_bounds
    from reimbursement.find_payments(p_legal_entity_id, p_payment_numbers) as f;
    return coalesce(v_bounds, array_fill(''::text, array[p_batches - 1]));
end
$$;

comment on function reimbursement.split_payments(text, text[], int) is
'Splits the vendors of a payment reversal into batches, by account.';
