-- Per customer transaction: what settlements took of it is settled, never more than its amount; exactly so for the
-- transactions that a run created; it was last settled on the day of the latest; and a credit that a reimbursement
-- cleared is closed.
--
-- A loaded transaction may be settled by more than the settlements here: by what it was loaded with.
create or replace function reimbursement.check_settled_amounts(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with settled as materialized (
        select
            t.legal_entity_id, t.customer_transaction_id, t.run_id, t.amount, t.accounting_amount, t.settled_amount,
            t.settled_accounting_amount, t.open_amount, t.open_accounting_amount, t.last_settled_on,
            max(s.settled_on) as settled_on, count(s.amount) as settlements,
            coalesce(sum(s.amount), 0) as taken, coalesce(sum(s.accounting_amount), 0) as accounting_taken,
            coalesce(sum(-s.amount) filter (where d.run_id is not null and d.transaction_type = 'reimbursement'), 0)
            as reimbursed
        from reimbursement.touched_customer_transactions(p_legal_entity_id, p_run_id) as t
        left join (
            select
                d.legal_entity_id, d.debit_transaction_id as customer_transaction_id, d.amount,
                d.debit_accounting_amount as accounting_amount, d.settled_on, null::bigint as debit_transaction_id
            from reimbursement.settlements as d
            union all
            select
                c.legal_entity_id, c.credit_transaction_id, -c.amount, -c.credit_accounting_amount, c.settled_on,
                c.debit_transaction_id
            from reimbursement.settlements as c
        ) as s
            on s.legal_entity_id = t.legal_entity_id and s.customer_transaction_id = t.customer_transaction_id
        left join reimbursement.customer_transactions as d
            on d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
        group by
            t.legal_entity_id, t.customer_transaction_id, t.run_id, t.amount, t.accounting_amount, t.settled_amount,
            t.settled_accounting_amount, t.open_amount, t.open_accounting_amount, t.last_settled_on
    )
    select
        t.legal_entity_id, 'settlements_are_settled', format('customer transaction %s', t.customer_transaction_id),
        format('settled %s, accounting %s', t.taken, t.accounting_taken),
        format('settled %s, accounting %s', t.settled_amount, t.settled_accounting_amount)
    from settled as t
    where t.settlements > 0
        and (
            abs(t.taken) > abs(t.settled_amount) or abs(t.accounting_taken) > abs(t.settled_accounting_amount)
            or t.taken * t.amount < 0
        )
    union all
    select
        t.legal_entity_id, 'never_settled_beyond_amount', format('customer transaction %s', t.customer_transaction_id),
        format('at most %s, accounting %s', t.amount, t.accounting_amount),
        format('settled %s, accounting %s, by settlements %s', t.settled_amount, t.settled_accounting_amount, t.taken)
    from settled as t
    where abs(t.settled_amount) > abs(t.amount) or t.settled_amount * t.amount < 0
        or abs(t.settled_accounting_amount) > abs(t.accounting_amount)
        or abs(t.taken) > abs(t.amount) or abs(t.accounting_taken) > abs(t.accounting_amount)
    union all
    select
        t.legal_entity_id, 'own_transactions_are_settled_by_settlements',
        format('customer transaction %s', t.customer_transaction_id),
        format('settled %s, accounting %s', t.taken, t.accounting_taken),
        format('settled %s, accounting %s', t.settled_amount, t.settled_accounting_amount)
    from settled as t
    where t.run_id is not null
        and (t.taken <> t.settled_amount or t.accounting_taken <> t.settled_accounting_amount)
    union all
    select
        t.legal_entity_id, 'reimbursed_credits_are_closed', format('customer transaction %s', t.customer_transaction_id),
        'open 0, accounting 0', format('open %s, accounting %s', t.open_amount, t.open_accounting_amount)
    from settled as t
    where t.reimbursed > 0 and (t.open_amount <> 0 or t.open_accounting_amount <> 0)
    union all
    select
        t.legal_entity_id, 'last_settlement_date_is_of_a_settlement',
        format('customer transaction %s', t.customer_transaction_id),
        format('last settled on %s', coalesce(t.settled_on::text, 'no day')),
        coalesce(t.last_settled_on::text, 'no day')
    from settled as t
    where t.settled_on is distinct from t.last_settled_on
$$;

comment on function reimbursement.check_settled_amounts(text, bigint) is
'Violations: customer transactions whose settled amounts or dates differ from their settlements, or exceed their amount.';
