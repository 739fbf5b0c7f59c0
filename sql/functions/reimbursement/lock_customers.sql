-- Locks the customers of a job who have an open credit, in the order of their accounts.
--
-- From here until the end of the transaction nobody else reimburses or settles for them. A foreign key that refers to
-- a customer is not held up.
-- Reads: jobs, customers, customer_transactions. Writes: locked_customers. Locks: customers, for no key update.
create or replace function reimbursement.lock_customers(
    p_legal_entity_id text, p_job_id bigint, p_choices reimbursement.reimbursement_choices
) returns void
language plpgsql set search_path = reimbursement, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    v_customers constant reimbursement.account_filter := reimbursement.parse_account_filter(
        p_choices.customer_filter, 'customer_filter');
    v_groups constant reimbursement.account_filter := reimbursement.parse_account_filter(
        p_choices.customer_group_filter, 'customer_group_filter');
    v_after text;
    v_through text;
begin
    select j.batch_after, j.batch_through into v_after, v_through
    from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id;

    insert into pg_temp.locked_customers (customer_account)
    select c.customer_account
    from reimbursement.customers as c
    where c.legal_entity_id = p_legal_entity_id
        and (v_after is null or c.customer_account > v_after)
        and (v_through is null or c.customer_account <= v_through)
        and reimbursement.matches_filter(reimbursement.fold_account(c.customer_account), v_customers)
        and reimbursement.matches_filter(reimbursement.fold_account(c.customer_group), v_groups)
        and exists (
            select from reimbursement.customer_transactions as t
            where t.legal_entity_id = p_legal_entity_id and t.customer_account = c.customer_account
                and t.settled_amount <> t.amount and t.amount < 0
            offset 0
        )
    order by c.customer_account
    for no key update of c;
    analyze pg_temp.locked_customers;
end
$$;

comment on function reimbursement.lock_customers(text, bigint, reimbursement.reimbursement_choices) is
'Locks the customers of a job who have an open credit, in the order of their accounts.';
