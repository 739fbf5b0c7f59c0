-- A payment is at the payment date's rate: what differs from the invoice is realized exchange gain or loss.
select plan(31);

-- What the only payment of a company posts.
create function pg_temp.posted(legal_entity_id text)
returns table (ledger_account text, department text, amount numeric, accounting_amount numeric)
language sql
as $$
    select v.* from test.voucher('PAY-00000001', posted.legal_entity_id) as v
$$;
-- A company with the invoice of one credit of 30 June, paid on 15 July; a rate for each of the two days.
create function pg_temp.paid(
    legal_entity_id text, amount numeric, currency text, invoice_rate numeric, payment_rate numeric,
    accounting_currency text default 'USD', dimensions jsonb default '{}', bridging_account text default null
) returns void
language sql
as $$
    select test.company(accounting_currency => paid.accounting_currency, legal_entity_id => paid.legal_entity_id);
    select test.bank_account(
        currency => paid.currency, bridging_account => paid.bridging_account, legal_entity_id => paid.legal_entity_id);
    select test.rate(paid.currency, paid.invoice_rate, legal_entity_id => paid.legal_entity_id);
    select test.rate(paid.currency, paid.payment_rate, '2025-07-15', paid.legal_entity_id);
    select test.payee(
        'ANN', paid.amount, paid.currency, dimensions => paid.dimensions, legal_entity_id => paid.legal_entity_id);
    select test.reimburse(legal_entity_id => paid.legal_entity_id);
    select test.pay(legal_entity_id => paid.legal_entity_id)
$$;

-- Gain: 100 EUR were owed at 1.2 and are paid at 1.1.
select pg_temp.paid('GAIN', 100, 'EUR', 1.2, 1.1, dimensions => '{"Department": "010"}');
select results_eq(
    $$ select * from pg_temp.posted('GAIN') $$,
    $$ values
    ('200100', '010', 100.00, 120.00), ('110110', null, -100.00, -110.00), ('801400', null, 0.00, -10.00) $$,
    'less is paid than was owed: a gain, in no dimension set');
select results_eq(
    $$ select exchange_rate, accounting_amount from reimbursement.payments where legal_entity_id = 'GAIN' $$,
    $$ values (1.1, 110.00) $$, 'the payment keeps its rate');
select results_eq(
    $$ select transaction_type, amount, accounting_amount, open_amount, open_accounting_amount
    from reimbursement.vendor_transactions where legal_entity_id = 'GAIN' order by vendor_transaction_id $$,
    $$ values ('invoice', -100.00, -120.00, 0.00, 0.00), ('payment', 100.00, 110.00, 0.00, 0.00) $$,
    'the vendor''s payment has the payment''s accounting amount, and nothing is open in either currency');
select results_eq(
    $$ select amount, debit_accounting_amount, credit_accounting_amount from reimbursement.vendor_settlements
    where legal_entity_id = 'GAIN' $$,
    $$ values (100.00, 110.00, 120.00) $$, 'their settlement keeps both sides'' accounting amounts');
select results_eq(
    $$ select accounting_amount, payment_status from reimbursement.reimbursement_report
    where legal_entity_id = 'GAIN' $$,
    $$ values (120.00, 'paid') $$, 'the reimbursement is what it was');
select is(
    (select posting_type from reimbursement.ledger_entries
        where legal_entity_id = 'GAIN' and ledger_account = '801400'),
    'realized_gain', 'posted as realized gain');

-- Loss.
select pg_temp.paid('LOSS', 100, 'EUR', 1.2, 1.3, dimensions => '{"Department": "010"}');
select results_eq(
    $$ select * from pg_temp.posted('LOSS') $$,
    $$ values
    ('200100', '010', 100.00, 120.00), ('110110', null, -100.00, -130.00), ('801500', null, 0.00, 10.00) $$,
    'more is paid than was owed: a loss, in no dimension set');
select is(
    (select posting_type from reimbursement.ledger_entries
        where legal_entity_id = 'LOSS' and ledger_account = '801500'),
    'realized_loss', 'posted as realized loss');
select pg_temp.paid('NEITHER', 100, 'EUR', 1.2, 1.2);
select results_eq(
    $$ select * from pg_temp.posted('NEITHER') $$,
    $$ values ('200100', null, 100.00, 120.00), ('110110', null, -100.00, -120.00) $$, 'at the same rate neither');
