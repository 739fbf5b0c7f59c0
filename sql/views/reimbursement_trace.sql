-- What became of every credit: a row a step, from the credits that a reimbursement cleared to the bank, and back.
--
-- run_id is the run that did the step, so that a chain is in the order of (reimbursement_run_id, reimbursement_number,
-- run_id, step_number). Amounts have the signs of the subledgers: debits are positive, credits negative. A netting of a
-- customer who was not reimbursed for it has no reimbursement_number, a settlement outside of runs has no run. note:
-- why a payment came back, as the bank says it, or that it was never sent.
-- It begins with one reimbursement, or one run, and goes on by keys. Each limit or offset keeps the planner, which
-- knows little right after a large run, from beginning elsewhere and joining all with all.
create or replace view reimbursement.reimbursement_trace with (security_invoker = true) as
select
    r.legal_entity_id,
    r.customer_account,
    r.run_id as reimbursement_run_id,
    r.reimbursement_number,
    x.run_id,
    x.step_number,
    x.step,
    x.reference,
    x.voucher,
    x.date,
    x.currency,
    x.amount,
    x.note
from reimbursement.reimbursements as r
cross join lateral (
    -- The credits that it cleared, and what took a part of them before: nettings of the run, settlements outside of
    -- runs.
    select
        y.run_id, y.step_number, y.step, y.reference, y.voucher, y.date, c.currency, y.amount, null as note
    from (
        select d.customer_transaction_id
        from reimbursement.customer_transactions as d
        where d.legal_entity_id = r.legal_entity_id and d.run_id = r.run_id and d.voucher = r.reimbursement_number
        offset 0
    ) as d
    cross join lateral (
        select s.credit_transaction_id, s.settlement_id
        from reimbursement.settlements as s
        where s.legal_entity_id = r.legal_entity_id and s.debit_transaction_id = d.customer_transaction_id
            and (s.run_id = r.run_id) is true
        offset 0
    ) as s
    cross join lateral (
        select c.voucher, c.transaction_date, c.currency
        from reimbursement.customer_transactions as c
        where c.legal_entity_id = r.legal_entity_id and c.customer_transaction_id = s.credit_transaction_id
        limit 1
    ) as c
    cross join lateral (
        select
            r.run_id, 1 as step_number, 'credit' as step, c.voucher as reference, c.voucher, c.transaction_date as date,
            -sum(n.amount) as amount
        from reimbursement.settlements as n
        where n.legal_entity_id = r.legal_entity_id and n.credit_transaction_id = s.credit_transaction_id
            and (n.run_id = r.run_id or (n.run_id is null and n.settlement_id < s.settlement_id))
        union all
        select coalesce(k.run_id, r.run_id), 2, k.step, b.voucher, k.voucher, k.settled_on, k.amount
        from (
            select n.*
            from reimbursement.settlements as n
            where n.legal_entity_id = r.legal_entity_id and n.credit_transaction_id = s.credit_transaction_id
                and (n.run_id = r.run_id or (n.run_id is null and n.settlement_id < s.settlement_id))
                and n.debit_transaction_id <> d.customer_transaction_id
            offset 0
        ) as n
        cross join lateral (
            select b.voucher
            from reimbursement.customer_transactions as b
            where b.legal_entity_id = r.legal_entity_id and b.customer_transaction_id = n.debit_transaction_id
            limit 1
        ) as b
        cross join lateral (
            select
                case when n.run_id is null then 'settlement' else 'netting' end as step, n.run_id, n.voucher,
                n.settled_on, n.amount
            union all
            select 'netting reversal', u.run_id, u.voucher, u.settled_on, u.amount
            from reimbursement.settlements as u
            where u.legal_entity_id = r.legal_entity_id and u.undoes_settlement_id = n.settlement_id
        ) as k
    ) as y
    union all
    select
        r.run_id, 3, 'reimbursement', r.reimbursement_number, r.reimbursement_number, r.posting_date, r.currency, r.amount,
        null
    union all
    select
        r.run_id, 4, 'invoice', r.invoice_number, r.reimbursement_number, r.posting_date, r.currency, -r.amount, null
    union all
    -- The payments of the invoice, the bank files that have them, and what took them back.
    select k.run_id, k.step_number, k.step, k.reference, k.voucher, k.date, r.currency, k.amount, k.note
    from (
        select i.vendor_transaction_id
        from reimbursement.vendor_transactions as i
        where i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number
            and i.transaction_type = 'invoice'
        limit 1
    ) as i
    cross join lateral (
        select s.debit_transaction_id, s.amount
        from reimbursement.vendor_settlements as s
        where s.legal_entity_id = r.legal_entity_id and s.credit_transaction_id = i.vendor_transaction_id
            and s.undoes_vendor_settlement_id is null
        offset 0
    ) as s
    cross join lateral (
        select t.voucher
        from reimbursement.vendor_transactions as t
        where t.legal_entity_id = r.legal_entity_id and t.vendor_transaction_id = s.debit_transaction_id
        limit 1
    ) as t
    cross join lateral (
        select p.*
        from reimbursement.vendor_payments as p
        where p.legal_entity_id = r.legal_entity_id and p.payment_number = t.voucher
        limit 1
    ) as p
    left join lateral (
        select v.*
        from reimbursement.reversals as v
        where v.legal_entity_id = r.legal_entity_id and v.reversed_voucher = t.voucher
        limit 1
    ) as v on true
    cross join lateral (
        select
            p.run_id, 5 as step_number, 'payment' as step, p.payment_number as reference, p.payment_number as voucher,
            p.payment_date as date, s.amount, null as note
        union all
        select
            p.run_id, 6, 'bank file', f.message_id, p.payment_number, (f.created_at at time zone 'UTC')::date, p.amount,
            null
        from reimbursement.bank_files as f
        where f.legal_entity_id = r.legal_entity_id and f.run_id = p.run_id and f.format = 'pain.001.001.09'
            and f.bank_account = p.bank_account and p.is_transfer and v.in_bank_file is not false
            and f.file_version = (
                select max(l.file_version)
                from reimbursement.bank_files as l
                where l.legal_entity_id = f.legal_entity_id and l.run_id = f.run_id and l.format = f.format
                    and l.bank_account = f.bank_account
            )
            and not exists (
                select from reimbursement.payment_file_rewrites as w
                where w.legal_entity_id = f.legal_entity_id and w.run_id = f.run_id
                    and w.bank_account = f.bank_account and w.file_version = f.file_version
                    and p.payment_number = any(w.left_out)
            )
        union all
        select
            p.run_id, 7, 'bank: ' || a.status, a.message_id, coalesce(a.voucher, p.payment_number),
            coalesce(a.booking_date, a.message_date),
            case when a.status in ('rejected', 'returned') then -p.amount else p.amount end, a.reason_code
        from reimbursement.bank_answers as a
        where a.legal_entity_id = r.legal_entity_id and a.payment_number = p.payment_number and a.is_news
        union all
        select
            v.run_id, 8, 'payment reversal', p.payment_number, v.voucher, v.posting_date, -s.amount,
            case
                when v.not_sent then 'not sent'
                when v.is_rejection then concat_ws(' ', 'rejected', v.return_code)
                else v.return_code
            end
        where v.voucher is not null
    ) as k
    union all
    select v.run_id, 9, 'reversal', r.reimbursement_number, v.voucher, v.posting_date, r.currency, -r.amount,
        null
    from reimbursement.reversals as v
    where v.legal_entity_id = r.legal_entity_id and v.reversed_voucher = r.reimbursement_number
) as x
union all
-- Nettings of credits that no reimbursement of the run cleared, and what undid them; settlements outside of runs of
-- credits that none has cleared since.
select
    n.legal_entity_id, b.customer_account, n.run_id, null, k.run_id, 2, k.step, b.voucher, k.voucher, k.settled_on,
    n.currency, k.amount, null
