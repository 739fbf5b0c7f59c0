-- Splits the customers that a run would look at into batches of about the same number, by customer account.
--
-- Returns: the last account of every batch but the last. The first batch is open at its start and the last at its end,
-- so that a customer who appears meanwhile is in exactly one; with few customers some batches are empty.
-- Reads: customer_transactions, customers. Raises: RB008 batches out of range.
create or replace function reimbursement.split_customers(
    p_legal_entity_id text, p_choices reimbursement.reimbursement_choices, p_batches int
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
    select percentile_disc(v_fractions) within group (order by c.customer_account) into v_bounds
    from reimbursement.customers as c
    where c.legal_entity_id = p_legal_entity_id
        and reimbursement.matches_filter(
            reimbursement.fold_account(c.customer_account),
            reimbursement.parse_account_filter((p_choices).customer_filter, 'customer_filter'))
        and reimbursement.matches_filter(
            reimbursement.fold_account(c.customer_group),
            reimbursement.parse_account_filter((p_choices).customer_group_filter, 'customer_group_filter'))
        and exists (
            select from reimbursement.customer_transactions as t
            where t.legal_entity_id = p_legal_entity_id and t.customer_account = c.customer_account
                and t.settled_amount <> t.amount and t.amount < 0
        );
    return coalesce(v_bounds, array_fill(''::text, array[p_batches - 1]));
end
$$;

comment on function reimbursement.split_customers(text, reimbursement.reimbursement_choices, int) is
'Splits the customers that a run would look at into batches of about the same number, by account.';