select pg_temp.paid('BRIDGED', 100, 'EUR', 1.2, 1.1, bridging_account => '110199');
select results_eq(
    $$ select * from pg_temp.posted('BRIDGED') $$,
    $$ values ('200100', null, 100.00, 120.00), ('110199', null, -100.00, -110.00), ('801400', null, 0.00, -10.00) $$,
    'over a bridging account the same');

-- Rounding, half away from zero, to the accounting currency's unit.
select pg_temp.paid(r.company, r.amount, r.currency, 1, r.rate, r.accounting_currency)
from (
    values
    ('HALF', 0.10, 'EUR', 1.25, 'USD'), ('UNDER-HALF', 0.10, 'EUR', 1.249, 'USD'),
    ('YEN', 1000, 'JPY', 0.006715, 'USD'),
    ('DINAR', 1.005, 'KWD', 3.25, 'USD'), ('DINAR-HALF', 0.100, 'KWD', 3.25, 'USD'),
    ('INTO-YEN', 10.01, 'EUR', 161.05, 'JPY'),
    ('INTO-DINAR', 0.01, 'USD', 0.3065, 'KWD'), ('TO-NOTHING', 1, 'JPY', 0.004, 'USD'),
    ('TO-A-CENT', 1, 'JPY', 0.005, 'USD')
) as r (company, amount, currency, rate, accounting_currency);
select is(
    (select p.accounting_amount::text from reimbursement.payments as p where p.legal_entity_id = r.company),
    r.accounting_amount,
    format('%s: %s %s at %s are %s', r.company, r.amount, r.currency, r.rate, r.accounting_amount))
from (
    values
    ('HALF', '0.10', 'EUR', '1.25', '0.13'), ('UNDER-HALF', '0.10', 'EUR', '1.249', '0.12'),
    ('YEN', '1000', 'JPY', '0.006715', '6.72'), ('DINAR', '1.005', 'KWD', '3.25', '3.27'),
    ('DINAR-HALF', '0.100', 'KWD', '3.25', '0.33'), ('INTO-YEN', '10.01', 'EUR', '161.05', '1612'),
    ('INTO-DINAR', '0.01', 'USD', '0.3065', '0.003'), ('TO-NOTHING', '1', 'JPY', '0.004', '0.00'),
    ('TO-A-CENT', '1', 'JPY', '0.005', '0.01')
) as r (company, amount, currency, rate, accounting_amount);
select results_eq(
    $$ select * from pg_temp.posted('INTO-YEN') $$,
    $$ values ('200100', null, 10.01, 10::numeric), ('110110', null, -10.01, -1612), ('801500', null, 0.00, 1602) $$,
    'in yen there are no decimals');
select results_eq(
    $$ select * from pg_temp.posted('TO-NOTHING') $$,
    $$ values ('200100', null, 1::numeric, 1.00), ('110110', null, -1, 0.00), ('801400', null, 0, -1.00) $$,
    'a payment may be worth nothing in accounting currency, and is posted all the same');

-- 0.03 EUR of three departments: at 1.2 they are 0.036, so 0.04 together, and their shares 0.01, 0.02 and 0.01.
create function pg_temp.three_departments(legal_entity_id text, payment_rate numeric) returns void
language sql
as $$
    select test.company(legal_entity_id => three_departments.legal_entity_id);
    select test.bank_account(currency => 'EUR', legal_entity_id => three_departments.legal_entity_id);
    select test.rate('EUR', 1.2, legal_entity_id => three_departments.legal_entity_id);
    select test.rate('EUR', three_departments.payment_rate, '2025-07-15', three_departments.legal_entity_id);
    select test.payee(
        'ANN', 0.01, 'EUR', dimensions => '{"Department": "010"}',
        legal_entity_id => three_departments.legal_entity_id);
    select test.credit(
        'ANN', 0.01, 'EUR', dimensions => jsonb_build_object('Department', d.department),
        legal_entity_id => three_departments.legal_entity_id)
    from (values ('020'), ('030')) as d (department);
    select test.reimburse(legal_entity_id => three_departments.legal_entity_id);
    select test.pay(legal_entity_id => three_departments.legal_entity_id)
