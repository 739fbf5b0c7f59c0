-- Per settlement of vendor transactions: it ties a debit to a credit of one vendor and currency, is not dated before
-- what it touches, has the run and the date of the transaction that settles, and is undone by its exact opposite. Per
-- vendor transaction: it is settled by its settlements, by exactly what they say, wholly or not at all, and only an
-- invoice can be open.
create or replace function reimbursement.check_vendor_settlements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with tied as materialized (
        select
            s.*, d.amount as debit_amount, d.currency as debit_currency, d.vendor_account as debit_vendor,
            c.amount as credit_amount, c.currency as credit_currency, c.vendor_account as credit_vendor,
            greatest(d.transaction_date, c.transaction_date, u.settled_on) as latest_date,
            (s.run_id = d.run_id and s.settled_on = d.transaction_date)
            or (s.run_id = c.run_id and s.settled_on = c.transaction_date) as is_of_its_run,
            s.undoes_vendor_settlement_id is null or (
                u.debit_transaction_id = s.debit_transaction_id and u.credit_transaction_id = s.credit_transaction_id
                and u.amount = -s.amount and u.debit_accounting_amount = -s.debit_accounting_amount
                and u.credit_accounting_amount = -s.credit_accounting_amount
            ) as is_opposite
        from reimbursement.written_vendor_settlements(p_legal_entity_id, p_run_id) as s
        left join reimbursement.vendor_transactions as d
            on d.legal_entity_id = s.legal_entity_id and d.vendor_transaction_id = s.debit_transaction_id
        left join reimbursement.vendor_transactions as c
            on c.legal_entity_id = s.legal_entity_id and c.vendor_transaction_id = s.credit_transaction_id
        left join reimbursement.vendor_settlements as u
            on u.legal_entity_id = s.legal_entity_id and u.vendor_settlement_id = s.undoes_vendor_settlement_id
    ),
    settled as materialized (
        select
            t.legal_entity_id, t.vendor_transaction_id, t.transaction_type, t.amount, t.settled_amount,
            t.settled_accounting_amount, t.last_settled_on, coalesce(sum(s.amount), 0) as taken,
            coalesce(sum(s.accounting_amount), 0) as accounting_taken, max(s.settled_on) as settled_on
        from reimbursement.touched_vendor_transactions(p_legal_entity_id, p_run_id) as t
        left join (
            select
                d.legal_entity_id, d.debit_transaction_id as vendor_transaction_id, d.amount,
                d.debit_accounting_amount as accounting_amount, d.settled_on
            from reimbursement.vendor_settlements as d
            union all
            select c.legal_entity_id, c.credit_transaction_id, -c.amount, -c.credit_accounting_amount, c.settled_on
            from reimbursement.vendor_settlements as c
        ) as s
            on s.legal_entity_id = t.legal_entity_id and s.vendor_transaction_id = t.vendor_transaction_id
        group by
            t.legal_entity_id, t.vendor_transaction_id, t.transaction_type, t.amount, t.settled_amount,
            t.settled_accounting_amount, t.last_settled_on
    )
    select
        t.legal_entity_id, 'vendor_settlement_ties_debit_to_credit',
        format('vendor settlement %s', t.vendor_settlement_id), 'a debit and a credit of one vendor and currency',
        format('%s %s %s of "%s", %s %s %s of "%s", %s', t.debit_transaction_id, t.debit_amount, t.debit_currency,
            t.debit_vendor, t.credit_transaction_id, t.credit_amount, t.credit_currency, t.credit_vendor, t.currency)
    from tied as t
    where (
        t.debit_amount > 0 and t.credit_amount < 0 and t.debit_vendor = t.credit_vendor
        and t.debit_currency = t.currency and t.credit_currency = t.currency
    ) is not true
    union all
    select
        t.legal_entity_id, 'nothing_is_dated_before_what_it_touches',
        format('vendor settlement %s', t.vendor_settlement_id), format('on or after %s', t.latest_date),
        t.settled_on::text
    from tied as t
    where t.settled_on < t.latest_date
    union all
    select
        t.legal_entity_id, 'settlement_is_undone_by_its_opposite',
        format('vendor settlement %s', t.vendor_settlement_id),
        format('the opposite of vendor settlement %s', t.undoes_vendor_settlement_id),
        format('%s, accounting %s and %s', t.amount, t.debit_accounting_amount, t.credit_accounting_amount)
    from tied as t
    where t.is_opposite is not true
    union all
    select
        t.legal_entity_id, 'settlement_is_of_the_run_and_date_of_its_transaction',
        format('vendor settlement %s', t.vendor_settlement_id), 'the run and date of its debit or its credit',
        format('run %s, %s', t.run_id, t.settled_on)
    from tied as t
    where t.undoes_vendor_settlement_id is null and t.is_of_its_run is not true
    union all
    select
        t.legal_entity_id, 'vendor_transactions_are_settled_by_settlements',
        format('vendor transaction %s', t.vendor_transaction_id),
        format('settled %s, accounting %s, last on %s', t.taken, t.accounting_taken,
            coalesce(t.settled_on::text, 'no day')),
        format('settled %s, accounting %s, last on %s', t.settled_amount, t.settled_accounting_amount,
            coalesce(t.last_settled_on::text, 'no day'))
    from settled as t
    where t.taken <> t.settled_amount or t.accounting_taken <> t.settled_accounting_amount
        or t.settled_on is distinct from t.last_settled_on
    union all
    select
        t.legal_entity_id, 'vendor_transactions_are_settled_wholly',
        format('vendor transaction %s', t.vendor_transaction_id),
        format('settled %s%s', t.amount, case when t.transaction_type = 'invoice' then ', or open' end),
        format('settled %s', t.settled_amount)
    from settled as t
    where t.settled_amount <> t.amount
        and (t.transaction_type <> 'invoice' or t.settled_amount <> 0)
$$;

comment on function reimbursement.check_vendor_settlements(text, bigint) is
'Violations: vendor transactions that are settled otherwise than their settlements say, or settlements that tie the wrong ones.';
