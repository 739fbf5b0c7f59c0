-- check_books finds whatever is tampered with, by the name of the rule that it breaks.
select plan(107);

-- Two customers, one of whom owes something; EUR at another rate than it was booked at; two dimension sets.
select test.company();
select test.rate('EUR', 1.1, '2025-01-01');
select test.rate('EUR', 1.2, '2025-06-30');
select test.credit('ANN', 100, 'EUR', dimensions => '{"Department": "010"}', voucher => 'CN-1');
select test.credit('ANN', 50, 'EUR', voucher => 'CN-2');
select test.debit('ANN', 30, 'EUR', dimensions => '{"Department": "020"}', voucher => 'INV');
select test.credit('BOB', 20);
select test.credit('CAT', 20, marked_for => 'payment proposal');
select test.reimburse(include_open_debits => true, net_open_debits => true);
select reimbursement.settle_transactions(
    'US01', test.debit('CAT', 5), test.credit('CAT', 5, voucher => 'CN-C'), 5, '2025-06-30');
select test.company(legal_entity_id => 'US02');
select test.credit('ANN', 5, legal_entity_id => 'US02');
select test.reimburse(legal_entity_id => 'US02');

select is_empty('select * from reimbursement.check_books()', 'before, the books are right');

-- That a check constraint forbids is let in first.
alter table reimbursement.customer_transactions
drop constraint customer_transactions_never_settled_beyond_amount,
drop constraint customer_transactions_never_settled_beyond_accounting_amount,
drop constraint customer_transactions_closed_in_both_or_in_neither;
drop index reimbursement.vendors_one_time_once_per_customer;