$$;
select pg_temp.three_departments('DEPTS', 1.2);
select results_eq(
    $$ select * from pg_temp.posted('DEPTS') $$,
    $$ values
    ('200100', '010', 0.01, 0.01), ('200100', '020', 0.01, 0.02), ('200100', '030', 0.01, 0.01),
    ('110110', null, -0.03, -0.04) $$,
    'payables are debited with exactly what the invoice posted in each dimension set');
select pg_temp.three_departments('DEPTS-2', 2.6);
select results_eq(
    $$ select * from pg_temp.posted('DEPTS-2') $$,
    $$ values
    ('200100', '010', 0.01, 0.01), ('200100', '020', 0.01, 0.02), ('200100', '030', 0.01, 0.01),
    ('110110', null, -0.03, -0.08), ('801500', null, 0.00, 0.04) $$,
    'whatever the rate is when it is paid; the loss is one line');
select is_empty(
    $$ select from test.balances('DEPTS-2') as b where b.account like 'ledger 200100%' or b.account like 'vendor%' $$,
    'the payable account closes to zero in every dimension set, in both currencies');

-- A cent of one side without an accounting amount.
select pg_temp.paid('WORTHLESS', 1, 'JPY', 0.004, 0.004);
select results_eq(
    $$ select * from pg_temp.posted('WORTHLESS') $$,
    $$ values ('200100', null, 1::numeric, 0.00), ('110110', null, -1, 0.00) $$,
    'a yen that is worth nothing is paid, too');
select results_eq(
    $$ select amount, debit_accounting_amount, credit_accounting_amount from reimbursement.vendor_settlements
    where legal_entity_id = 'WORTHLESS' $$,
    $$ values (1::numeric, 0.00, 0.00) $$, 'and settled');

-- Which rate: the latest on the payment date, whatever it was when the run was enqueued.
select test.company(legal_entity_id => 'RATES');
select test.bank_account(currency => 'EUR', legal_entity_id => 'RATES');
select test.rate('EUR', 1, legal_entity_id => 'RATES');
select test.rate('EUR', 2, '2025-07-14', 'RATES');
select test.rate('EUR', 9, '2025-07-16', 'RATES');
select test.payee('ANN', 10, 'EUR', legal_entity_id => 'RATES');
select test.reimburse(legal_entity_id => 'RATES');
select test.pay(legal_entity_id => 'RATES');
select is(
    (select accounting_amount from reimbursement.payments where legal_entity_id = 'RATES'), 20.00,
    'the rate is the latest one that holds on the payment date');

-- Per vendor, invoices of two rates in one payment: 10 EUR at 1.1 and 20 EUR at 1.2 are 35 USD, paid at 1.15 as 34.50.
select test.company(legal_entity_id => 'TWO');
select test.bank_account(currency => 'EUR', legal_entity_id => 'TWO');
select test.rate('EUR', 1.1, legal_entity_id => 'TWO');
select test.rate('EUR', 1.2, '2025-07-01', 'TWO');
select test.rate('EUR', 1.15, '2025-07-15', 'TWO');
select test.payee('ANN', 10, 'EUR', dimensions => '{"Department": "010"}', legal_entity_id => 'TWO');
select test.reimburse(legal_entity_id => 'TWO');
select test.credit('ANN', 20, 'EUR', dimensions => '{"Department": "020"}', legal_entity_id => 'TWO');
select test.reimburse('2025-07-01', legal_entity_id => 'TWO');
select test.pay(pay_per => 'vendor', legal_entity_id => 'TWO');
select results_eq(
    $$ select * from pg_temp.posted('TWO') $$,
    $$ values
    ('200100', '010', 10.00, 11.00), ('200100', '020', 20.00, 24.00), ('110110', null, -30.00, -34.50),
    ('801400', null, 0.00, -0.50) $$,
    'a payment of two invoices has their gain and loss in one line');
select results_eq(
    $$ select amount, debit_accounting_amount, credit_accounting_amount from reimbursement.vendor_settlements
    where legal_entity_id = 'TWO' order by amount $$,
    $$ values (10.00, 11.50, 11.00), (20.00, 23.00, 24.00) $$, 'and a settlement for each');

select results_eq(
    $$ select count(*) from reimbursement.runs where kind = 'vendor_payment' and state = 'completed' $$,
    $$ select count(distinct legal_entity_id) from reimbursement.payments $$, 'every run completed');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
