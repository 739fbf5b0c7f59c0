-- Per customer transaction: what settlements took of it is settled, never more than its amount; exactly so for the
-- transactions that a run created; and a credit that a reimbursement cleared is closed.
--
-- A loaded transaction may be settled by more than the settlements here: by what it was loaded with.
create or replace function reimbursement.check_settled_amounts(p_legal_entity_id text)
returns setof reimbursement.violation
language sql stable
as $$
    with taken as (
        select
            s.legal_entity_id, s.customer_transaction_id,
            sum(s.amount) as amount, sum(s.accounting_amount) as accounting_amount, sum(s.reimbursed) as reimbursed
        from (
            select
                d.legal_entity_id, d.debit_transaction_id as customer_transaction_id, d.amount,
                d.debit_accounting_amount as accounting_amount, 0 as reimbursed
            from reimbursement.settlements as d
            union all
            select
                c.legal_entity_id, c.credit_transaction_id, -c.amount, -c.credit_accounting_amount,
                case when t.run_id is not null and t.transaction_type = 'reimbursement' then c.amount else 0 end
            from reimbursement.settlements as c
            left join reimbursement.customer_transactions as t
                on t.legal_entity_id = c.legal_entity_id and t.customer_transaction_id = c.debit_transaction_id
        ) as s
        where p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id
        group by s.legal_entity_id, s.customer_transaction_id
    )
    select
        t.legal_entity_id, 'settlements_are_settled', format('customer transaction %s', t.customer_transaction_id),
        format('settled %s, accounting %s', k.amount, k.accounting_amount),
        format('settled %s, accounting %s', t.settled_amount, t.settled_accounting_amount)
    from taken as k
    inner join reimbursement.customer_transactions as t
        on t.legal_entity_id = k.legal_entity_id and t.customer_transaction_id = k.customer_transaction_id
    where abs(k.amount) > abs(t.settled_amount) or abs(k.accounting_amount) > abs(t.settled_accounting_amount)
        or k.amount * t.amount < 0
    union all
    select
        t.legal_entity_id, 'never_settled_beyond_amount', format('customer transaction %s', t.customer_transaction_id),
        format('at most %s, accounting %s', t.amount, t.accounting_amount),
        format('settled %s, accounting %s, by settlements %s', t.settled_amount, t.settled_accounting_amount,
            coalesce(k.amount, 0))
    from reimbursement.customer_transactions as t
    left join taken as k
        on k.legal_entity_id = t.legal_entity_id and k.customer_transaction_id = t.customer_transaction_id
    where (p_legal_entity_id is null or t.legal_entity_id = p_legal_entity_id)
        and (
            abs(t.settled_amount) > abs(t.amount) or t.settled_amount * t.amount < 0
            or abs(t.settled_accounting_amount) > abs(t.accounting_amount)
            or abs(k.amount) > abs(t.amount) or abs(k.accounting_amount) > abs(t.accounting_amount)
        )
    union all
    select
        t.legal_entity_id, 'own_transactions_are_settled_by_settlements',
        format('customer transaction %s', t.customer_transaction_id),
        format('settled %s, accounting %s', coalesce(k.amount, 0), coalesce(k.accounting_amount, 0)),
        format('settled %s, accounting %s', t.settled_amount, t.settled_accounting_amount)
    from reimbursement.customer_transactions as t
    left join taken as k
        on k.legal_entity_id = t.legal_entity_id and k.customer_transaction_id = t.customer_transaction_id
    where (p_legal_entity_id is null or t.legal_entity_id = p_legal_entity_id)
        and t.run_id is not null
        and (
            coalesce(k.amount, 0) <> t.settled_amount
            or coalesce(k.accounting_amount, 0) <> t.settled_accounting_amount
        )
    union all
    select
        t.legal_entity_id, 'reimbursed_credits_are_closed', format('customer transaction %s', t.customer_transaction_id),
        'open 0, accounting 0', format('open %s, accounting %s', t.open_amount, t.open_accounting_amount)
    from taken as k
    inner join reimbursement.customer_transactions as t
        on t.legal_entity_id = k.legal_entity_id and t.customer_transaction_id = k.customer_transaction_id
    where k.reimbursed > 0 and (t.open_amount <> 0 or t.open_accounting_amount <> 0)
$$;

comment on function reimbursement.check_settled_amounts(text) is
'Violations: customer transactions whose settled amounts differ from their settlements or exceed their amount.';
