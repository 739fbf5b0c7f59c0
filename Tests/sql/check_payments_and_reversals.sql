-- check_books finds whatever is tampered with of payments and reversals, by the name of the rule that it breaks.
select plan(110);

-- Ann is paid at a loss, Bob twice, for the first payment came back; Cat cannot be paid. Then the run is reversed:
-- Cat's and Dan's reimbursements, and the nettings of Dan and Eve.
select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR');
select test.rate('EUR', 1.1);
select test.rate('EUR', 1.2, '2025-07-10');
select test.payee('ANN', 100, 'EUR', dimensions => '{"Department": "010"}', voucher => 'CN-ANN');
select test.payee('BOB', 20, voucher => 'CN-BOB');
select test.payee('CAT', 30, iban => null, voucher => 'CN-CAT');
select test.payee('DAN', 50, voucher => 'CN-DAN');
select test.debit('DAN', 10, dimensions => '{"Department": "020"}', voucher => 'INV-DAN');
select test.payee('EVE', 5, voucher => 'CN-EVE');
select test.debit('EVE', 8, dimensions => '{"Department": "020"}', voucher => 'INV-EVE');
select test.reimburse(include_open_debits => true, net_open_debits => true) as reimbursement \gset
select test.pay(vendor_filter => '!OTV-00000004') as payment \gset
select test.reverse_payments(array['PAY-00000002']) as payment_reversal \gset
select test.pay('2025-07-25', vendor_filter => 'OTV-00000002');
select test.reverse(run_id => :reimbursement) as reversal \gset
-- Two invoices in one payment, one of which is still open after the other's reversal; and one that is open.
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02');
select test.payee('ANN', 10, dimensions => '{"Department": "010"}', legal_entity_id => 'US02');
select test.credit('ANN', 20, dimensions => '{"Department": "020"}', legal_entity_id => 'US02');
select test.reimburse(summarize_customer => false, legal_entity_id => 'US02');
select test.pay(pay_per => 'vendor', legal_entity_id => 'US02');

select is_empty('select * from reimbursement.check_books()', 'before, the books are right');
select results_eq(
    $$ select voucher::text collate "default", reversed_voucher::text collate "default" from reimbursement.reversals
    order by voucher $$,
    $$ values
    ('REV-00000001', 'PAY-00000002'), ('REV-00000002', 'RMB-00000003'), ('REV-00000003', 'RMB-00000004'),
    ('REV-00000004', 'STL-00000001'), ('REV-00000005', 'STL-00000002') $$,
    'and this is what was reversed');

-- That a check constraint forbids is let in first.
alter table reimbursement.vendor_transactions
drop constraint vendor_transactions_never_settled_beyond_amount,
drop constraint vendor_transactions_never_settled_beyond_accounting_amount,
drop constraint vendor_transactions_closed_in_both_or_in_neither;

