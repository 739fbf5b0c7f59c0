-- Locks the open invoices that the job may pay, in the order of their transactions.
--
-- From here until the end of the transaction nobody else pays, reverses or reopens them. With a maximum total the jobs
-- of the run go one after the other, because each has to know what the others have paid: they wait for the run's row.
-- The bank accounts that pay stay as they are until then.
-- Returns: the locked vendor transactions, the only ones that the job may pay: an invoice that comes later is left for
-- the next run. Reads: jobs, vendor_transactions. Locks: run_requests (with a maximum) for no key update, bank_accounts
-- for share, vendor_transactions for no key update.
create or replace function reimbursement.lock_invoices(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_choices reimbursement.vendor_payment_choices
) returns bigint[]
language plpgsql set search_path = reimbursement, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    v_vendors constant reimbursement.account_filter := reimbursement.parse_account_filter(
        p_choices.vendor_filter, 'vendor_filter');
    v_after text;
    v_through text;
begin
    if p_choices.maximum_total is not null then
        perform from reimbursement.run_requests as r
        where r.legal_entity_id = p_legal_entity_id and r.run_id = p_run_id
        for no key update;
    end if;
    perform from reimbursement.bank_accounts as a
    where a.legal_entity_id = p_legal_entity_id
        and (a.is_default or a.bank_account = p_choices.bank_account)
    order by a.bank_account
    for share of a;
    select j.batch_after, j.batch_through into v_after, v_through
    from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id;

    return array(
        select t.vendor_transaction_id
        from reimbursement.vendor_transactions as t
        where t.legal_entity_id = p_legal_entity_id and t.transaction_type = 'invoice' and t.settled_amount <> t.amount
            and t.due_date <= p_choices.due_through
            and (p_choices.currency is null or t.currency = p_choices.currency)
            and (v_after is null or t.vendor_account > v_after)
            and (v_through is null or t.vendor_account <= v_through)
            and reimbursement.matches_filter(reimbursement.fold_account(t.vendor_account), v_vendors)
        order by t.vendor_transaction_id
        for no key update of t
    );
end
$$;

comment on function reimbursement.lock_invoices(text, bigint, bigint, reimbursement.vendor_payment_choices) is
'Locks the open invoices that the job may pay, in the order of their transactions, and returns them.';
