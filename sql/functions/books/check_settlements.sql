-- Per settlement: it ties a debit to a credit of one customer and currency, has the voucher that it names, is not dated
-- before what it touches, and is undone by its exact opposite. A reimbursement clears a credit on the credit's own
-- account and dimension set.
--
-- Each settlement meets its debit and its credit in one outer join: as inner joins the planner may tie debits to
-- credits by legal entity alone, all with all.
create or replace function reimbursement.check_settlements(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with tied as materialized (
        select
            s.legal_entity_id, s.settlement_id, s.currency, s.voucher, s.run_id, s.settled_on, s.debit_transaction_id,
            s.credit_transaction_id, d.amount as debit_amount, d.currency as debit_currency,
            d.customer_account as debit_customer, d.receivable_account as debit_account,
            d.dimension_set_id as debit_dimension_set_id,
            d.run_id is not null and d.transaction_type = 'reimbursement' as is_reimbursement,
            (s.run_id = d.run_id and s.settled_on = d.transaction_date)
            or (s.run_id = c.run_id and s.settled_on = c.transaction_date) as is_of_its_run,
            c.amount as credit_amount, c.currency as credit_currency, c.customer_account as credit_customer,
            c.receivable_account as credit_account, c.dimension_set_id as credit_dimension_set_id,
            greatest(d.transaction_date, c.transaction_date, u.settled_on) as latest_date, s.undoes_settlement_id,
            s.undoes_settlement_id is null or (
                u.debit_transaction_id = s.debit_transaction_id and u.credit_transaction_id = s.credit_transaction_id
                and u.amount = -s.amount and u.debit_accounting_amount = -s.debit_accounting_amount
                and u.credit_accounting_amount = -s.credit_accounting_amount
            ) as is_opposite
        from reimbursement.written_settlements(p_legal_entity_id, p_run_id) as s
        left join reimbursement.customer_transactions as d
            on d.legal_entity_id = s.legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
        left join reimbursement.customer_transactions as c
            on c.legal_entity_id = s.legal_entity_id and c.customer_transaction_id = s.credit_transaction_id
        left join reimbursement.settlements as u
            on u.legal_entity_id = s.legal_entity_id and u.settlement_id = s.undoes_settlement_id
    )
    select
        t.legal_entity_id, 'settlement_ties_debit_to_credit', format('settlement %s', t.settlement_id),
        'a debit and a credit of one customer and currency',
        format('%s %s %s of "%s", %s %s %s of "%s", %s', t.debit_transaction_id, t.debit_amount, t.debit_currency,
            t.debit_customer, t.credit_transaction_id, t.credit_amount, t.credit_currency, t.credit_customer,
            t.currency)
    from tied as t
    where (
        t.debit_amount > 0 and t.credit_amount < 0 and t.debit_customer = t.credit_customer
        and t.debit_currency = t.currency and t.credit_currency = t.currency
    ) is not true
    union all
    select
        t.legal_entity_id, 'reimbursement_clears_the_account_of_its_credit', format('settlement %s', t.settlement_id),
        format('account %s, dimension set %s', t.credit_account, t.credit_dimension_set_id),
        format('account %s, dimension set %s', t.debit_account, t.debit_dimension_set_id)
    from tied as t
    where t.is_reimbursement
        and (t.debit_account, t.debit_dimension_set_id) <> (t.credit_account, t.credit_dimension_set_id)
    union all
    select
        t.legal_entity_id, 'settlement_has_its_voucher', format('settlement %s', t.settlement_id),
        format('voucher %s of run %s', t.voucher, coalesce(t.run_id::text, 'none')), 'no such voucher'
    from tied as t
    where t.voucher is not null
        and not exists (
            select from reimbursement.ledger_entries as e
            where e.legal_entity_id = t.legal_entity_id and e.voucher = t.voucher
                and coalesce(e.run_id, 0) = coalesce(t.run_id, 0)
        )
    union all
    select
        t.legal_entity_id, 'nothing_is_dated_before_what_it_touches', format('settlement %s', t.settlement_id),
        format('on or after %s', t.latest_date), t.settled_on::text
    from tied as t
    where t.settled_on < t.latest_date
    union all
    select
        t.legal_entity_id, 'settlement_is_undone_by_its_opposite', format('settlement %s', t.settlement_id),
        format('the opposite of settlement %s', t.undoes_settlement_id), 'another'
    from tied as t
    where t.is_opposite is not true
    union all
    select
        t.legal_entity_id, 'settlement_is_of_the_run_and_date_of_its_transaction',
        format('settlement %s', t.settlement_id), 'the run and date of the reimbursement or of its reversal',
        format('run %s, %s', t.run_id, t.settled_on)
    from tied as t
    where t.is_reimbursement and t.undoes_settlement_id is null and t.is_of_its_run is not true
$$;

comment on function reimbursement.check_settlements(text, bigint) is
'Violations: settlements that tie the wrong transactions, or are dated before them.';