-- run_id: the run whose own check says so too; null: only all books tell, or by that rule.
create temporary table tampering (fault text, rule text, run_id bigint, change text);
insert into tampering (fault, rule, run_id, change) values
    ('a line of a voucher is another amount', 'voucher_balances', 1,
        $$update reimbursement.ledger_entries set amount = amount + 1 where voucher = 'RMB-00000001' and line_number = 1$$),
    ('a line of a voucher is gone', 'voucher_balances', 1,
        $$delete from reimbursement.ledger_entries where voucher = 'RMB-00000002' and line_number = 1$$),
    ('a loss is forgotten', 'voucher_balances_in_accounting_currency', 1,
        $$delete from reimbursement.ledger_entries where voucher = 'RMB-00000001' and posting_type = 'realized_loss'$$),
    ('an accounting amount is a cent off', 'voucher_balances_in_accounting_currency', 1,
        $$update reimbursement.ledger_entries set accounting_amount = accounting_amount + 0.01
        where voucher = 'RMB-00000002' and line_number = 1$$),
    ('a line is posted on another day', 'voucher_has_one_date_run_and_currency', 1,
        $$update reimbursement.ledger_entries set posting_date = '2025-07-01'
        where voucher = 'RMB-00000001' and line_number = 1$$),
    ('payables are in another dimension set than receivables', 'reimbursement_voucher_balances_in_each_dimension_set', 1,
        $$update reimbursement.ledger_entries set dimension_set_id = 0
        where voucher = 'RMB-00000001' and posting_type = 'payable'$$),
    ('a reimbursement clears a credit of another dimension set', 'reimbursement_clears_the_account_of_its_credit', 1,
        $$update reimbursement.customer_transactions set dimension_set_id = 0 where voucher = 'CN-1'$$),
    ('a reimbursement clears a credit of another account', 'reimbursement_clears_the_account_of_its_credit', 1,
        $$update reimbursement.customer_transactions set receivable_account = 'X' where voucher = 'CN-1'$$),
    ('a netting''s voucher is of another run', 'settlement_has_its_voucher', 1,
        $$update reimbursement.ledger_entries set run_id = 99 where voucher like 'STL%'$$),
    ('a settlement is of another run than its reimbursement', 'settlement_is_of_the_run_and_date_of_its_transaction', 2,
        $$update reimbursement.settlements set run_id = 99 where legal_entity_id = 'US02'$$),
    ('a settlement is of another day than its reimbursement', 'settlement_is_of_the_run_and_date_of_its_transaction', 2,
        $$update reimbursement.settlements set settled_on = settled_on + 1 where legal_entity_id = 'US02'$$),
    ('a line belongs to another run', 'voucher_has_one_date_run_and_currency', 1,
        $$update reimbursement.ledger_entries set run_id = null where voucher = 'RMB-00000001' and line_number = 1$$),
    ('a voucher stands alone', 'voucher_has_its_document', null,
        $$update reimbursement.ledger_entries set voucher = 'X' where voucher = 'RMB-00000001'$$),
    ('a netting voucher stands alone', 'voucher_has_its_document', null,
        $$update reimbursement.settlements set voucher = null$$),
    ('a settlement is gone', 'run_totals_agree', 2,
        $$delete from reimbursement.settlements where legal_entity_id = 'US02'$$),
    ('a reimbursement is gone', 'run_totals_agree', 1,
        $$delete from reimbursement.reimbursements where reimbursement_number = 'RMB-00000002'$$),
    ('an invoice is gone', 'run_totals_agree', 1,
        $$delete from reimbursement.vendor_invoices where invoice_number = 'RINV-00000001'$$),
    ('an invoice is for more', 'run_totals_agree', 1,
        $$update reimbursement.vendor_invoices set amount = amount + 1 where invoice_number = 'RINV-00000001'$$),
    ('a vendor transaction is gone', 'run_totals_agree', 1, $$delete from reimbursement.vendor_transactions$$),
    ('a vendor transaction is for less', 'run_totals_agree', 2,
        $$update reimbursement.vendor_transactions set amount = amount + 1 where legal_entity_id = 'US02'$$),
    ('a receivable is posted to another account', 'receivable_movement_equals_open_transactions', 1,
        $$update reimbursement.ledger_entries set ledger_account = 'X' where posting_type = 'receivable'$$),
    ('a receivable is posted to another dimension set', 'receivable_movement_equals_open_transactions', 1,
        $$update reimbursement.ledger_entries set dimension_set_id = 0
        where voucher = 'RMB-00000001' and posting_type = 'receivable'$$),
    ('a settlement outside of runs is of another amount', 'receivable_movement_equals_open_transactions', null,
        $$update reimbursement.settlements set debit_accounting_amount = 4 where run_id is null$$),
    ('a netting is of another accounting amount', 'receivable_movement_equals_open_transactions', 1,
        $$update reimbursement.settlements set debit_accounting_amount = debit_accounting_amount + 1
        where voucher is not null$$),
    ('a payable is posted as something else', 'payable_movement_equals_open_transactions', 1,
        $$update reimbursement.ledger_entries set posting_type = 'receivable' where posting_type = 'payable'$$),
    ('a vendor transaction is worth less', 'payable_movement_equals_open_transactions', 2,
        $$update reimbursement.vendor_transactions set accounting_amount = accounting_amount + 1
        where legal_entity_id = 'US02'$$),
    ('a credit is settled by less than its settlements', 'settlements_are_settled', 1,
        $$update reimbursement.customer_transactions set settled_amount = -10, settled_accounting_amount = -11
        where voucher = 'CN-1'$$),
    ('a debit is settled in accounting currency by less', 'settlements_are_settled', 1,
        $$update reimbursement.customer_transactions set settled_accounting_amount = 32 where voucher = 'INV'$$),
    ('a credit is settled beyond its amount', 'never_settled_beyond_amount', 1,
        $$update reimbursement.customer_transactions set settled_amount = -101 where voucher = 'CN-1'$$),
    ('a credit is settled with the wrong sign', 'never_settled_beyond_amount', 1,
        $$update reimbursement.customer_transactions set settled_amount = 1 where voucher = 'CN-1'$$),
    ('a credit is settled beyond its accounting amount', 'never_settled_beyond_amount', 1,
        $$update reimbursement.customer_transactions set settled_accounting_amount = -111 where voucher = 'CN-1'$$),
    ('a credit is reimbursed twice', 'never_settled_beyond_amount', 2,
        $$insert into reimbursement.settlements (legal_entity_id, debit_transaction_id, credit_transaction_id, currency,
            amount, debit_accounting_amount, credit_accounting_amount, settled_on, run_id)
        select legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
            credit_accounting_amount, settled_on, run_id
        from reimbursement.settlements where legal_entity_id = 'US02'$$),
    ('a reimbursement is open', 'own_transactions_are_settled_by_settlements', 1,
        $$update reimbursement.customer_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'RMB-00000002'$$),
    ('a reimbursed credit is open', 'reimbursed_credits_are_closed', 2,
        $$update reimbursement.customer_transactions set settled_amount = 0, settled_accounting_amount = 0
        where legal_entity_id = 'US02' and amount < 0$$),
    ('a reimbursed credit is open in accounting currency', 'reimbursed_credits_are_closed', 1,
        $$update reimbursement.customer_transactions set settled_accounting_amount = -109 where voucher = 'CN-1'$$),
    ('a settlement ties a credit to another customer', 'settlement_ties_debit_to_credit', 1,
        $$update reimbursement.customer_transactions set customer_account = 'BOB' where voucher = 'CN-1'$$),
    ('a settlement is of another currency', 'settlement_ties_debit_to_credit', 1,
        $$update reimbursement.settlements set currency = 'USD' where currency = 'EUR'$$),
    ('a settlement is dated before its credit', 'nothing_is_dated_before_what_it_touches', 1,
        $$update reimbursement.settlements set settled_on = '2025-04-30';
        update reimbursement.customer_transactions set last_settled_on = '2025-04-30' where last_settled_on is not null$$),
    ('a credit has been settled later than it says', 'last_settlement_date_is_of_a_settlement', 1,
        $$update reimbursement.customer_transactions set last_settled_on = '2025-06-01' where voucher = 'CN-1'$$),
    ('a reimbursement is of another accounting amount', 'reimbursement_agrees_with_its_documents', 1,
        $$update reimbursement.reimbursements set accounting_amount = accounting_amount + 0.01$$),
    ('a reimbursement is at another rate', 'reimbursement_agrees_with_its_documents', 1,
        $$update reimbursement.reimbursements set exchange_rate = 1.3 where currency = 'EUR'$$),
    ('an invoice is of another vendor', 'reimbursement_agrees_with_its_documents', 1,
        $$update reimbursement.vendor_invoices set vendor_account = 'X'$$),
    ('a one-time vendor pays two customers', 'one_time_vendor_stands_for_one_customer', 1,
        $$update reimbursement.reimbursements set vendor_account = 'OTV-00000001' where legal_entity_id = 'US01'$$),
    ('a customer has two one-time vendors', 'customer_has_one_one_time_vendor', 1,
        $$insert into reimbursement.vendors (legal_entity_id, vendor_account, name, is_one_time, customer_account)
        values ('US01', 'X', 'X', true, 'ANN')$$),
    ('a number is missing', 'numbers_have_no_gaps', 1,
        $$update reimbursement.reimbursements set reimbursement_number = 'RMB-00000009'
        where reimbursement_number = 'RMB-00000002'$$),
    ('a number will be missing', 'numbers_have_no_gaps', null,
        $$update reimbursement.number_sequences set next_number = next_number + 1 where sequence = 'vendor_invoice'$$),
    ('a one-time vendor is gone', 'numbers_have_no_gaps', null,
        $$delete from reimbursement.vendors where vendor_account = 'OTV-00000002'$$),
    ('a netting voucher has another number', 'numbers_have_no_gaps', 1,
        $$update reimbursement.settlements set voucher = 'STL-00000009' where voucher is not null$$),
    ('a job that did not complete has effects', 'job_has_all_of_its_effects_or_none', 1,
        $$update reimbursement.jobs set state = 'failed'$$),
    ('a job has done more than it says', 'job_has_all_of_its_effects_or_none', 1,
        $$update reimbursement.jobs set processed = processed - 1$$),
    ('a skip is gone', 'job_has_all_of_its_effects_or_none', 1, $$delete from reimbursement.customer_skips$$),
    ('a job is gone', 'job_has_all_of_its_effects_or_none', 1, $$delete from reimbursement.jobs$$),
    ('a customer is reimbursed and skipped', 'customer_is_in_one_job_once', 1,
        $$update reimbursement.customer_skips set customer_account = 'ANN'$$),
    ('a customer is in two jobs', 'customer_is_in_one_job_once', 1,
        $$update reimbursement.customer_skips set customer_account = 'ANN', job_id = -1$$);
