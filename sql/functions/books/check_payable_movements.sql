-- Per run, payable account and currency: the ledger's movement equals the change of the open vendor transactions, in
-- the currency and in accounting currency.
--
-- A transaction that the run created is open by its amount; a settlement takes its amount off the debit and adds it to
-- the credit.
create or replace function reimbursement.check_payable_movements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with movements as (
        select
            t.legal_entity_id, t.run_id, t.payable_account, t.currency,
            t.amount as open_amount, t.accounting_amount as open_accounting_amount,
            0 as posted_amount, 0 as posted_accounting_amount
        from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as t
        union all
        select
            s.legal_entity_id, s.run_id, d.payable_account, d.currency, -s.amount, -s.debit_accounting_amount, 0, 0
        from reimbursement.written_vendor_settlements(p_legal_entity_id, p_run_id) as s
        inner join reimbursement.vendor_transactions as d
            on d.legal_entity_id = s.legal_entity_id and d.vendor_transaction_id = s.debit_transaction_id
        union all
        select
            s.legal_entity_id, s.run_id, c.payable_account, c.currency, s.amount, s.credit_accounting_amount, 0, 0
        from reimbursement.written_vendor_settlements(p_legal_entity_id, p_run_id) as s
        inner join reimbursement.vendor_transactions as c
            on c.legal_entity_id = s.legal_entity_id and c.vendor_transaction_id = s.credit_transaction_id
        union all
        select e.legal_entity_id, e.run_id, e.ledger_account, e.currency, 0, 0, e.amount, e.accounting_amount
        from reimbursement.written_ledger_entries(p_legal_entity_id, p_run_id) as e
        where e.posting_type = 'payable'
    )
    select
        m.legal_entity_id, 'payable_movement_equals_open_transactions',
        format('run %s, account %s, %s', m.run_id, m.payable_account, m.currency),
        format('%s, accounting %s', sum(m.open_amount), sum(m.open_accounting_amount)),
        format('%s, accounting %s', sum(m.posted_amount), sum(m.posted_accounting_amount))
    from movements as m
    where p_run_id is null or m.run_id = p_run_id
    group by m.legal_entity_id, m.run_id, m.payable_account, m.currency
    having sum(m.open_amount) <> sum(m.posted_amount)
        or sum(m.open_accounting_amount) <> sum(m.posted_accounting_amount)
$$;

comment on function reimbursement.check_payable_movements(text, bigint) is
'Violations: payable accounts whose ledger movement differs from the change of the open vendor transactions.';
