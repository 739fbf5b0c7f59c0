-- Customers with open debits who are reimbursed in full, and runs of one currency.
select plan(12);

select test.company(minimum_reimbursement => 50);
select test.rate('EUR', 2);
select test.credit('ANN', 100, voucher => 'CN-1');
select test.debit('ANN', 80, voucher => 'INV-1');
select test.debit('ANN', 5000, transaction_date => '2025-12-31', voucher => 'INV-2');
select test.credit('BOB', 49.99);
select test.debit('BOB', 10);
select test.reimburse(include_open_debits => true);

select results_eq(
    'select * from test.outcome()',
    $$ values ('ANN', 'USD', 100.00, null), ('BOB', null, null, 'below_minimum') $$,
    'gross: every credit is reimbursed in full, and the minimum is compared with all of it');
select results_eq(
    $$ select voucher, open_amount from test.transactions('ANN') $$,
    $$ values ('CN-1', 0.00), ('INV-1', 80.00), ('INV-2', 5000.00), ('RMB-00000001', 0.00) $$,
    'gross: the debits stay open');
select results_eq(
    'select * from test.settlements()',
    $$ values ('RMB-00000001', 'CN-1', 100.00, 100.00, 100.00) $$,
    'gross: the credit is settled with its reimbursement alone');
select results_eq(
    'select * from test.skips()', $$ values ('BOB', 'below_minimum', 49.99, 10.00) $$, 'a skip shows the debits too');

-- A run of one currency.
select test.company(legal_entity_id => 'US02');
select test.rate('EUR', 2, legal_entity_id => 'US02');
select test.credit('ANN', 100, legal_entity_id => 'US02');
select test.credit('ANN', 10, 'EUR', legal_entity_id => 'US02');
select test.credit('BOB', 10, 'EUR', legal_entity_id => 'US02');
select test.debit('BOB', 1, 'USD', legal_entity_id => 'US02');
select test.credit('CAT', 10, 'EUR', legal_entity_id => 'US02');
select test.credit('CAT', 10, 'CHF', accounting_amount => 10, legal_entity_id => 'US02');
select test.credit('DAN', 10, 'USD', legal_entity_id => 'US02');
select test.credit('EVE', 10, 'EUR', legal_entity_id => 'US02');
select test.credit('EVE', 10, 'USD', marked_for => 'payment proposal', legal_entity_id => 'US02');
select test.reimburse(currency => 'EUR', legal_entity_id => 'US02');
select is(test.fate('BOB'), 'open_debits', 'a customer who owes in another currency has open debits');
select is(test.fate('CAT'), 'reimbursed', 'a missing rate of a currency that is not looked at does no harm');
select is(test.fate('DAN'), 'not reported', 'a customer without credits of the currency is left out');
select results_eq(
    $$ select currency, open_amount from reimbursement.customer_balances
    where legal_entity_id = 'US02' and customer_account = 'ANN' order by currency $$,
    $$ values ('EUR', 0.00), ('USD', -100.00) $$,
    'only the credits of the run''s currency are reimbursed');

update reimbursement.legal_entities set minimum_reimbursement = 120 where legal_entity_id = 'US02';
select test.credit('ANN', 10, 'EUR', legal_entity_id => 'US02');
select test.reimburse(currency => 'EUR', legal_entity_id => 'US02');
select is(test.fate('ANN'), 'below_minimum', 'credits of other currencies do not help to reach the minimum');
select test.reimburse(legal_entity_id => 'US02');
select is(test.fate('ANN'), 'reimbursed', 'without a currency they do: 100 USD and 10 EUR make 120');
select is(test.fate('DAN'), 'below_minimum', 'and the others stay under it');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
