-- Locks the customers of a pass who have an open credit, in the order of their accounts.
--
-- From here until the end of the transaction nobody else reimburses or settles for them. A foreign key that refers to
-- a customer is not held up. One job waits for whoever has locked a customer of its. Several jobs that share a pass
-- wait for nobody, so that none waits for what only another needs: a batch with a customer who is locked is put off
-- whole, and so is one that names a customer of an earlier batch, as it has to see what that one leaves.
-- Returns: the locked accounts, the batch of each, and the batches that were put off, by their places in p_batches.
-- Reads: what find_customers reads, customers. Locks: customers, for no key update.
create or replace function reimbursement.lock_customers(
    p_legal_entity_id text, p_batches reimbursement.reimbursement_batch [],
    out accounts text [], out account_batches bigint [], out put_off bigint []
)
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_accounts text [];
    v_account_batches bigint [];
begin
    select
        coalesce(array_agg(f.customer_account order by f.customer_account, f.batch), '{}'),
        coalesce(array_agg(f.batch order by f.customer_account, f.batch), '{}')
    into v_accounts, v_account_batches
    from reimbursement.find_customers(p_legal_entity_id, p_batches) as f;

    if cardinality(p_batches) = 1 then
        put_off := '{}';
        select coalesce(array_agg(c.customer_account), '{}') into accounts
        from unnest(v_accounts) as f (customer_account)
        cross join lateral (
            select x.customer_account
            from reimbursement.customers as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = f.customer_account
                and reimbursement.matches_filter(
                    reimbursement.fold_account(x.customer_group), p_batches[1].customer_groups)
            for no key update
        ) as c;
        account_batches := array_fill(1::bigint, array[cardinality(accounts)]);
        return;
    end if;

    with locked as materialized (
        select f.customer_account, f.batch, c.customer_account is null as is_locked_by_another
        from unnest(v_accounts, v_account_batches) as f (customer_account, batch)
        left join lateral (
            select x.customer_account
            from reimbursement.customers as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = f.customer_account
            for no key update skip locked
        ) as c on true
    )
    select coalesce(array_agg(distinct o.batch), '{}') into put_off
    from (
        select
            l.batch, l.is_locked_by_another,
            lag(l.customer_account) over (order by l.customer_account, l.batch) = l.customer_account as is_named_before
        from locked as l
    ) as o
    where o.is_locked_by_another or o.is_named_before;
    select
        coalesce(array_agg(f.customer_account), '{}'), coalesce(array_agg(f.batch), '{}')
    into accounts, account_batches
    from unnest(v_accounts, v_account_batches) as f (customer_account, batch)
    where f.batch <> all (put_off);
end
$$;

comment on function reimbursement.lock_customers(text, reimbursement.reimbursement_batch []) is
'Locks the customers of a pass who have an open credit, in the order of their accounts.';
