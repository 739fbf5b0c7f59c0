-- Debits that are settled against credits before what is left is reimbursed.
select plan(20);

select test.company(minimum_reimbursement => 10);

-- Oldest due date first on both sides, then transaction date, then id.
select test.credit('ORDER', 30, transaction_date => '2025-03-01', due_date => '2025-05-03', voucher => 'CN-3');
select test.credit('ORDER', 20, transaction_date => '2025-04-01', due_date => '2025-05-02', voucher => 'CN-2');
select test.credit('ORDER', 10, transaction_date => '2025-03-30', due_date => '2025-05-02', voucher => 'CN-1');
select test.credit('ORDER', 10, transaction_date => '2025-03-01', due_date => '2025-05-03', voucher => 'CN-4');
select test.debit('ORDER', 25, transaction_date => '2025-02-02', due_date => '2025-03-01', voucher => 'INV-2');
select test.debit('ORDER', 15, transaction_date => '2025-02-01', due_date => '2025-03-01', voucher => 'INV-1');
select test.debit('ORDER', 5, transaction_date => '2025-01-01', due_date => '2025-12-31', voucher => 'INV-3');
-- A debit of the posting date takes part, one of the next day does not.
select test.credit('DATES', 100, voucher => 'CN');
select test.debit('DATES', 40, transaction_date => '2025-06-30', voucher => 'INV-TODAY');
select test.debit('DATES', 40, transaction_date => '2025-07-01', voucher => 'INV-TOMORROW');
-- Nothing left, or exactly or almost the minimum.
select test.credit('NOTHING-LEFT', 40, voucher => 'CN');
select test.debit('NOTHING-LEFT', 100, voucher => 'INV');
select test.credit('ALL-EVEN', 40);
select test.debit('ALL-EVEN', 40);
select test.credit('MINIMUM-EQUAL', 50);
select test.debit('MINIMUM-EQUAL', 40);
select test.credit('MINIMUM-UNDER', 49.99, voucher => 'CN');
select test.debit('MINIMUM-UNDER', 40, voucher => 'INV');
-- Partly settled before.
select test.credit('PARTLY', 100, settled_amount => 40, voucher => 'CN');
select test.debit('PARTLY', 50, settled_amount => 30, voucher => 'INV');
-- Skipped for another reason.
select test.customer('HELD', on_hold_from => '2025-01-01');
select test.credit('HELD', 100);
select test.debit('HELD', 40);
-- A credit after the cut-off is not netted.
select test.credit('CUT', 100, transaction_date => '2025-06-15', voucher => 'CN-LATE');
select test.credit('CUT', 60, voucher => 'CN');
select test.debit('CUT', 50, voucher => 'INV');

select test.reimburse(
    include_open_debits => true, net_open_debits => true, credits_through => '2025-05-31');

select results_eq(
    $$ select debit, credit, amount from test.settlements() where credit in ('CN-1', 'CN-2', 'CN-3', 'CN-4') $$,
    $$ values ('INV-1', 'CN-1', 10.00), ('INV-1', 'CN-2', 5.00), ('INV-2', 'CN-2', 15.00), ('INV-2', 'CN-3', 10.00),
        ('INV-3', 'CN-3', 5.00), ('RMB-00000004', 'CN-3', 15.00), ('RMB-00000004', 'CN-4', 10.00) $$,
    'oldest due date first on both sides, then transaction date, then id; what is left is reimbursed');
select results_eq(
    $$ select debit, amount from test.settlements() where debit in ('INV-TODAY', 'INV-TOMORROW') $$,
    $$ values ('INV-TODAY', 40.00) $$, 'a debit of the posting date is settled, one of the next day stays open');
select results_eq(
    $$ select amount from test.outcome() where customer_account = 'DATES' $$, $$ values (60.00) $$,
    'what is left of the credit after netting is reimbursed');
