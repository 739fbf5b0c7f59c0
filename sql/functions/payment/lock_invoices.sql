-- Locks the open invoices that the job may pay, in the order of their transactions.
--
-- From here until the end of the transaction nobody else pays, reverses or reopens them. With a maximum total the jobs
-- of the run go one after the other, because each has to know what the others have paid: they wait for the run's row.
-- The bank accounts that pay stay as they are until then.
-- Returns: the locked vendor transactions, the only ones that the job may pay: an invoice that comes later is left for
-- the next run. Reads: jobs, what find_invoices reads. Locks: run_requests (with a maximum) for no key update,
-- bank_accounts for share, vendor_transactions for no key update.
create or replace function reimbursement.lock_invoices(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_choices reimbursement.vendor_payment_choices
) returns bigint[]
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_after text;
    v_through text;
    v_named bigint[];
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
    where j.legal_entity_id = p_legal_entity_id and j.job_id between p_job_id and p_job_id
    order by j.job_id;

    select array_agg(f.vendor_transaction_id order by f.vendor_transaction_id) into v_named
    from reimbursement.find_invoices(p_legal_entity_id, p_choices, v_after, v_through) as f;
    return array(
        select t.vendor_transaction_id
        from unnest(v_named) as f (vendor_transaction_id)
        cross join lateral (
            select x.vendor_transaction_id
            from reimbursement.vendor_transactions as x
            where x.legal_entity_id = p_legal_entity_id
                and x.vendor_transaction_id between f.vendor_transaction_id and f.vendor_transaction_id
                and x.settled_amount <> x.amount
            order by x.vendor_transaction_id
            for no key update
        ) as t
    );
end
$$;

comment on function reimbursement.lock_invoices(text, bigint, bigint, reimbursement.vendor_payment_choices) is
'Locks the open invoices that the job may pay, in the order of their transactions, and returns them.';
