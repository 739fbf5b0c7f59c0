-- Locks what the reversal of reimbursements touches: the jobs of the run that is reversed, so that none of it is
-- retried meanwhile; the customers, in the order of their accounts, then the vendor transactions of the invoices, in
-- the order of their ids.
--
-- From here until the end of the transaction nobody else reimburses or settles for these customers, or pays these
-- invoices. Of a run these are also the customers for whom it only settled debits against credits.
-- Reads: reimbursements, customer_skips, vendor_transactions. Locks: jobs, for share; customers and
-- vendor_transactions, for no key update.
create or replace function reimbursement.lock_reimbursements(
    p_legal_entity_id text, p_reimbursement_numbers text[], p_run_id bigint, p_after text, p_through text
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_job_ids bigint[];
    v_accounts text[];
    v_transaction_ids bigint[];
begin
    select array_agg(j.job_id order by j.job_id) into v_job_ids
    from (
        select x.job_id
        from reimbursement.jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.run_id between p_run_id and p_run_id
        order by x.run_id
        offset 0
    ) as j;
    perform from unnest(v_job_ids) as k (job_id)
    cross join lateral (
        select from reimbursement.jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.job_id between k.job_id and k.job_id
        order by x.job_id
        for share
    ) as j;

    select array_agg(distinct n.customer_account) into v_accounts
    from (
        select f.customer_account
        from reimbursement.find_reimbursements(
            p_legal_entity_id, p_reimbursement_numbers, p_run_id, p_after, p_through) as f
        union all
        (
            select s.customer_account
            from reimbursement.customer_skips as s
            where s.legal_entity_id = p_legal_entity_id and s.run_id between p_run_id and p_run_id
                and s.skip_reason = 'no_net_credit'
                and (p_after is null or s.customer_account > p_after)
                and (p_through is null or s.customer_account <= p_through)
            order by s.run_id
            offset 0
        )
    ) as n;
    perform from (select u.account from unnest(v_accounts) as u (account) order by u.account collate "C") as k
    cross join lateral (
        select from reimbursement.customers as x
        where x.legal_entity_id = p_legal_entity_id and x.customer_account = k.account
        for no key update
    ) as c;

    select array_agg(f.vendor_transaction_id order by f.vendor_transaction_id) into v_transaction_ids
    from reimbursement.find_reimbursements(
        p_legal_entity_id, p_reimbursement_numbers, p_run_id, p_after, p_through) as f;
    perform from unnest(v_transaction_ids) as k (vendor_transaction_id)
    cross join lateral (
        select from reimbursement.vendor_transactions as x
        where x.legal_entity_id = p_legal_entity_id
            and x.vendor_transaction_id between k.vendor_transaction_id and k.vendor_transaction_id
        order by x.vendor_transaction_id
        for no key update
    ) as t;
end
$$;

comment on function reimbursement.lock_reimbursements(text, text[], bigint, text, text) is
'Locks the run, the customers and the invoices that the reversal of reimbursements touches.';