from reimbursement.settlements as n
cross join lateral (
    select b.customer_account, b.voucher
    from reimbursement.customer_transactions as b
    where b.legal_entity_id = n.legal_entity_id and b.customer_transaction_id = n.debit_transaction_id
        and b.run_id is null
    limit 1
) as b
cross join lateral (
    select
        case when n.run_id is null then 'settlement' else 'netting' end as step, n.run_id, n.voucher, n.settled_on,
        n.amount
    union all
    select 'netting reversal', u.run_id, u.voucher, u.settled_on, u.amount
    from reimbursement.settlements as u
    where u.legal_entity_id = n.legal_entity_id and u.undoes_settlement_id = n.settlement_id
) as k
where n.undoes_settlement_id is null
    and not coalesce(
        (
            select bool_or(d.is_reimbursement)
            from reimbursement.settlements as s
            cross join lateral (
                select d.run_id = s.run_id and d.transaction_type = 'reimbursement' as is_reimbursement
                from reimbursement.customer_transactions as d
                where d.legal_entity_id = n.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
                limit 1
            ) as d
            where s.legal_entity_id = n.legal_entity_id and s.credit_transaction_id = n.credit_transaction_id
                and (s.run_id = n.run_id or (n.run_id is null and s.settlement_id > n.settlement_id)) is true
        ), false
    );

comment on view reimbursement.reimbursement_trace is
'What became of every credit, a row a step: credit, netting, reimbursement, invoice, payment, bank file, answers of the bank, reversals. Read it with trace().';
