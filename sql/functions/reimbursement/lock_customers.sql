-- Locks the customers of a pass who have an open credit, in the order of their accounts.
--
-- From here until the end of the transaction nobody else reimburses or settles for them. A foreign key that refers to
-- a customer is not held up. A batch that names a customer of an earlier batch is put off whole: what the earlier one
-- leaves is its to see, and that takes another pass.
-- Returns: the locked accounts, the batch of each, and the batches that were put off, by their places in p_batches.
-- Reads: what find_customers reads, customers. Locks: customers, for no key update.
create or replace function reimbursement.lock_customers(
    p_legal_entity_id text, p_batches reimbursement.reimbursement_batch [],
    out accounts text [], out account_batches bigint [], out put_off bigint []
)
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    with found as materialized (
        select
            f.batch, f.customer_account,
            min(f.batch) over (partition by f.customer_account) as first_batch
        from reimbursement.find_customers(p_legal_entity_id, p_batches) as f
    ),
    later as materialized (
        select distinct f.batch from found as f where f.batch > f.first_batch
    ),
    locked as materialized (
        select c.customer_account, f.batch
        from (
            select n.batch, n.customer_account, b.customer_groups
            from found as n
            inner join unnest(p_batches) with ordinality as b on b.ordinality = n.batch
            where n.batch <> all (array(select l.batch from later as l))
            order by n.customer_account
        ) as f
        cross join lateral (
            select x.customer_account
            from reimbursement.customers as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = f.customer_account
                and reimbursement.matches_filter(reimbursement.fold_account(x.customer_group), f.customer_groups)
            for no key update
        ) as c
    )
    select array_agg(k.customer_account), array_agg(k.batch), array(select l.batch from later as l)
    into accounts, account_batches, put_off
    from locked as k;
end
$$;

comment on function reimbursement.lock_customers(text, reimbursement.reimbursement_batch []) is
'Locks the customers of a pass who have an open credit, in the order of their accounts.';
