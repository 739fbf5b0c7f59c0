-- Per run, voucher, payable account and currency: the ledger's movement equals the change of the open vendor
-- transactions, in the currency and in accounting currency.
create or replace function reimbursement.check_payable_movements(p_legal_entity_id text)
returns setof reimbursement.violation
language sql stable
as $$
    with movements as (
        select
            v.legal_entity_id, v.run_id, v.voucher, v.payable_account, v.currency,
            v.open_amount, v.open_accounting_amount,
            0 as posted_amount, 0 as posted_accounting_amount
        from reimbursement.vendor_transactions as v
        union all
        select
            e.legal_entity_id, e.run_id, e.voucher, e.ledger_account, e.currency, 0, 0, e.amount, e.accounting_amount
        from reimbursement.ledger_entries as e
        where e.posting_type = 'payable'
    )
    select
        m.legal_entity_id, 'payable_movement_equals_open_transactions',
        format('run %s, voucher %s, account %s, %s', m.run_id, m.voucher, m.payable_account, m.currency),
        format('%s, accounting %s', sum(m.open_amount), sum(m.open_accounting_amount)),
        format('%s, accounting %s', sum(m.posted_amount), sum(m.posted_accounting_amount))
    from movements as m
    where p_legal_entity_id is null or m.legal_entity_id = p_legal_entity_id
    group by m.legal_entity_id, m.run_id, m.voucher, m.payable_account, m.currency
    having sum(m.open_amount) <> sum(m.posted_amount)
        or sum(m.open_accounting_amount) <> sum(m.posted_accounting_amount)
$$;

comment on function reimbursement.check_payable_movements(text) is
'Violations: vouchers whose movement on payable accounts differs from the open vendor transactions.';
