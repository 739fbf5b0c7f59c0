-- Per reimbursement: its invoice, vendor transaction, customer transactions and voucher are there, with its amount,
-- accounting amount, currency, date and run; its accounting amount is its amount at its rate; and no invoice, vendor
-- transaction or customer transaction of type reimbursement stands without one.
create or replace function reimbursement.check_reimbursements(p_legal_entity_id text)
returns setof reimbursement.violation
language sql stable
as $$
    with cleared as (
        select
            t.legal_entity_id, t.voucher, min(t.customer_account) as customer_account, min(t.currency) as currency,
            sum(t.amount) as amount, sum(t.accounting_amount) as accounting_amount, min(t.run_id) as run_id
        from reimbursement.customer_transactions as t
        where t.run_id is not null and t.transaction_type = 'reimbursement'
        group by t.legal_entity_id, t.voucher
    ),
    posted as (
        select
            e.legal_entity_id, e.voucher,
            sum(e.amount) filter (where e.posting_type = 'receivable') as receivable,
            sum(e.accounting_amount) filter (where e.posting_type = 'receivable') as receivable_accounting,
            -sum(e.amount) filter (where e.posting_type = 'payable') as payable,
            -sum(e.accounting_amount) filter (where e.posting_type = 'payable') as payable_accounting,
            min(e.posting_date) as posting_date
        from reimbursement.ledger_entries as e
        group by e.legal_entity_id, e.voucher
    ),
    documents as (
        select
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
                and r.accounting_amount
                = round(r.amount * r.exchange_rate, reimbursement.minor_unit(le.accounting_currency))
            ) as agrees
        from reimbursement.reimbursements as r
        full join reimbursement.vendor_invoices as i
            on i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number
        full join (
            select w.* from reimbursement.vendor_transactions as w where w.transaction_type = 'invoice'
        ) as v
            on v.legal_entity_id = coalesce(r.legal_entity_id, i.legal_entity_id)
                and v.invoice_number = coalesce(r.invoice_number, i.invoice_number)
        full join cleared as c
            on c.legal_entity_id = r.legal_entity_id and c.voucher = r.reimbursement_number
        left join posted as p
            on p.legal_entity_id = r.legal_entity_id and p.voucher = r.reimbursement_number
        left join reimbursement.legal_entities as le on le.legal_entity_id = r.legal_entity_id
    )
    select
        d.legal_entity_id, 'reimbursement_agrees_with_its_documents', format('reimbursement %s', d.reference), d.expected,
        format('invoice %s, vendor transaction %s, customer transactions %s', d.invoice, d.vendor_transaction,
            d.customer_transactions)
    from documents as d
    where d.agrees is not true and (p_legal_entity_id is null or d.legal_entity_id = p_legal_entity_id)
$$;

comment on function reimbursement.check_reimbursements(text) is
'Violations: reimbursements whose invoice, vendor transaction, customer transactions or voucher are missing or differ.';
