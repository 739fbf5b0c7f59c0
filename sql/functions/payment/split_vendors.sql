-- Splits the vendors with invoices that a payment run would look at into batches of about the same number of invoices,
-- by vendor account.
--
-- Returns: the last account of every batch but the last. The first batch is open at its start and the last at its end.
-- Reads: vendor_transactions. Raises: RB008 batches out of range.
create or replace function reimbursement.split_vendors(
    p_legal_entity_id text, p_choices reimbursement.vendor_payment_choices, p_batches int
) returns text[]
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_fractions constant float8[] := reimbursement.batch_fractions(p_batches);
    v_bounds text[];
begin
    if p_batches = 1 then
        return array[]::text[];
    end if;
    select percentile_disc(v_fractions) within group (order by t.vendor_account) into v_bounds
    from reimbursement.vendor_transactions as t
    where t.legal_entity_id = p_legal_entity_id and t.transaction_type = 'invoice' and t.settled_amount <> t.amount
        and t.due_date <= p_choices.due_through
        and (p_choices.currency is null or t.currency = p_choices.currency)
        and reimbursement.matches_filter(
            reimbursement.fold_account(t.vendor_account),
            reimbursement.parse_account_filter(p_choices.vendor_filter, 'vendor_filter'));
    return coalesce(v_bounds, array_fill(''::text, array[cardinality(v_fractions)]));
end
$$;

comment on function reimbursement.split_vendors(text, reimbursement.vendor_payment_choices, int) is
'Splits the vendors with invoices that a payment run would look at into batches, by account.';
