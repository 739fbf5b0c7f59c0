-- Who is left out of a run, and why: the table of product rule 2, and the order of its reasons.
select plan(25);

-- One customer a rule; the minimum is 10, and the run is of 30 June 2025.
select test.company(minimum_reimbursement => 10);
select test.rate('EUR', 2, '2025-06-30');
select test.vendor('V-INVOICE', hold => 'invoice');
select test.vendor('V-ALL', hold => 'all');
select test.vendor('V-PAYMENT', hold => 'payment');

select test.debit('NO-CREDIT', 100);
select test.credit('FUTURE', 100, transaction_date => '2025-07-01');
select test.credit('SETTLED', 100, settled_amount => 100);

select test.customer('HOLD-LAST-DAY', on_hold_from => '2025-06-01', on_hold_to => '2025-06-30');
select test.customer('HOLD-FIRST-DAY', on_hold_from => '2025-06-30');
select test.customer('HOLD-ENDED', on_hold_from => '2025-06-01', on_hold_to => '2025-06-29');
select test.customer('HOLD-TO-COME', on_hold_from => '2025-07-01', on_hold_to => '2025-07-02');
select test.credit(c.customer_account, 100)
from reimbursement.customers as c where c.customer_account like 'HOLD-%';

select test.credit('MARKED', 100, marked_for => 'payment proposal');
select test.credit('MARKED-DEBIT', 100);
select test.debit('MARKED-DEBIT', 5, marked_for => 'payment proposal');
select test.credit('MARKED-FUTURE', 100);
select test.credit('MARKED-FUTURE', 5, transaction_date => '2025-07-01', marked_for => 'payment proposal');

select test.credit('DEBIT', 100);
select test.debit('DEBIT', 0.01);
select test.credit('DEBIT-FUTURE', 100);
select test.debit('DEBIT-FUTURE', 0.01, transaction_date => '2025-12-31');
select test.credit('DEBIT-OTHER-CURRENCY', 100);
select test.debit('DEBIT-OTHER-CURRENCY', 1, 'EUR', accounting_amount => 2);
select test.credit('DEBIT-SETTLED', 100);
select test.debit('DEBIT-SETTLED', 50, settled_amount => 50);

select test.credit('NO-RATE', 100, 'CHF', accounting_amount => 100);
select test.credit('NO-RATE-TO-COME', 100, 'GBP', accounting_amount => 100);
select test.rate('GBP', 1, '2025-07-01');

select test.credit('MINIMUM-EQUAL', 10);
select test.credit('MINIMUM-UNDER', 9.99);
select test.credit('MINIMUM-RATE', 5, 'EUR', accounting_amount => 1);
select test.credit('MINIMUM-TWO-SMALL', 6);
select test.credit('MINIMUM-TWO-SMALL', 2, 'EUR', accounting_amount => 1);

select test.customer('VENDOR-DANGLING', vendor_account => 'V-NONE');
select test.customer('VENDOR-HOLD', vendor_account => 'V-INVOICE');
select test.customer('VENDOR-HOLD-ALL', vendor_account => 'V-ALL');
select test.customer('VENDOR-HOLD-PAYMENT', vendor_account => 'V-PAYMENT');
select test.customer('VENDOR-OWNER', vendor_account => 'V-OWNED');
select test.customer('VENDOR-THIEF', vendor_account => 'V-OWNED');
select test.vendor('V-OWNED', is_one_time => true, customer_account => 'VENDOR-OWNER');
select test.credit(c.customer_account, 100)
from reimbursement.customers as c where c.customer_account like 'VENDOR-%';

select test.reimburse();

select is_empty(
    $$ select * from test.outcome() where customer_account in ('NO-CREDIT', 'FUTURE', 'SETTLED') $$,
    'without an open credit up to the cut-off a customer is not reported at all');
select is(test.fate('HOLD-LAST-DAY'), 'on_hold', 'a hold covers its last day');
select is(test.fate('HOLD-FIRST-DAY'), 'on_hold', 'a hold covers its first day, and without an end is for ever');
select results_eq(
    $$ select customer_account, amount from test.outcome()
    where customer_account in ('HOLD-ENDED', 'HOLD-TO-COME') $$,
    $$ values ('HOLD-ENDED', 100.00), ('HOLD-TO-COME', 100.00) $$,
    'a hold that ended the day before, or begins the day after, keeps nobody from the money');
select is(test.fate('MARKED'), 'pending_settlement', 'a marked credit keeps its customer out');
select is(test.fate('MARKED-DEBIT'), 'pending_settlement', 'so does a marked debit, before open debits are looked at');
select is(test.fate('MARKED-FUTURE'), 'pending_settlement', 'and so does a marked credit after the cut-off');
select is(test.fate('DEBIT'), 'open_debits', 'whoever owes a cent is left out');
select is(test.fate('DEBIT-FUTURE'), 'open_debits', 'a debit counts whatever its date');
select is(test.fate('DEBIT-OTHER-CURRENCY'), 'open_debits', 'a debit counts whatever its currency');
select is(test.fate('DEBIT-SETTLED'), 'reimbursed', 'a settled debit does not count');
select is(test.fate('NO-RATE'), 'no_exchange_rate', 'without a rate nobody is reimbursed');
select is(test.fate('NO-RATE-TO-COME'), 'no_exchange_rate', 'a rate that holds from the next day does not help');
select is(test.fate('MINIMUM-EQUAL'), 'reimbursed', 'equal to the minimum is enough');
select is(test.fate('MINIMUM-UNDER'), 'below_minimum', 'a customer a cent under the minimum keeps the credit');
select is(test.fate('MINIMUM-RATE'), 'reimbursed', 'the minimum is compared at the rate of the posting date');
select is(test.fate('MINIMUM-TWO-SMALL'), 'reimbursed', 'two small currencies that make the minimum together are both paid');
select is(test.fate('VENDOR-DANGLING'), 'vendor_missing', 'a vendor account that does not exist is a skip');
select is(test.fate('VENDOR-HOLD'), 'vendor_on_hold', 'a vendor on hold for invoices gets none');
select is(test.fate('VENDOR-HOLD-ALL'), 'vendor_on_hold', 'a vendor on hold for all gets no invoice');
select is(test.fate('VENDOR-HOLD-PAYMENT'), 'reimbursed', 'a vendor on hold for payments gets its invoice');
select is(test.fate('VENDOR-OWNER'), 'reimbursed', 'a one-time vendor serves its customer');
select is(
    test.fate('VENDOR-THIEF'), 'vendor_of_other_customer', 'and no other customer, whoever names it');

select set_eq(
    $$ select customer_account, credit_amount, debit_amount from reimbursement.skipped_customers
    where customer_account in ('NO-RATE', 'DEBIT-OTHER-CURRENCY', 'MARKED-FUTURE') $$,
    $$ values ('NO-RATE', 100.00, 0.00), ('DEBIT-OTHER-CURRENCY', 100.00, 2.00), ('MARKED-FUTURE', 100.00, 0.00) $$,
    'a skip is reported with the eligible credits and all open debits, in accounting currency');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