select is(test.fate('NOTHING-LEFT'), 'no_net_credit', 'a customer who owes more than the credit gets no money');
select results_eq(
    $$ select voucher, open_amount from test.transactions('NOTHING-LEFT') $$,
    $$ values ('CN', 0.00), ('INV', 60.00) $$, 'and is settled all the same: the debt becomes smaller');
select results_eq(
    $$ select credit_amount, debit_amount from test.skips() where customer_account = 'NOTHING-LEFT' $$,
    $$ values (40.00, 100.00) $$, 'the skip shows what was there before netting');
select is(test.fate('ALL-EVEN'), 'no_net_credit', 'credits and debits of the same amount leave nothing');
select is(
    (select sum(open_amount) from reimbursement.customer_balances where customer_account = 'ALL-EVEN'), 0.00,
    'and close each other');
select is(test.fate('MINIMUM-EQUAL'), 'reimbursed', 'the minimum is compared with what is left: equal is enough');
select is(test.fate('MINIMUM-UNDER'), 'below_minimum', 'a cent under it is not');
select results_eq(
    $$ select voucher, open_amount from test.transactions('MINIMUM-UNDER')
    union all select voucher, open_amount from test.transactions('HELD') $$,
    $$ values ('CN', -49.99), ('INV', 40.00), ('LOAD', -100.00), ('LOAD', 40.00) $$,
    'a customer who is skipped for another reason gets no settlement either');
select results_eq(
    $$ select voucher, open_amount from test.transactions('PARTLY') $$,
    $$ values ('CN', 0.00), ('INV', 0.00), ('RMB-00000005', 0.00) $$,
    'what is open of a partly settled transaction closes');
select results_eq(
    $$ select amount from test.outcome() where customer_account = 'PARTLY' $$, $$ values (40.00) $$,
    'and what was settled before is not paid again: 60 less 20 leaves 40');
select results_eq(
    $$ select voucher, open_amount from test.transactions('CUT') $$,
    $$ values ('CN-LATE', -100.00), ('CN', 0.00), ('INV', 0.00), ('RMB-00000001', 0.00) $$,
    'a credit after the cut-off is neither netted nor reimbursed');
select is(
    (select count(*) from reimbursement.ledger_entries where voucher like 'STL-%'), 0::bigint,
    'on one account and dimension set, at one rate, netting posts nothing');

-- Currencies never mix.
select test.company(legal_entity_id => 'US02');
select test.rate('EUR', 2, legal_entity_id => 'US02');
select test.credit('MIXED', 100, 'EUR', voucher => 'CN-EUR', legal_entity_id => 'US02');
select test.credit('MIXED', 30, 'USD', voucher => 'CN-USD', legal_entity_id => 'US02');
select test.debit('MIXED', 50, 'USD', voucher => 'INV-USD', legal_entity_id => 'US02');
select test.debit('MIXED', 10, 'EUR', voucher => 'INV-EUR', legal_entity_id => 'US02');
select test.reimburse(
    include_open_debits => true, net_open_debits => true, currency => 'USD', legal_entity_id => 'US02');
select is(test.fate('MIXED'), 'no_net_credit', 'a run of one currency nets in that currency alone');
select results_eq(
    $$ select debit, credit, amount from test.settlements() $$, $$ values ('INV-USD', 'CN-USD', 30.00) $$,
    'and leaves the other currencies open');
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'US02');
select results_eq(
    $$ select debit, credit, amount from test.settlements() order by amount $$,
    $$ values ('INV-EUR', 'CN-EUR', 10.00), ('RMB-00000001', 'CN-EUR', 90.00) $$,
    'a debit is settled against credits of its currency; the money left in another currency is still paid');
select results_eq(
    $$ select currency, open_amount from reimbursement.customer_balances
    where legal_entity_id = 'US02' order by currency $$,
    $$ values ('EUR', 0.00), ('USD', 20.00) $$, 'what is owed in one currency stays owed');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
