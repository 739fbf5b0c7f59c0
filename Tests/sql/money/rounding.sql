-- Rounding to the minor unit of the currency, half away from zero, once; parts that add up.
select plan(20);

select is(reimbursement.minor_unit('JPY'), 0, 'the yen has no decimals');
select is(reimbursement.minor_unit('EUR'), 2, 'the euro has two');
select is(reimbursement.minor_unit('KWD'), 3, 'the Kuwaiti dinar has three');
select is(reimbursement.minor_unit('XXX'), null, 'what is no currency has none');

-- Into each accounting currency: 1 unit at a rate that ends in a half.
create function pg_temp.accounting_amount(accounting_currency text, amount numeric, currency text, rate numeric)
returns numeric
language plpgsql
as $$
declare
    v_entity constant text := 'E' || (select count(*) from reimbursement.legal_entities);
begin
    perform test.company(accounting_currency => accounting_amount.accounting_currency, legal_entity_id => v_entity);
    perform test.rate(accounting_amount.currency, accounting_amount.rate, legal_entity_id => v_entity);
    perform test.credit('ANN', accounting_amount.amount, accounting_amount.currency, legal_entity_id => v_entity);
    perform test.reimburse(legal_entity_id => v_entity);
    return (select r.accounting_amount from reimbursement.reimbursement_report as r where r.legal_entity_id = v_entity);
end
$$;
select is(pg_temp.accounting_amount('JPY', 1, 'EUR', 162.5), 163.0, 'EUR 1 at 162.5 is JPY 163: half away from zero');
select is(pg_temp.accounting_amount('JPY', 1, 'EUR', 163.5), 164.0, 'and at 163.5 JPY 164: not half to even');
select is(pg_temp.accounting_amount('EUR', 1, 'USD', 0.125), 0.13, 'USD 1 at 0.125 is EUR 0.13');
select is(pg_temp.accounting_amount('EUR', 3, 'JPY', 0.0049), 0.01, 'JPY 3 at 0.0049 is EUR 0.01');
select is(pg_temp.accounting_amount('KWD', 1, 'EUR', 0.3345), 0.335, 'EUR 1 at 0.3345 is KWD 0.335');
select is(pg_temp.accounting_amount('USD', 1.005, 'KWD', 1), 1.01, 'KWD 1.005 at 1 is USD 1.01');
select is(pg_temp.accounting_amount('USD', 1, 'JPY', 0.004), 0.00, 'what is worth less than half a cent is worth nothing');

-- The total of a group is rounded once, not credit by credit.
select test.company(legal_entity_id => 'ONCE');
select test.rate('JPY', 0.004, legal_entity_id => 'ONCE');
select test.credit('ANN', 1, 'JPY', accounting_amount => 0, legal_entity_id => 'ONCE') from generate_series(1, 10);
select test.reimburse(legal_entity_id => 'ONCE');
select results_eq(
    $$ select amount, accounting_amount from reimbursement.reimbursement_report where legal_entity_id = 'ONCE' $$,
    $$ values (10::numeric, 0.04) $$, 'ten times JPY 1 at 0.004 is 0.04, not ten times 0.00');
select results_eq(
    $$ select * from test.voucher('RMB-00000001', 'ONCE') $$,
    $$ values ('130100', null, 10::numeric, 0.00), ('200100', null, -10, -0.04), ('801500', null, 0, 0.04) $$,
    'what rounding makes of it is realized loss');

-- The payable lines have their shares by cumulative rounding.
select test.company(legal_entity_id => 'SHARE');
select test.rate('EUR', 0.335, legal_entity_id => 'SHARE');
select test.credit('ANN', 1, 'EUR', dimensions => d.dimensions, accounting_amount => 0.33, legal_entity_id => 'SHARE')
from (values (jsonb '{"Department": "1"}'), ('{"Department": "2"}'), ('{"Department": "3"}')) as d (dimensions);
select test.reimburse(legal_entity_id => 'SHARE');
select results_eq(
    $$ select department, accounting_amount from test.voucher('RMB-00000001', 'SHARE')
    where ledger_account = '200100' order by department $$,
    $$ values ('1', -0.34), ('2', -0.33), ('3', -0.34) $$,
    '1.01 in three equal shares: 0.34, then 0.67 in all, then 1.01');
select is(
    (
        select sum(-accounting_amount) from test.voucher('RMB-00000001', 'SHARE')
        where ledger_account = '200100'
    ),
    1.01, 'which is the accounting amount of EUR 3 at 0.335, rounded once');

-- The minimum: each currency's total is converted and rounded once, then they are added.
select test.company(minimum_reimbursement => 0.02, legal_entity_id => 'MINIMUM');
select test.rate('JPY', 0.005, legal_entity_id => 'MINIMUM');
select test.rate('KRW', 0.005, legal_entity_id => 'MINIMUM');
select test.credit('ROUNDED-UP', 1, 'JPY', legal_entity_id => 'MINIMUM');
select test.credit('ROUNDED-UP', 1, 'KRW', legal_entity_id => 'MINIMUM');
select test.credit('ONE-CURRENCY', 1, 'JPY', legal_entity_id => 'MINIMUM') from generate_series(1, 2);
select test.credit('ROUNDED-TO-ENOUGH', 3, 'JPY', legal_entity_id => 'MINIMUM');
select test.reimburse(legal_entity_id => 'MINIMUM');
select is(test.fate('ROUNDED-UP'), 'reimbursed', 'two currencies of half a cent each are two cents, rounded apart');
select is(test.fate('ONE-CURRENCY'), 'below_minimum', 'two credits of half a cent in one currency are one cent');
select is(test.fate('ROUNDED-TO-ENOUGH'), 'reimbursed', 'a cent and a half is rounded to two before it is compared');

-- A quotient that is cut short must not be rounded up to a half, and the half up again.
select is(
    reimbursement.prorate(1, 49999999999999999999999999, 100000000000000000000000000, 'JPY'), 0::numeric,
    'a share just under a half is rounded down');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
