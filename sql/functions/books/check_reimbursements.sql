-- Per reimbursement: its invoice, vendor transaction, customer transactions and voucher are there, with its amount,
-- accounting amount, currency, dates, accounts and run; its accounting amount is its amount at its rate; its one-time
-- vendor is its customer's; it is due when its run says; its job and its run are there; and no invoice, vendor
-- transaction or customer transaction of type reimbursement stands without one.
create or replace function reimbursement.check_reimbursements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with cleared as (
        select
            t.legal_entity_id, t.voucher, min(t.customer_account) as customer_account, min(t.currency) as currency,
            sum(t.amount) as amount, sum(t.accounting_amount) as accounting_amount, min(t.run_id) as run_id,
            min(least(t.transaction_date, t.due_date)) as first_date,
            max(greatest(t.transaction_date, t.due_date)) as last_date,
            min(t.receivable_account) as receivable_account, min(t.dimension_set_id) as dimension_set_id,
            count(*) as transactions
        from reimbursement.written_customer_transactions(p_legal_entity_id, p_run_id) as t
        where t.run_id is not null and t.transaction_type = 'reimbursement'
        group by t.legal_entity_id, t.voucher
    ),
    -- Of every reimbursement, if it has a voucher or not: a full join is a hash join, whatever the planner expects.
    posted as (
        select
            r.legal_entity_id, r.reimbursement_number as voucher,
            sum(e.amount) filter (where e.posting_type = 'receivable') as receivable,
            sum(e.accounting_amount) filter (where e.posting_type = 'receivable') as receivable_accounting,
            -sum(e.amount) filter (where e.posting_type = 'payable') as payable,
            -sum(e.accounting_amount) filter (where e.posting_type = 'payable') as payable_accounting,
            min(e.posting_date) as posting_date
        from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
        left join reimbursement.ledger_entries as e
            on e.legal_entity_id = r.legal_entity_id and e.voucher = r.reimbursement_number
        group by r.legal_entity_id, r.reimbursement_number
    ),
    documents as (
        select
            concat_ws(', ', coalesce(j.job_id, rt.run_id), q.posting_date, w.vendor_account, w.customer_account,
                i.due_date, v.due_date, c.first_date, c.last_date) as others,
            coalesce(r.legal_entity_id, i.legal_entity_id, v.legal_entity_id, c.legal_entity_id) as legal_entity_id,
            coalesce(r.reimbursement_number, v.voucher, c.voucher, i.invoice_number) as reference,
            row(r.amount, r.accounting_amount, r.currency, r.run_id)::text as expected,
            row(i.amount, i.accounting_amount, i.currency, i.run_id)::text as invoice,
            row(-v.amount, -v.accounting_amount, v.currency, v.run_id)::text as vendor_transaction,
            row(c.amount, p.receivable_accounting, c.currency, c.run_id)::text as customer_transactions,
            (
                i.amount = r.amount and i.accounting_amount = r.accounting_amount and i.currency = r.currency
                and i.run_id = r.run_id and i.invoice_date = r.posting_date and i.vendor_account = r.vendor_account
                and -v.amount = r.amount and -v.accounting_amount = r.accounting_amount and v.currency = r.currency
                and v.run_id = r.run_id and v.transaction_date = r.posting_date and v.vendor_account = r.vendor_account
                and v.voucher = r.reimbursement_number
                and c.amount = r.amount and c.currency = r.currency and c.run_id = r.run_id
                and c.customer_account = r.customer_account
                and p.receivable = r.amount and p.receivable_accounting = c.accounting_amount
                and p.payable = r.amount and p.payable_accounting = r.accounting_amount
                and p.posting_date = r.posting_date
                and c.first_date = r.posting_date and c.last_date = r.posting_date
                and (
                    r.receivable_account is null and r.dimension_set_id is null
                    or (
                        r.receivable_account = c.receivable_account and r.dimension_set_id = c.dimension_set_id
                        and c.transactions = 1
                    )
                )
                and v.due_date = i.due_date
                and i.due_date
                = coalesce(r.posting_date + (q.choices ->> 'due_in_days')::integer, i.due_date)
                and strpos(i.description, r.reimbursement_number) > 0 and strpos(i.description, r.customer_account) > 0
                and coalesce(rt.run_id, j.run_id) = r.run_id
                and q.posting_date = r.posting_date
                and (not w.is_one_time or w.customer_account = r.customer_account)
                and r.accounting_amount
                = round(r.amount * r.exchange_rate, reimbursement.minor_unit(le.accounting_currency))
            ) as agrees
        from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
        full join reimbursement.written_vendor_invoices(p_legal_entity_id, p_run_id) as i
            on i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number
        full join (
            select t.*
            from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as t
            where t.transaction_type = 'invoice'
        ) as v
            on v.legal_entity_id = coalesce(r.legal_entity_id, i.legal_entity_id)
                and v.invoice_number = coalesce(r.invoice_number, i.invoice_number)
        full join cleared as c
            on c.legal_entity_id = r.legal_entity_id and c.voucher = r.reimbursement_number
        full join posted as p
            on p.legal_entity_id = r.legal_entity_id and p.voucher = r.reimbursement_number
        left join reimbursement.jobs as j on j.legal_entity_id = r.legal_entity_id and j.job_id = r.job_id
        left join reimbursement.run_totals as rt
            on rt.legal_entity_id = r.legal_entity_id and rt.run_id = r.run_id
                and r.job_id between rt.first_job_id and rt.last_job_id
        left join reimbursement.run_requests as q on q.legal_entity_id = r.legal_entity_id and q.run_id = r.run_id
        left join reimbursement.vendors as w
            on w.legal_entity_id = r.legal_entity_id and w.vendor_account = r.vendor_account
        left join reimbursement.legal_entities as le on le.legal_entity_id = r.legal_entity_id
    )
    select
        d.legal_entity_id, 'reimbursement_agrees_with_its_documents', format('reimbursement %s', d.reference), d.expected,
        format('invoice %s, vendor transaction %s, customer transactions %s; job, run, vendor, dates: %s', d.invoice,
            d.vendor_transaction, d.customer_transactions, d.others)
    from documents as d
    where d.agrees is not true
$$;

comment on function reimbursement.check_reimbursements(text, bigint) is
'Violations: reimbursements whose invoice, vendor transaction, customer transactions or voucher are missing or differ.';
