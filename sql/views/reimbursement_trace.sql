-- What became of every credit: a row a step, from the credits that a reimbursement cleared to the bank, and back.
--
-- run_id is the run that did the step, so that a chain is in the order of (reimbursement_run_id, reimbursement_number,
-- run_id, step_number). Amounts have the signs of the subledgers: debits are positive, credits negative. A netting of a
-- customer who was not reimbursed for it has no reimbursement_number.
-- Every branch begins with one reimbursement or one run, and goes on by keys. A run is compared with IS TRUE, which no
-- index serves: without statistics the planner would read all that a run settled, for each of its settlements.
create or replace view reimbursement.reimbursement_trace as
select
    r.legal_entity_id,
    r.customer_account,
    r.run_id as reimbursement_run_id,
    r.reimbursement_number,
    r.run_id,
    1 as step_number,
    'credit' as step,
    c.voucher as reference,
    c.voucher,
    c.transaction_date as date,
    c.currency,
    -(
        -- What the run took of it, netted or reimbursed.
        select sum(n.amount)
        from reimbursement.settlements as n
        where n.legal_entity_id = r.legal_entity_id and n.credit_transaction_id = s.credit_transaction_id
            and (n.run_id = r.run_id) is true
    ) as amount
from reimbursement.reimbursements as r
inner join reimbursement.customer_transactions as d
    on d.legal_entity_id = r.legal_entity_id and d.run_id = r.run_id and d.voucher = r.reimbursement_number
inner join reimbursement.settlements as s
    on s.legal_entity_id = r.legal_entity_id and s.debit_transaction_id = d.customer_transaction_id
        and (s.run_id = r.run_id) is true
inner join reimbursement.customer_transactions as c
    on c.legal_entity_id = r.legal_entity_id and c.customer_transaction_id = s.credit_transaction_id
union all
-- Nettings of the credits that the reimbursement cleared the rest of, and what undid them.
select
    r.legal_entity_id, r.customer_account, r.run_id, r.reimbursement_number, x.run_id, 2, x.step, b.voucher, x.voucher,
    x.settled_on, x.currency, x.amount
from reimbursement.reimbursements as r
inner join reimbursement.customer_transactions as d
    on d.legal_entity_id = r.legal_entity_id and d.run_id = r.run_id and d.voucher = r.reimbursement_number
inner join reimbursement.settlements as s
    on s.legal_entity_id = r.legal_entity_id and s.debit_transaction_id = d.customer_transaction_id
        and (s.run_id = r.run_id) is true
inner join reimbursement.settlements as n
    on n.legal_entity_id = r.legal_entity_id and n.credit_transaction_id = s.credit_transaction_id
        and (n.run_id = r.run_id) is true and n.debit_transaction_id <> s.debit_transaction_id
inner join reimbursement.customer_transactions as b
    on b.legal_entity_id = r.legal_entity_id and b.customer_transaction_id = n.debit_transaction_id
left join reimbursement.settlements as u
    on u.legal_entity_id = r.legal_entity_id and u.undoes_settlement_id = n.settlement_id
cross join lateral (
    values
    ('netting', n.run_id, n.voucher, n.settled_on, n.currency, n.amount),
    ('netting reversal', u.run_id, u.voucher, u.settled_on, u.currency, u.amount)
) as x (step, run_id, voucher, settled_on, currency, amount)
where x.run_id is not null
union all
select
    r.legal_entity_id, r.customer_account, r.run_id, r.reimbursement_number, r.run_id, 3, 'reimbursement',
    r.reimbursement_number, r.reimbursement_number, r.posting_date, r.currency, r.amount
from reimbursement.reimbursements as r
union all
select
    r.legal_entity_id, r.customer_account, r.run_id, r.reimbursement_number, r.run_id, 4, 'invoice',
    r.invoice_number, r.reimbursement_number, r.posting_date, r.currency, -r.amount
from reimbursement.reimbursements as r
union all
-- Payments of the invoice.
select
    r.legal_entity_id, r.customer_account, r.run_id, r.reimbursement_number, p.run_id, 5, 'payment',
    p.payment_number, p.payment_number, p.payment_date, p.currency, s.amount
from reimbursement.reimbursements as r
inner join reimbursement.vendor_transactions as i
    on i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number and i.transaction_type = 'invoice'
inner join reimbursement.vendor_settlements as s
    on s.legal_entity_id = r.legal_entity_id and s.credit_transaction_id = i.vendor_transaction_id
        and s.undoes_vendor_settlement_id is null
