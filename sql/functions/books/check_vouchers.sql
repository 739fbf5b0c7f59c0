-- Per voucher: debits equal credits, per currency and in accounting currency, a reimbursement's also in each dimension
-- set; one posting date, one run, one currency; it belongs to a reimbursement, a settlement, a payment, a reversal
-- or what a bank booked; and only a reversal debits a gain or credits a loss.
create or replace function reimbursement.check_vouchers(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with entries as materialized (
        select
            x.legal_entity_id, x.voucher, x.line_number, x.run_id, x.posting_date, x.posting_type, x.dimension_set_id,
            x.currency, x.amount, x.accounting_amount
        from reimbursement.written_ledger_entries(p_legal_entity_id, p_run_id) as x
    )
    select e.legal_entity_id, 'voucher_balances', format('voucher %s, %s', e.voucher, e.currency), '0', sum(e.amount)::text
    from entries as e
    group by e.legal_entity_id, e.voucher, e.currency
    having sum(e.amount) <> 0
    union all
    select
        e.legal_entity_id, 'voucher_balances_in_accounting_currency', format('voucher %s', e.voucher), '0',
        sum(e.accounting_amount)::text
    from entries as e
    group by e.legal_entity_id, e.voucher
    having sum(e.accounting_amount) <> 0
    union all
    select
        e.legal_entity_id, 'voucher_has_one_date_run_and_currency', format('voucher %s', e.voucher),
        '1 posting date, 1 run, 1 currency',
        format('%s posting dates, %s runs, %s currencies', count(distinct e.posting_date),
            count(distinct coalesce(e.run_id, 0)), count(distinct e.currency))
    from entries as e
    group by e.legal_entity_id, e.voucher
    having count(distinct e.posting_date) > 1 or count(distinct coalesce(e.run_id, 0)) > 1
        or count(distinct e.currency) > 1
    union all
    select
        e.legal_entity_id, 'reimbursement_voucher_balances_in_each_dimension_set',
        format('voucher %s, dimension set %s', e.voucher, e.dimension_set_id), '0, accounting 0',
        format('%s, accounting %s', sum(e.amount), sum(e.accounting_amount))
    from entries as e
    inner join reimbursement.reimbursements as r
        on r.legal_entity_id = e.legal_entity_id and r.reimbursement_number = e.voucher
    group by e.legal_entity_id, e.voucher, e.dimension_set_id
    having sum(e.amount) <> 0 or sum(e.accounting_amount) <> 0
    union all
    select
        e.legal_entity_id, 'voucher_has_its_document', format('voucher %s', e.voucher),
        'a reimbursement, a settlement, a payment, a reversal or what a bank booked', 'none'
    from entries as e
    where not exists (
        select from reimbursement.reimbursements as r
        where r.legal_entity_id = e.legal_entity_id and r.reimbursement_number = e.voucher
    )
        and not exists (
            select from reimbursement.settlements as s
            where s.legal_entity_id = e.legal_entity_id and s.voucher = e.voucher
        )
        and not exists (
            select from reimbursement.payments as p
            where p.legal_entity_id = e.legal_entity_id and p.payment_number = e.voucher
        )
        and not exists (
            select from reimbursement.reversals as v
            where v.legal_entity_id = e.legal_entity_id and v.voucher = e.voucher
        )
        and not exists (
            select from reimbursement.bank_entries as b
            where b.legal_entity_id = e.legal_entity_id and b.voucher = e.voucher
        )
    group by e.legal_entity_id, e.voucher
    union all
    select
        e.legal_entity_id, 'gain_and_loss_have_their_signs', format('voucher %s, line %s', e.voucher, e.line_number),
        format('%s %s', e.posting_type, case e.posting_type when 'realized_gain' then 'below 0' else 'above 0' end),
        e.accounting_amount::text
    from entries as e
    where (
        (e.posting_type = 'realized_gain' and e.accounting_amount > 0)
        or (e.posting_type = 'realized_loss' and e.accounting_amount < 0)
    )
        and not exists (
            select from reimbursement.reversals as v
            where v.legal_entity_id = e.legal_entity_id and v.voucher = e.voucher
        )
$$;

comment on function reimbursement.check_vouchers(text, bigint) is
'Violations: vouchers that do not balance, have two dates or runs, or belong to nothing.';
