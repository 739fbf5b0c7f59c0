-- Per settlement: it ties a debit to a credit of one customer and currency, has the voucher that it names, and is not
-- dated before what it touches. A reimbursement clears a credit on the credit's own account and dimension set.
create or replace function reimbursement.check_settlements(p_legal_entity_id text)
returns setof reimbursement.violation
language sql stable
as $$
    select
        s.legal_entity_id, 'settlement_ties_debit_to_credit', format('settlement %s', s.settlement_id),
        'a debit and a credit of one customer and currency',
        format('%s %s %s of "%s", %s %s %s of "%s", %s', s.debit_transaction_id, d.amount, d.currency, d.customer_account,
            s.credit_transaction_id, c.amount, c.currency, c.customer_account, s.currency)
    from reimbursement.settlements as s
    left join reimbursement.customer_transactions as d
        on d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
    left join reimbursement.customer_transactions as c
        on c.legal_entity_id = s.legal_entity_id and c.customer_transaction_id = s.credit_transaction_id
    where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
        and (
            d.amount > 0 and c.amount < 0 and d.customer_account = c.customer_account
            and d.currency = s.currency and c.currency = s.currency
        ) is not true
    union all
    select
        s.legal_entity_id, 'reimbursement_clears_the_account_of_its_credit', format('settlement %s', s.settlement_id),
        format('account %s, dimension set %s', c.receivable_account, c.dimension_set_id),
        format('account %s, dimension set %s', d.receivable_account, d.dimension_set_id)
    from reimbursement.settlements as s
    inner join reimbursement.customer_transactions as d
        on d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
    inner join reimbursement.customer_transactions as c
        on c.legal_entity_id = s.legal_entity_id and c.customer_transaction_id = s.credit_transaction_id
    where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
        and d.run_id is not null and d.transaction_type = 'reimbursement'
        and (d.receivable_account, d.dimension_set_id) <> (c.receivable_account, c.dimension_set_id)
    union all
    select
        s.legal_entity_id, 'settlement_has_its_voucher', format('settlement %s', s.settlement_id),
        format('voucher %s of run %s', s.voucher, coalesce(s.run_id::text, 'none')), 'no such voucher'
    from reimbursement.settlements as s
    where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
        and s.voucher is not null
        and not exists (
            select from reimbursement.ledger_entries as e
            where e.legal_entity_id = s.legal_entity_id and e.voucher = s.voucher
                and coalesce(e.run_id, 0) = coalesce(s.run_id, 0)
        )
    union all
    select
        s.legal_entity_id, 'nothing_is_dated_before_what_it_touches', format('settlement %s', s.settlement_id),
        format('on or after %s', greatest(d.transaction_date, c.transaction_date)), s.settled_on::text
    from reimbursement.settlements as s
    inner join reimbursement.customer_transactions as d
        on d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
    inner join reimbursement.customer_transactions as c
        on c.legal_entity_id = s.legal_entity_id and c.customer_transaction_id = s.credit_transaction_id
    where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
        and s.settled_on < greatest(d.transaction_date, c.transaction_date)
    union all
    select
        t.legal_entity_id, 'last_settlement_date_is_of_a_settlement',
        format('customer transaction %s', t.customer_transaction_id),
        format('last settled on %s', coalesce(max(s.settled_on)::text, 'no day')),
        coalesce(t.last_settled_on::text, 'no day')
    from reimbursement.customer_transactions as t
    left join (
        select d.legal_entity_id, d.debit_transaction_id as customer_transaction_id, d.settled_on
        from reimbursement.settlements as d
        union all
        select c.legal_entity_id, c.credit_transaction_id, c.settled_on
        from reimbursement.settlements as c
    ) as s
        on s.legal_entity_id = t.legal_entity_id and s.customer_transaction_id = t.customer_transaction_id
    where (p_legal_entity_id is null or t.legal_entity_id = p_legal_entity_id)
        and (t.last_settled_on is not null or s.settled_on is not null)
    group by t.legal_entity_id, t.customer_transaction_id, t.last_settled_on
    having max(s.settled_on) is distinct from t.last_settled_on
$$;

comment on function reimbursement.check_settlements(text) is
'Violations: settlements that tie the wrong transactions, or are dated before them.';