inner join reimbursement.vendor_transactions as t
    on t.legal_entity_id = r.legal_entity_id and t.vendor_transaction_id = s.debit_transaction_id
inner join reimbursement.payments as p
    on p.legal_entity_id = r.legal_entity_id and p.payment_number = t.voucher
union all
-- The bank files that the payments are in.
select
    r.legal_entity_id, r.customer_account, r.run_id, r.reimbursement_number, p.run_id, 6, 'bank file',
    f.message_id, p.payment_number, (f.created_at at time zone 'UTC')::date, p.currency, p.amount
from reimbursement.reimbursements as r
inner join reimbursement.vendor_transactions as i
    on i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number and i.transaction_type = 'invoice'
inner join reimbursement.vendor_settlements as s
    on s.legal_entity_id = r.legal_entity_id and s.credit_transaction_id = i.vendor_transaction_id
        and s.undoes_vendor_settlement_id is null
inner join reimbursement.vendor_transactions as t
    on t.legal_entity_id = r.legal_entity_id and t.vendor_transaction_id = s.debit_transaction_id
inner join reimbursement.payments as p
    on p.legal_entity_id = r.legal_entity_id and p.payment_number = t.voucher and p.is_transfer
inner join reimbursement.payment_files as f
    on f.legal_entity_id = r.legal_entity_id and f.run_id = p.run_id and f.bank_account = p.bank_account
        and f.format = 'pain.001.001.09'
where not exists (
    select from reimbursement.reversals as v
    where v.legal_entity_id = r.legal_entity_id and v.reversed_voucher = p.payment_number and not v.in_bank_file
)
union all
-- Payments that were taken back.
select
    r.legal_entity_id, r.customer_account, r.run_id, r.reimbursement_number, v.run_id, 7, 'payment reversal',
    v.reversed_voucher, v.voucher, v.posting_date, s.currency, -s.amount
from reimbursement.reimbursements as r
inner join reimbursement.vendor_transactions as i
    on i.legal_entity_id = r.legal_entity_id and i.invoice_number = r.invoice_number and i.transaction_type = 'invoice'
inner join reimbursement.vendor_settlements as s
    on s.legal_entity_id = r.legal_entity_id and s.credit_transaction_id = i.vendor_transaction_id
        and s.undoes_vendor_settlement_id is null
inner join reimbursement.vendor_transactions as t
    on t.legal_entity_id = r.legal_entity_id and t.vendor_transaction_id = s.debit_transaction_id
inner join reimbursement.reversals as v
    on v.legal_entity_id = r.legal_entity_id and v.reversed_voucher = t.voucher
union all
-- The reimbursement taken back.
select
    r.legal_entity_id, r.customer_account, r.run_id, r.reimbursement_number, v.run_id, 8, 'reversal',
    v.reversed_voucher, v.voucher, v.posting_date, r.currency, -r.amount
from reimbursement.reimbursements as r
inner join reimbursement.reversals as v
    on v.legal_entity_id = r.legal_entity_id and v.reversed_voucher = r.reimbursement_number
union all
-- Nettings of credits that no reimbursement of the run cleared, and what undid them.
select
    n.legal_entity_id, b.customer_account, n.run_id, null, x.run_id, 2, x.step, b.voucher, x.voucher, x.settled_on,
    x.currency, x.amount
from reimbursement.settlements as n
inner join reimbursement.customer_transactions as b
    on b.legal_entity_id = n.legal_entity_id and b.customer_transaction_id = n.debit_transaction_id
        and b.run_id is null
left join reimbursement.settlements as u
    on u.legal_entity_id = n.legal_entity_id and u.undoes_settlement_id = n.settlement_id
cross join lateral (
    values
    ('netting', n.run_id, n.voucher, n.settled_on, n.currency, n.amount),
    ('netting reversal', u.run_id, u.voucher, u.settled_on, u.currency, u.amount)
) as x (step, run_id, voucher, settled_on, currency, amount)
where n.undoes_settlement_id is null and x.run_id is not null
    and not exists (
        select from reimbursement.settlements as s
        inner join reimbursement.customer_transactions as d
            on d.legal_entity_id = n.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
                and (d.run_id = s.run_id and d.transaction_type = 'reimbursement') is true
        where s.legal_entity_id = n.legal_entity_id and s.credit_transaction_id = n.credit_transaction_id
            and (s.run_id = n.run_id) is true
    );

comment on view reimbursement.reimbursement_trace is
'What became of every credit, a row a step: credit, netting, reimbursement, invoice, payment, bank file, reversals. Read it with trace().';
