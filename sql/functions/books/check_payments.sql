-- Per payment: its vendor transaction, settlements and voucher are there, with its amount, accounting amount, currency,
-- date, vendor and run; the voucher takes the invoices' payable lines back, account by account and dimension set by
-- dimension set, all of them on the payable account of its vendor transaction, and credits the bank with the payment;
-- its accounting amount is its amount at its rate; a transfer has a valid IBAN; and no vendor transaction of type
-- payment stands without a payment.
create or replace function reimbursement.check_payments(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with tied as materialized (
        select
            s.*, d.voucher, d.run_id as payment_run_id, d.transaction_type as debit_type,
            d.transaction_date as payment_date, c.voucher as invoice_voucher, c.payable_account, c.invoice_number,
            d.payable_account as payment_account
        from reimbursement.written_vendor_settlements(p_legal_entity_id, p_run_id) as s
        left join reimbursement.vendor_transactions as d
            on d.legal_entity_id = s.legal_entity_id and d.vendor_transaction_id = s.debit_transaction_id
        left join reimbursement.vendor_transactions as c
            on c.legal_entity_id = s.legal_entity_id and c.vendor_transaction_id = s.credit_transaction_id
    ),
    -- What a payment settled; its reversal closes it by a settlement of another run.
    paying as materialized (
        select t.*
        from tied as t
        where t.debit_type = 'payment' and t.undoes_vendor_settlement_id is null and t.run_id = t.payment_run_id
            and (p_run_id is null or t.run_id = p_run_id)
    ),
    paid as (
        select
            s.legal_entity_id, s.voucher, sum(s.amount) as amount,
            sum(s.debit_accounting_amount) as debit_accounting_amount,
            sum(s.credit_accounting_amount) as credit_accounting_amount,
            bool_and(s.settled_on = s.payment_date) as is_of_its_date, min(s.payable_account) as payable_account,
            case when count(*) = 1 then min(s.invoice_number) end as invoice_number
        from paying as s
        group by s.legal_entity_id, s.voucher
    ),
    -- Of every payment, whether it has a voucher or not: a full join is a hash join, whatever the planner expects.
    posted as (
        select
            p.legal_entity_id, p.payment_number as voucher,
            sum(e.amount) filter (where e.posting_type = 'payable') as payable,
            sum(e.accounting_amount) filter (where e.posting_type = 'payable') as payable_accounting,
            -sum(e.amount) filter (where e.posting_type = 'bank') as bank,
            -sum(e.accounting_amount) filter (where e.posting_type = 'bank') as bank_accounting,
            min(e.posting_date) as posting_date, min(e.run_id) as run_id,
            bool_and(e.dimension_set_id = 0) filter (where e.posting_type <> 'payable') as is_without_dimensions
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        left join reimbursement.ledger_entries as e
            on e.legal_entity_id = p.legal_entity_id and e.voucher = p.payment_number
        group by p.legal_entity_id, p.payment_number
    ),
    documents as (
        select
            coalesce(p.legal_entity_id, t.legal_entity_id) as legal_entity_id,
            coalesce(p.payment_number, t.voucher) as reference,
            row(p.amount, p.accounting_amount, p.currency, p.run_id, p.vendor_account, p.payment_date)::text
            as expected,
            row(t.amount, t.accounting_amount, t.currency, t.run_id, t.vendor_account, t.transaction_date)::text
            as vendor_transaction,
            row(s.amount, s.debit_accounting_amount, s.credit_accounting_amount)::text as settlements,
            row(v.payable, v.payable_accounting, v.bank, v.bank_accounting, v.posting_date, v.run_id,
                v.is_without_dimensions)::text
            as voucher,
            (
                t.amount = p.amount and t.accounting_amount = p.accounting_amount and t.currency = p.currency
                and t.run_id = p.run_id and t.vendor_account = p.vendor_account
                and t.transaction_date = p.payment_date
                and s.amount = p.amount and s.debit_accounting_amount = p.accounting_amount
                and s.is_of_its_date
                and v.payable = p.amount and v.payable_accounting = s.credit_accounting_amount
                and v.bank = p.amount and v.bank_accounting = p.accounting_amount
                and v.posting_date = p.payment_date and v.run_id = p.run_id and v.is_without_dimensions
                and t.payable_account = s.payable_account and t.due_date = p.payment_date
                and t.invoice_number is not distinct from s.invoice_number
                and p.end_to_end_id is not distinct from case when p.is_transfer then p.payment_number end
                and coalesce(rt.run_id, j.run_id) = p.run_id
                and q.posting_date = p.payment_date
                and b.currency = p.currency
                and (not p.is_transfer or reimbursement.is_iban(p.creditor_iban))
                and p.accounting_amount
                = round(p.amount * p.exchange_rate, reimbursement.minor_unit(le.accounting_currency))
            ) as agrees
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        full join (
            select x.*
            from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as x
            where x.transaction_type = 'payment'
        ) as t
            on t.legal_entity_id = p.legal_entity_id and t.voucher = p.payment_number
        full join paid as s
            on s.legal_entity_id = coalesce(p.legal_entity_id, t.legal_entity_id)
                and s.voucher = coalesce(p.payment_number, t.voucher)
        full join posted as v on v.legal_entity_id = p.legal_entity_id and v.voucher = p.payment_number
        left join reimbursement.jobs as j on j.legal_entity_id = p.legal_entity_id and j.job_id = p.job_id
        left join reimbursement.run_totals as rt
            on rt.legal_entity_id = p.legal_entity_id and rt.run_id = p.run_id
                and p.job_id between rt.first_job_id and rt.last_job_id
        left join reimbursement.run_requests as q on q.legal_entity_id = p.legal_entity_id and q.run_id = p.run_id
        left join reimbursement.bank_accounts as b
            on b.legal_entity_id = p.legal_entity_id and b.bank_account = p.bank_account
        left join reimbursement.legal_entities as le on le.legal_entity_id = p.legal_entity_id
    ),
    payable_lines as (
        select
            e.legal_entity_id, e.voucher as payment_number, e.ledger_account, e.dimension_set_id, e.amount,
            e.accounting_amount
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        inner join reimbursement.ledger_entries as e
            on e.legal_entity_id = p.legal_entity_id and e.voucher = p.payment_number
        where e.posting_type = 'payable'
        union all
        select s.legal_entity_id, s.voucher, e.ledger_account, e.dimension_set_id, e.amount, e.accounting_amount
        from paying as s
        inner join reimbursement.ledger_entries as e
            on e.legal_entity_id = s.legal_entity_id and e.voucher = s.invoice_voucher and e.posting_type = 'payable'
    )
    select
        d.legal_entity_id, 'payment_agrees_with_its_documents', format('payment %s', d.reference), d.expected,
        format('vendor transaction %s, settlements %s, voucher %s', d.vendor_transaction, d.settlements, d.voucher)
    from documents as d
    where d.agrees is not true
    union all
    select
        s.legal_entity_id, 'payment_stays_on_one_payable_account',
        format('payment %s, invoice %s', s.voucher, s.invoice_number), s.payment_account, s.payable_account
    from paying as s
    where s.payable_account is distinct from s.payment_account
    union all
    select
        p.legal_entity_id, 'payment_stays_on_one_payable_account', format('payment %s, voucher', p.payment_number),
        t.payable_account, e.ledger_account
    from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
    inner join reimbursement.ledger_entries as e
        on e.legal_entity_id = p.legal_entity_id and e.voucher = p.payment_number and e.posting_type = 'payable'
    inner join reimbursement.vendor_transactions as t
        on t.legal_entity_id = p.legal_entity_id and t.voucher = p.payment_number and t.transaction_type = 'payment'
    where e.ledger_account <> t.payable_account
    union all
    select
        l.legal_entity_id, 'payment_takes_back_the_lines_of_its_invoices',
        format('payment %s, account %s, dimension set %s', l.payment_number, l.ledger_account, l.dimension_set_id),
        '0, accounting 0', format('%s, accounting %s', sum(l.amount), sum(l.accounting_amount))
    from payable_lines as l
    group by l.legal_entity_id, l.payment_number, l.ledger_account, l.dimension_set_id
    having sum(l.amount) <> 0 or sum(l.accounting_amount) <> 0
$$;

comment on function reimbursement.check_payments(text, bigint) is
'Violations: payments whose vendor transaction, settlements or voucher are missing or differ.';
