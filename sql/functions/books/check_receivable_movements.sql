-- Per run, receivable account, dimension set and currency: the ledger's movement equals the change of the open customer
-- transactions, in the currency and in accounting currency. Settlements outside of runs are compared together.
--
-- A transaction that the run created is open by its amount; a settlement takes its amount off the debit and adds it to
-- the credit.
create or replace function reimbursement.check_receivable_movements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with movements as (
        select
            t.legal_entity_id, t.run_id, t.receivable_account, t.dimension_set_id, t.currency,
            t.amount as open_amount, t.accounting_amount as open_accounting_amount,
            0 as posted_amount, 0 as posted_accounting_amount
        from reimbursement.written_customer_transactions(p_legal_entity_id, p_run_id) as t
        where t.run_id is not null
        union all
        select
            s.legal_entity_id, s.run_id, d.receivable_account, d.dimension_set_id, d.currency,
            -s.amount, -s.debit_accounting_amount, 0, 0
        from reimbursement.written_settlements(p_legal_entity_id, p_run_id) as s
        inner join reimbursement.customer_transactions as d
            on d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
        union all
        select
            s.legal_entity_id, s.run_id, c.receivable_account, c.dimension_set_id, c.currency,
            s.amount, s.credit_accounting_amount, 0, 0
        from reimbursement.written_settlements(p_legal_entity_id, p_run_id) as s
        inner join reimbursement.customer_transactions as c
            on c.legal_entity_id = s.legal_entity_id and c.customer_transaction_id = s.credit_transaction_id
        union all
        select
            e.legal_entity_id, e.run_id, e.ledger_account, e.dimension_set_id, e.currency,
            0, 0, e.amount, e.accounting_amount
        from reimbursement.written_ledger_entries(p_legal_entity_id, p_run_id) as e
        where e.posting_type = 'receivable'
    )
    select
        m.legal_entity_id, 'receivable_movement_equals_open_transactions',
        format('run %s, account %s, dimension set %s, %s', coalesce(m.run_id::text, 'none'), m.receivable_account,
            m.dimension_set_id, m.currency),
        format('%s, accounting %s', sum(m.open_amount), sum(m.open_accounting_amount)),
        format('%s, accounting %s', sum(m.posted_amount), sum(m.posted_accounting_amount))
    from movements as m
    where p_run_id is null or m.run_id = p_run_id
    group by m.legal_entity_id, m.run_id, m.receivable_account, m.dimension_set_id, m.currency
    having sum(m.open_amount) <> sum(m.posted_amount)
        or sum(m.open_accounting_amount) <> sum(m.posted_accounting_amount)
$$;

comment on function reimbursement.check_receivable_movements(text, bigint) is
'Violations: receivable accounts whose ledger movement differs from the change of the open customer transactions.';
