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
language plpgsql set search_path = reimbursement, pg_temp set plan_cache_mode = force_custom_plan
as $$
begin
    perform from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.run_id = p_run_id
    order by j.job_id
    for share of j;
    perform from reimbursement.customers as c
    where c.legal_entity_id = p_legal_entity_id
        and c.customer_account in (
            select f.customer_account
            from reimbursement.find_reimbursements(
                p_legal_entity_id, p_reimbursement_numbers, p_run_id, p_after, p_through) as f
            union all
            select s.customer_account
            from reimbursement.customer_skips as s
            where s.legal_entity_id = p_legal_entity_id and s.run_id = p_run_id and s.skip_reason = 'no_net_credit'
                and (p_after is null or s.customer_account > p_after)
                and (p_through is null or s.customer_account <= p_through)
        )
    order by c.customer_account
    for no key update of c;

    perform from reimbursement.vendor_transactions as t
    where t.legal_entity_id = p_legal_entity_id
        and t.vendor_transaction_id in (
            select f.vendor_transaction_id
            from reimbursement.find_reimbursements(
                p_legal_entity_id, p_reimbursement_numbers, p_run_id, p_after, p_through) as f
        )
    order by t.vendor_transaction_id
    for no key update of t;
end
$$;

comment on function reimbursement.lock_reimbursements(text, text[], bigint, text, text) is
'Locks the run, the customers and the invoices that the reversal of reimbursements touches.';