select ok(t.rule = any(test.rules_broken_by(t.change)), format('%s: %s', t.rule, t.fault)) from tampering as t;
select ok(
    t.rule = any(test.rules_broken_by(t.change, run_id => t.run_id)), format('of its run, %s: %s', t.rule, t.fault))
from tampering as t
where t.run_id is not null;

-- Of one company, or of all.
select is(
    test.rules_broken_by(
        $$update reimbursement.number_sequences set next_number = 99 where legal_entity_id = 'US01';
        update reimbursement.ledger_entries set amount = 7, accounting_amount = 8, posting_type = 'payable', voucher = voucher || 'X',
            posting_date = posting_date + line_number where legal_entity_id = 'US01';
        update reimbursement.settlements set amount = 999, debit_accounting_amount = 999, settled_on = '2025-01-01'
        where legal_entity_id = 'US01';
        update reimbursement.customer_transactions set settled_amount = settled_amount / 2, last_settled_on = null
        where legal_entity_id = 'US01';
        update reimbursement.reimbursements set amount = 3, vendor_account = 'OTV-00000001' where legal_entity_id = 'US01';
        update reimbursement.customer_skips set customer_account = 'ANN' where legal_entity_id = 'US01'$$,
        'US02'),
    null, 'the books of one legal entity are right though another''s are not');
select is(
    test.rules_broken_by(
        $$update reimbursement.number_sequences set next_number = 99 where legal_entity_id = 'US01'$$, 'US01'),
    array['numbers_have_no_gaps'], 'whose own check says so');
select results_eq(
    $$ select rule, reference, expected, found from reimbursement.check_books('US01') $$,
    $$ select ''::text, ''::text, ''::text, ''::text where false $$, 'and afterwards the books are right again');

select * from finish();