select ok(t.rule = any(test.rules_broken_by(t.change)), format('%s: %s', t.rule, t.fault))
from (
    values
    -- Payments.
    ('a payment is gone', 'payment_agrees_with_its_documents',
        $$delete from reimbursement.payments where payment_number = 'PAY-00000001'$$),
    ('a payment is of more', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set amount = amount + 1 where payment_number = 'PAY-00000001'$$),
    ('a payment is of another accounting amount', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set accounting_amount = 110 where payment_number = 'PAY-00000001'$$),
    ('a payment is at another rate', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set exchange_rate = 1.1 where payment_number = 'PAY-00000001'$$),
    ('a payment is to another vendor', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set vendor_account = 'OTV-00000002' where payment_number = 'PAY-00000001'$$),
    ('a payment is of another day', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set payment_date = '2025-07-16' where payment_number = 'PAY-00000001'$$),
    ('a payment is from a bank account of another currency', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set bank_account = 'BANK' where payment_number = 'PAY-00000001'$$),
    ('a transfer is to no valid account', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set creditor_iban = 'DE00370400440532013000'
        where payment_number = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is gone', 'payment_agrees_with_its_documents',
        $$delete from reimbursement.vendor_transactions where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is of another accounting amount', 'payment_agrees_with_its_documents',
        $$update reimbursement.vendor_transactions set accounting_amount = 110, settled_accounting_amount = 110
        where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is of another invoice', 'payment_agrees_with_its_documents',
        $$update reimbursement.vendor_transactions set invoice_number = 'RINV-00000002'
        where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is on another account', 'payment_agrees_with_its_documents',
        $$update reimbursement.vendor_transactions set payable_account = 'X' where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is due on another day', 'payment_agrees_with_its_documents',
        $$update reimbursement.vendor_transactions set due_date = due_date + 1 where voucher = 'PAY-00000001'$$),
    ('the bank names another payment', 'payment_agrees_with_its_documents',
        $$update reimbursement.payments set end_to_end_id = 'X' where payment_number = 'PAY-00000001'$$),
    ('a payment''s settlement is gone', 'payment_agrees_with_its_documents',
        $$delete from reimbursement.vendor_settlements where currency = 'EUR'$$),
    ('a payment''s settlement has another accounting amount', 'payment_agrees_with_its_documents',
        $$update reimbursement.vendor_settlements set debit_accounting_amount = 110 where currency = 'EUR'$$),
    ('a settlement has another accounting amount of the invoice', 'payment_agrees_with_its_documents',
        $$update reimbursement.vendor_settlements set credit_accounting_amount = 120 where currency = 'EUR'$$),
    ('a payment''s voucher is gone', 'payment_agrees_with_its_documents',
        $$delete from reimbursement.ledger_entries where voucher = 'PAY-00000001'$$),
    ('the bank is credited with less', 'payment_agrees_with_its_documents',
        $$update reimbursement.ledger_entries set amount = amount + 1
        where voucher = 'PAY-00000001' and posting_type = 'bank'$$),
    ('the bank is credited with another accounting amount', 'payment_agrees_with_its_documents',
        $$update reimbursement.ledger_entries set accounting_amount = -110
        where voucher = 'PAY-00000001' and posting_type = 'bank'$$),
    ('the bank is credited in a dimension set', 'payment_agrees_with_its_documents',
        $$update reimbursement.ledger_entries set dimension_set_id = 1
        where voucher = 'PAY-00000001' and posting_type = 'bank'$$),
    ('the loss of a payment is in a dimension set', 'payment_agrees_with_its_documents',
        $$update reimbursement.ledger_entries set dimension_set_id = 1
        where voucher = 'PAY-00000001' and posting_type = 'realized_loss'$$),
    ('a payment is posted on another day', 'payment_agrees_with_its_documents',
        $$update reimbursement.ledger_entries set posting_date = '2025-07-16' where voucher = 'PAY-00000001'$$),
    ('a payable line is in another dimension set', 'payment_takes_back_the_lines_of_its_invoices',
        $$update reimbursement.ledger_entries set dimension_set_id = 0
        where voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('a payable line is on another account', 'payment_takes_back_the_lines_of_its_invoices',
        $$update reimbursement.ledger_entries set ledger_account = '200999'
        where voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('two payable lines are exchanged', 'payment_takes_back_the_lines_of_its_invoices',
        $$update reimbursement.ledger_entries set amount = 30 - amount, accounting_amount = 30 - accounting_amount
        where legal_entity_id = 'US02' and voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('a payment''s voucher stands alone', 'voucher_has_its_document',
        $$delete from reimbursement.payments where payment_number = 'PAY-00000003'$$),
    ('a payment''s payable is posted as something else', 'payable_movement_equals_open_transactions',
        $$update reimbursement.ledger_entries set posting_type = 'bank'
        where voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('a loss below nothing', 'gain_and_loss_have_their_signs',
        $$update reimbursement.ledger_entries set accounting_amount = -accounting_amount
        where voucher = 'PAY-00000001'$$),
    ('a loss is called a gain', 'gain_and_loss_have_their_signs',
        $$update reimbursement.ledger_entries set posting_type = 'realized_gain'
        where voucher = 'PAY-00000001' and posting_type = 'realized_loss'$$),

    -- Vendor transactions and their settlements.
    ('an invoice is paid twice', 'vendor_transactions_are_settled_by_settlements',
        $$insert into reimbursement.vendor_settlements (legal_entity_id, debit_transaction_id, credit_transaction_id,
            currency, amount, debit_accounting_amount, credit_accounting_amount, settled_on, run_id)
        select legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount,
            debit_accounting_amount, credit_accounting_amount, settled_on, run_id
        from reimbursement.vendor_settlements where currency = 'EUR'$$),
    ('a paid invoice is open', 'vendor_transactions_are_settled_by_settlements',
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'RMB-00000001'$$),
    ('a paid invoice is open in accounting currency', 'vendor_transactions_are_settled_by_settlements',
        $$update reimbursement.vendor_transactions set settled_accounting_amount = 0 where voucher = 'RMB-00000001'$$),
    ('a cancelled invoice is open', 'vendor_transactions_are_settled_by_settlements',
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'RMB-00000003'$$),
    ('an invoice was paid later than it says', 'vendor_transactions_are_settled_by_settlements',
        $$update reimbursement.vendor_transactions set last_settled_on = '2025-07-14' where voucher = 'RMB-00000001'$$),
    ('an invoice was never paid, it says', 'vendor_transactions_are_settled_by_settlements',
        $$update reimbursement.vendor_transactions set last_settled_on = null where voucher = 'RMB-00000001'$$),
    ('an invoice is paid in part', 'vendor_transactions_are_settled_wholly',
        $$update reimbursement.vendor_transactions set settled_amount = -50, settled_accounting_amount = -55
        where voucher = 'RMB-00000001'$$),
    ('a payment is open', 'vendor_transactions_are_settled_wholly',
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'PAY-00000001'$$),
    ('a reversal is open', 'vendor_transactions_are_settled_wholly',
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'REV-00000001'$$),
    ('a payment settles another vendor''s invoice', 'vendor_settlement_ties_debit_to_credit',
        $$update reimbursement.vendor_transactions set vendor_account = 'OTV-00000002'
        where voucher = 'RMB-00000001'$$),
    ('a payment settles an invoice of another currency', 'vendor_settlement_ties_debit_to_credit',
        $$update reimbursement.vendor_settlements set currency = 'USD' where currency = 'EUR'$$),
    ('a payment settles a payment', 'vendor_settlement_ties_debit_to_credit',
        $$update reimbursement.vendor_settlements set credit_transaction_id = debit_transaction_id
        where currency = 'EUR'$$),
    ('a payment settles before it is made', 'nothing_is_dated_before_what_it_touches',
        $$update reimbursement.vendor_settlements set settled_on = '2025-07-14' where currency = 'EUR'$$),
    ('a settlement is undone before it is made', 'nothing_is_dated_before_what_it_touches',
        $$update reimbursement.vendor_settlements set settled_on = '2025-07-14' where amount < 0$$),
    ('a settlement is of another run than its payment', 'settlement_is_of_the_run_and_date_of_its_transaction',
        $$update reimbursement.vendor_settlements set run_id = 1 where currency = 'EUR'$$),
    ('a settlement is of another day than its payment', 'settlement_is_of_the_run_and_date_of_its_transaction',
        $$update reimbursement.vendor_settlements set settled_on = '2025-07-16' where currency = 'EUR'$$),
    ('a vendor settlement is undone by less', 'settlement_is_undone_by_its_opposite',
        $$update reimbursement.vendor_settlements set amount = amount + 1 where amount < 0$$),
    ('a vendor settlement is undone by another accounting amount', 'settlement_is_undone_by_its_opposite',
        $$update reimbursement.vendor_settlements set credit_accounting_amount = credit_accounting_amount + 1
        where amount < 0$$),

    -- Bank files.
    ('a bank file is gone', 'payment_file_agrees_with_its_payments',
        $$delete from reimbursement.payment_files where format = 'csv' and bank_account = 'EURO'$$),
    ('all bank files are gone', 'payment_file_agrees_with_its_payments', 'delete from reimbursement.payment_files'),
    ('a bank file counts another payment', 'payment_file_agrees_with_its_payments',
        $$update reimbursement.payment_files set payments = payments + 1 where bank_account = 'EURO'$$),
    ('a bank file has another total', 'payment_file_agrees_with_its_payments',
        $$update reimbursement.payment_files set control_sum = control_sum + 1 where bank_account = 'EURO'$$),
    ('a bank file is another bank account''s', 'payment_file_agrees_with_its_payments',
        $$update reimbursement.payment_files set bank_account = 'NONE'
        where legal_entity_id = 'US01' and bank_account = 'EURO' and format = 'csv'$$),
    ('a bank file without payments', 'payment_file_agrees_with_its_payments',
        $$insert into reimbursement.payment_files
        select f.legal_entity_id, 1, f.format, f.bank_account, f.message_id, f.payments, f.control_sum, f.content,
            f.sha256
        from reimbursement.payment_files as f where f.bank_account = 'EURO'$$),
    ('a bank file was changed', 'payment_file_has_its_digest',
        $$update reimbursement.payment_files set content = content || ' ' where bank_account = 'EURO'$$),
    ('a bank file has another digest', 'payment_file_has_its_digest',
        $$update reimbursement.payment_files set sha256 = repeat('0', 64) where bank_account = 'EURO'$$),

    -- Reversals.
    ('a line of a reversal is another amount', 'reversal_posts_the_opposite',
        $$update reimbursement.ledger_entries set amount = amount + 1, accounting_amount = accounting_amount + 1
        where voucher = 'REV-00000001' and line_number = 1$$),
    ('a reversal posts nothing', 'reversal_posts_the_opposite',
        $$delete from reimbursement.ledger_entries where voucher = 'REV-00000002'$$),
    ('a reversal posts to another account', 'reversal_posts_the_opposite',
        $$update reimbursement.ledger_entries set ledger_account = 'X'
        where voucher = 'REV-00000001' and line_number = 1$$),
    ('a reversal posts to another dimension set', 'reversal_posts_the_opposite',
        $$update reimbursement.ledger_entries set dimension_set_id = 1 - dimension_set_id
        where voucher = 'REV-00000004'$$),
    ('a reversal posts as something else', 'reversal_posts_the_opposite',
        $$update reimbursement.ledger_entries set posting_type = 'payable' where voucher = 'REV-00000001'$$),
    ('what was reversed is posted otherwise', 'reversal_posts_the_opposite',
        $$update reimbursement.ledger_entries set amount = amount * 2, accounting_amount = accounting_amount * 2
        where voucher = 'PAY-00000002'$$),
    ('a reversal posts on another day', 'reversal_posts_the_opposite',
        $$update reimbursement.ledger_entries set posting_date = '2025-08-01' where voucher = 'REV-00000001'$$),
    ('a reversal is gone', 'voucher_has_its_document',
        $$delete from reimbursement.reversals where voucher = 'REV-00000001'$$),
    ('a reversal of nothing', 'reversal_has_what_it_reverses',
        $$update reimbursement.reversals set reversed_voucher = 'X' where voucher = 'REV-00000001'$$),
    ('a reversal of another kind', 'reversal_has_what_it_reverses',
        $$update reimbursement.reversals set reversed_type = 'reimbursement' where voucher = 'REV-00000001'$$),
    ('a reversal of another day', 'reversal_has_what_it_reverses',
        $$update reimbursement.reversals set posting_date = '2025-08-01' where voucher = 'REV-00000001'$$),
    ('a reversal of another payment', 'reversal_undoes_every_settlement',
        $$update reimbursement.reversals set reversed_voucher = 'PAY-00000003' where voucher = 'REV-00000001'$$),
    ('a reimbursement''s settlement is not undone', 'reversal_undoes_every_settlement',
        $$delete from reimbursement.settlements as s using reimbursement.customer_transactions as d
        where d.customer_transaction_id = s.debit_transaction_id and d.voucher = 'RMB-00000003' and s.amount < 0$$),
    ('a netting is not undone', 'reversal_undoes_every_settlement',
        $$delete from reimbursement.settlements where voucher = 'REV-00000004'$$),
    ('a payment''s settlement is not undone', 'reversal_undoes_every_settlement',
        'delete from reimbursement.vendor_settlements where amount < 0'),
    ('a settlement is undone by another run', 'reversal_undoes_every_settlement',
        'update reimbursement.vendor_settlements set run_id = 1 where amount < 0'),
    ('a settlement is undone by less', 'settlement_is_undone_by_its_opposite',
        $$update reimbursement.settlements set amount = amount + 1 where voucher = 'REV-00000004'$$),
    ('a settlement undoes another', 'settlement_is_undone_by_its_opposite',
        $$update reimbursement.settlements set undoes_settlement_id = (
            select s.settlement_id from reimbursement.settlements as s where s.currency = 'EUR')
        where voucher = 'REV-00000004'$$),
    ('a reversed reimbursement''s debit is not closed', 'reversal_closes_what_it_reverses',
        $$delete from reimbursement.customer_transactions where voucher = 'REV-00000002'$$),
    ('a cancelled invoice is not closed', 'reversal_closes_what_it_reverses',
        $$delete from reimbursement.vendor_transactions where voucher = 'REV-00000002'$$),
    ('a reversed payment is not closed', 'reversal_closes_what_it_reverses',
        $$delete from reimbursement.vendor_transactions where voucher = 'REV-00000001'$$),
    ('a reversed payment is closed by less', 'reversal_closes_what_it_reverses',
        $$update reimbursement.vendor_transactions set amount = amount + 1, settled_amount = settled_amount + 1
        where voucher = 'REV-00000001'$$),
    ('a reversed payment is closed on another account', 'reversal_closes_what_it_reverses',
        $$update reimbursement.vendor_transactions set payable_account = 'X' where voucher = 'REV-00000001'$$),
    ('a cancelled invoice is closed by another', 'reversal_closes_what_it_reverses',
        $$update reimbursement.vendor_transactions set invoice_number = 'X' where voucher = 'REV-00000002'$$),
    ('a reversal is due on another day', 'reversal_closes_what_it_reverses',
        $$update reimbursement.customer_transactions set due_date = due_date + 1 where voucher = 'REV-00000002'$$),
    ('a reversed debit is closed in another dimension set', 'reversal_closes_what_it_reverses',
        $$update reimbursement.customer_transactions set dimension_set_id = 1 where voucher = 'REV-00000002'$$),
    ('a reversal transaction without a reversal', 'reversal_closes_what_it_reverses',
        $$delete from reimbursement.reversals where voucher = 'REV-00000002'$$),
    ('a credit is open again, and nothing reopened it', 'settlements_are_settled',
        $$delete from reimbursement.settlements as s using reimbursement.customer_transactions as c
        where c.customer_transaction_id = s.credit_transaction_id and c.voucher = 'CN-CAT' and s.amount < 0$$),
    ('a credit that is open again is reimbursed twice', 'reimbursed_credits_are_closed',
        $$insert into reimbursement.settlements (legal_entity_id, debit_transaction_id, credit_transaction_id, currency,
            amount, debit_accounting_amount, credit_accounting_amount, settled_on, run_id)
        select s.legal_entity_id, s.debit_transaction_id, s.credit_transaction_id, s.currency, s.amount,
            s.debit_accounting_amount, s.credit_accounting_amount, s.settled_on, s.run_id
        from reimbursement.settlements as s
        inner join reimbursement.customer_transactions as c on c.customer_transaction_id = s.credit_transaction_id
        where c.voucher = 'CN-CAT' and s.amount > 0$$),
    ('a reversal is dated before what it reverses', 'nothing_is_dated_before_what_it_touches',
        $$update reimbursement.settlements set settled_on = '2025-06-29' where voucher = 'REV-00000004'$$),
    ('receivables are reversed on another account', 'receivable_movement_equals_open_transactions',
        $$update reimbursement.ledger_entries set ledger_account = 'X'
        where voucher = 'REV-00000003' and posting_type = 'receivable'$$),
    ('payables are reversed on another account', 'payable_movement_equals_open_transactions',
        $$update reimbursement.ledger_entries set ledger_account = 'X'
        where voucher = 'REV-00000003' and posting_type = 'payable'$$),

    -- Numbers and jobs.
    ('a payment''s number is missing', 'numbers_have_no_gaps',
        $$update reimbursement.number_sequences set next_number = next_number + 1 where sequence = 'payment'$$),
    ('a reversal''s number is missing', 'numbers_have_no_gaps',
        $$update reimbursement.number_sequences set next_number = next_number + 1 where sequence = 'reversal'$$),
    ('the sequence of payments is gone', 'numbers_have_no_gaps',
        $$delete from reimbursement.number_sequences where sequence = 'payment'$$),
    ('a job has made a payment less', 'job_has_all_of_its_effects_or_none',
        $$update reimbursement.jobs set processed = processed + 1 where kind = 'vendor_payment'$$),
    ('a job has paid another amount', 'job_has_all_of_its_effects_or_none',
        $$update reimbursement.jobs set accounting_amount = accounting_amount + 1 where kind = 'vendor_payment'$$),
    ('the skip of an invoice is gone', 'job_has_all_of_its_effects_or_none', 'delete from reimbursement.invoice_skips'),
    ('the skip of a reimbursement is gone', 'job_has_all_of_its_effects_or_none',
        'delete from reimbursement.reimbursement_skips'),
    ('a job has reversed one more', 'job_has_all_of_its_effects_or_none',
        $$update reimbursement.jobs set processed = processed - 1 where kind = 'reimbursement_reversal'$$),
    ('a job that failed has paid', 'job_has_all_of_its_effects_or_none',
        $$update reimbursement.jobs set state = 'failed' where kind = 'vendor_payment'$$),
    ('a job that failed has reversed a payment', 'job_has_all_of_its_effects_or_none',
        $$update reimbursement.jobs set state = 'failed' where kind = 'payment_reversal'$$),
    ('a payment is of another run than its job', 'row_belongs_to_the_run_of_its_job',
        $$update reimbursement.payments set run_id = 1 where payment_number = 'PAY-00000001'$$),
    ('a reversal is of another run than its job', 'row_belongs_to_the_run_of_its_job',
        $$update reimbursement.reversals set run_id = 1 where voucher = 'REV-00000001'$$),
    ('a skip of an invoice that is not there', 'skip_has_what_it_skips',
        $$update reimbursement.invoice_skips set invoice_number = 'X'$$),
    ('a skip of another vendor''s invoice', 'skip_has_what_it_skips',
        $$update reimbursement.invoice_skips set vendor_account = 'X'$$),
    ('a skip of a reimbursement that is not there', 'skip_has_what_it_skips',
        $$update reimbursement.reimbursement_skips set reimbursement_number = reimbursement_number || 'X'$$),
    ('a skip of another customer''s reimbursement', 'skip_has_what_it_skips',
        $$update reimbursement.reimbursement_skips set customer_account = 'X'$$),
    ('the skip of an invoice is of another run', 'row_belongs_to_the_run_of_its_job',
        'update reimbursement.invoice_skips set run_id = 1'),
    ('the skip of a reimbursement is of another run', 'row_belongs_to_the_run_of_its_job',
        'update reimbursement.reimbursement_skips set run_id = 1')
) as t (fault, rule, change);

-- Of one company, or of all.
select is(
    test.rules_broken_by(
        $$update reimbursement.payments set amount = 999 where legal_entity_id = 'US01';
        update reimbursement.reversals set reversed_voucher = voucher where legal_entity_id = 'US01';
        update reimbursement.vendor_settlements set amount = amount * 2, settled_on = '2025-01-01', run_id = -1
        where legal_entity_id = 'US01';
        update reimbursement.vendor_transactions set settled_amount = 1 where legal_entity_id = 'US01';
        update reimbursement.payment_files set content = '', payments = 99 where legal_entity_id = 'US01';
        update reimbursement.ledger_entries set dimension_set_id = dimension_set_id + 1
        where legal_entity_id = 'US01'$$,
        'US02'),
    null, 'the books of one legal entity are right though another''s are not');
select is_empty('select * from reimbursement.check_books()', 'and afterwards the books are right again');

select * from finish();
