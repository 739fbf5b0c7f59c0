-- check_books finds whatever is tampered with of payments and their files, by the name of the rule that it breaks.
select plan(145);

select test.paid_and_reversed_books();
select is_empty('select * from reimbursement.check_books()', 'before, the books are right');

-- That a check constraint forbids is let in first.
alter table reimbursement.vendor_transactions
drop constraint vendor_transactions_never_settled_beyond_amount,
drop constraint vendor_transactions_never_settled_beyond_accounting_amount,
drop constraint vendor_transactions_closed_in_both_or_in_neither;

-- Writes something else into the messages from EURO, digests included.
create function pg_temp.rewrite(pattern text, replacement text) returns void
language sql
as $$
    update reimbursement.payment_files as f
    set content = c.content, sha256 = encode(sha256(convert_to(c.content, 'UTF8')), 'hex')
    from reimbursement.payment_files as o
    cross join lateral regexp_replace(o.content, rewrite.pattern, rewrite.replacement) as c (content)
    where o.ctid = f.ctid and f.legal_entity_id = 'US01' and f.bank_account = 'EURO' and f.format <> 'csv'
$$;

-- run_id: the run whose own check says so too; null: only all books tell, or by that rule.
create temporary table tampering (fault text, rule text, run_id bigint, change text);
insert into tampering (fault, rule, run_id, change) values
    -- Payments.
    ('a payment is gone', 'payment_agrees_with_its_documents', null,
        $$delete from reimbursement.payments where payment_number = 'PAY-00000001'$$),
    ('a payment is of more', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set amount = amount + 1 where payment_number = 'PAY-00000001'$$),
    ('a payment is of another accounting amount', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set accounting_amount = 110 where payment_number = 'PAY-00000001'$$),
    ('a payment is at another rate', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set exchange_rate = 1.1 where payment_number = 'PAY-00000001'$$),
    ('a payment is to another vendor', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set vendor_account = 'OTV-00000002' where payment_number = 'PAY-00000001'$$),
    ('a payment is of another day', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set payment_date = '2025-07-16' where payment_number = 'PAY-00000001'$$),
    ('a payment is from a bank account of another currency', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set bank_account = 'BANK' where payment_number = 'PAY-00000001'$$),
    ('a transfer is to no valid account', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set creditor_iban = 'DE00370400440532013000'
        where payment_number = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is gone', 'payment_agrees_with_its_documents', 2,
        $$delete from reimbursement.vendor_transactions where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is of another accounting amount', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.vendor_transactions set accounting_amount = 110, settled_accounting_amount = 110
        where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is of another invoice', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.vendor_transactions set invoice_number = 'RINV-00000002'
        where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is on another account', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.vendor_transactions set payable_account = 'X' where voucher = 'PAY-00000001'$$),
    ('a payment''s vendor transaction is due on another day', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.vendor_transactions set due_date = due_date + 1 where voucher = 'PAY-00000001'$$),
    ('the bank names another payment', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.payments set end_to_end_id = 'X' where payment_number = 'PAY-00000001'$$),
    ('a payment''s settlement is gone', 'payment_agrees_with_its_documents', 2,
        $$delete from reimbursement.vendor_settlements where currency = 'EUR'$$),
    ('a payment''s settlement has another accounting amount', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.vendor_settlements set debit_accounting_amount = 110 where currency = 'EUR'$$),
    ('a settlement has another accounting amount of the invoice', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.vendor_settlements set credit_accounting_amount = 120 where currency = 'EUR'$$),
    ('a payment''s voucher is gone', 'payment_agrees_with_its_documents', 2,
        $$delete from reimbursement.ledger_entries where voucher = 'PAY-00000001'$$),
    ('the bank is credited with less', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.ledger_entries set amount = amount + 1
        where voucher = 'PAY-00000001' and posting_type = 'bank'$$),
    ('the bank is credited with another accounting amount', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.ledger_entries set accounting_amount = -110
        where voucher = 'PAY-00000001' and posting_type = 'bank'$$),
    ('the bank is credited in a dimension set', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.ledger_entries set dimension_set_id = 1
        where voucher = 'PAY-00000001' and posting_type = 'bank'$$),
    ('the loss of a payment is in a dimension set', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.ledger_entries set dimension_set_id = 1
        where voucher = 'PAY-00000001' and posting_type = 'realized_loss'$$),
    ('a payment is posted on another day', 'payment_agrees_with_its_documents', 2,
        $$update reimbursement.ledger_entries set posting_date = '2025-07-16' where voucher = 'PAY-00000001'$$),
    ('a payable line is in another dimension set', 'payment_takes_back_the_lines_of_its_invoices', 2,
        $$update reimbursement.ledger_entries set dimension_set_id = 0
        where voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('a payable line is on another account', 'payment_takes_back_the_lines_of_its_invoices', 2,
        $$update reimbursement.ledger_entries set ledger_account = '200999'
        where voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('two payable lines are exchanged', 'payment_takes_back_the_lines_of_its_invoices', 7,
        $$update reimbursement.ledger_entries set amount = 30 - amount, accounting_amount = 30 - accounting_amount
        where legal_entity_id = 'US02' and voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('a payment pays an invoice of another account', 'payment_stays_on_one_payable_account', 7,
        $$update reimbursement.vendor_transactions set payable_account = 'X'
        where legal_entity_id = 'US02' and invoice_number = 'RINV-00000002' and transaction_type = 'invoice'$$),
    ('a payable line is on another account than its vendor transaction', 'payment_stays_on_one_payable_account', 7,
        $$update reimbursement.ledger_entries set ledger_account = 'X'
        where legal_entity_id = 'US02' and voucher = 'PAY-00000001' and amount = 10$$),
    ('a payment''s voucher stands alone', 'voucher_has_its_document', null,
        $$delete from reimbursement.payments where payment_number = 'PAY-00000003'$$),
    ('a payment''s payable is posted as something else', 'payable_movement_equals_open_transactions', 2,
        $$update reimbursement.ledger_entries set posting_type = 'bank'
        where voucher = 'PAY-00000001' and posting_type = 'payable'$$),
    ('a loss below nothing', 'gain_and_loss_have_their_signs', 2,
        $$update reimbursement.ledger_entries set accounting_amount = -accounting_amount
        where voucher = 'PAY-00000001'$$),
    ('a loss is called a gain', 'gain_and_loss_have_their_signs', 2,
        $$update reimbursement.ledger_entries set posting_type = 'realized_gain'
        where voucher = 'PAY-00000001' and posting_type = 'realized_loss'$$),

    -- Vendor transactions and their settlements.
    ('an invoice is paid twice', 'vendor_transactions_are_settled_by_settlements', 1,
        $$insert into reimbursement.vendor_settlements (legal_entity_id, debit_transaction_id, credit_transaction_id,
            currency, amount, debit_accounting_amount, credit_accounting_amount, settled_on, run_id)
        select legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount,
            debit_accounting_amount, credit_accounting_amount, settled_on, run_id
        from reimbursement.vendor_settlements where currency = 'EUR'$$),
    ('a paid invoice is open', 'vendor_transactions_are_settled_by_settlements', 1,
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'RMB-00000001'$$),
    ('a paid invoice is open in accounting currency', 'vendor_transactions_are_settled_by_settlements', 1,
        $$update reimbursement.vendor_transactions set settled_accounting_amount = 0 where voucher = 'RMB-00000001'$$),
    ('a cancelled invoice is open', 'vendor_transactions_are_settled_by_settlements', 1,
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'RMB-00000003'$$),
    ('an invoice was paid later than it says', 'vendor_transactions_are_settled_by_settlements', 1,
        $$update reimbursement.vendor_transactions set last_settled_on = '2025-07-14' where voucher = 'RMB-00000001'$$),
    ('an invoice was never paid, it says', 'vendor_transactions_are_settled_by_settlements', 1,
        $$update reimbursement.vendor_transactions set last_settled_on = null where voucher = 'RMB-00000001'$$),
    ('an invoice is paid in part', 'vendor_transactions_are_settled_wholly', 1,
        $$update reimbursement.vendor_transactions set settled_amount = -50, settled_accounting_amount = -55
        where voucher = 'RMB-00000001'$$),
    ('a payment is open', 'vendor_transactions_are_settled_wholly', 1,
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'PAY-00000001'$$),
    ('a reversal is open', 'vendor_transactions_are_settled_wholly', 2,
        $$update reimbursement.vendor_transactions set settled_amount = 0, settled_accounting_amount = 0
        where voucher = 'REV-00000001'$$),
    ('a payment settles another vendor''s invoice', 'vendor_settlement_ties_debit_to_credit', 1,
        $$update reimbursement.vendor_transactions set vendor_account = 'OTV-00000002'
        where voucher = 'RMB-00000001'$$),
    ('a payment settles an invoice of another currency', 'vendor_settlement_ties_debit_to_credit', 1,
        $$update reimbursement.vendor_settlements set currency = 'USD' where currency = 'EUR'$$),
    ('a payment settles a payment', 'vendor_settlement_ties_debit_to_credit', 2,
        $$update reimbursement.vendor_settlements set credit_transaction_id = debit_transaction_id
        where currency = 'EUR'$$),
    ('a payment settles before it is made', 'nothing_is_dated_before_what_it_touches', 1,
        $$update reimbursement.vendor_settlements set settled_on = '2025-07-14' where currency = 'EUR'$$),
    ('a settlement is undone before it is made', 'nothing_is_dated_before_what_it_touches', 1,
        $$update reimbursement.vendor_settlements set settled_on = '2025-07-14' where amount < 0$$),
    ('a settlement is of another run than its payment', 'settlement_is_of_the_run_and_date_of_its_transaction', 1,
        $$update reimbursement.vendor_settlements set run_id = 1 where currency = 'EUR'$$),
    ('a settlement is of another day than its payment', 'settlement_is_of_the_run_and_date_of_its_transaction', 1,
        $$update reimbursement.vendor_settlements set settled_on = '2025-07-16' where currency = 'EUR'$$),
    ('a vendor settlement is undone by less', 'settlement_is_undone_by_its_opposite', 1,
        $$update reimbursement.vendor_settlements set amount = amount + 1 where amount < 0$$),
    ('a vendor settlement is undone by another accounting amount', 'settlement_is_undone_by_its_opposite', 1,
        $$update reimbursement.vendor_settlements set credit_accounting_amount = credit_accounting_amount + 1
        where amount < 0$$),

    -- Bank files.
    ('a bank file is gone', 'payment_file_agrees_with_its_payments', 2,
        $$delete from reimbursement.payment_files where format = 'csv' and bank_account = 'EURO'$$),
    ('all bank files are gone', 'payment_file_agrees_with_its_payments', 2, 'delete from reimbursement.payment_files'),
    ('a bank file counts another payment', 'payment_file_agrees_with_its_payments', 2,
        $$update reimbursement.payment_files set payments = payments + 1 where bank_account = 'EURO'$$),
    ('a bank file has another total', 'payment_file_agrees_with_its_payments', 2,
        $$update reimbursement.payment_files set control_sum = control_sum + 1 where bank_account = 'EURO'$$),
    ('a bank file is another bank account''s', 'payment_file_agrees_with_its_payments', 2,
        $$update reimbursement.payment_files set bank_account = 'NONE'
        where legal_entity_id = 'US01' and bank_account = 'EURO' and format = 'csv'$$),
    ('a bank file without payments', 'payment_file_agrees_with_its_payments', 1,
        $$insert into reimbursement.payment_files
        select f.legal_entity_id, 1, f.format, f.bank_account, f.message_id, f.payments, f.control_sum, f.content,
            f.sha256
        from reimbursement.payment_files as f where f.bank_account = 'EURO'$$),
    ('a bank file was changed', 'payment_file_has_its_digest', 2,
        $$update reimbursement.payment_files set content = content || ' ' where bank_account = 'EURO'$$),
    ('a bank file has another digest', 'payment_file_has_its_digest', 2,
        $$update reimbursement.payment_files set sha256 = repeat('0', 64) where bank_account = 'EURO'$$),
    ('a format has another message', 'payment_file_has_one_message_number', 2,
        $$update reimbursement.payment_files set message_id = 'X' where bank_account = 'EURO' and format = 'csv'$$),
    ('a message has another number', 'payment_file_says_what_its_row_says', 2,
        $$update reimbursement.payment_files set message_id = 'X' where bank_account = 'EURO'$$),
    ('a file has a payment twice', 'payment_file_says_what_its_row_says', 2,
        $$select pg_temp.rewrite('(<CdtTrfTxInf>.*</CdtTrfTxInf>)', e'\\1\n\\1')$$),
    ('a file has a payment less', 'payment_file_says_what_its_row_says', 2,
        $$select pg_temp.rewrite('<CdtTrfTxInf>.*</CdtTrfTxInf>', '')$$),
    ('a file has another amount', 'payment_file_says_what_its_row_says', 2,
        $$select pg_temp.rewrite('>100.00</InstdAmt>', '>900.00</InstdAmt>')$$),
    ('a file pays another amount', 'payment_file_says_what_was_posted', 2,
        $$select pg_temp.rewrite('>100.00</InstdAmt>', '>900.00</InstdAmt>')$$),
    ('a file pays another name', 'payment_file_says_what_was_posted', 2,
        $$select pg_temp.rewrite('<Cdtr><Nm>Customer ANN<', '<Cdtr><Nm>Mallory<')$$),
    ('a file pays another account', 'payment_file_says_what_was_posted', 2,
        $$select pg_temp.rewrite('DE89370400440532013000(.*</CdtTrfTxInf>)', 'FR1420041010050500013M02606\1')$$),
    ('a file pays for something else', 'payment_file_says_what_was_posted', 2,
        $$select pg_temp.rewrite('<Ustrd>R', '<Ustrd>X')$$),
    ('a file pays what was never posted', 'payment_file_says_what_was_posted', 2,
        $$select pg_temp.rewrite('PAY-00000001', 'PAY-00000099')$$),
    ('a payment is to another name', 'payment_file_says_what_was_posted', 2,
        $$update reimbursement.payments set creditor_name = 'Mallory' where payment_number = 'PAY-00000001'$$),
    ('a payment is to another account', 'payment_file_says_what_was_posted', 2,
        $$update reimbursement.payments set creditor_iban = 'FR1420041010050500013M02606'
        where payment_number = 'PAY-00000001'$$),
    ('a payment is at another bank', 'payment_file_says_what_was_posted', 2,
        $$update reimbursement.payments set creditor_bic = 'AGRIFRPPXXX' where payment_number = 'PAY-00000001'$$),
    ('a payment is for something else', 'payment_file_says_what_was_posted', 2,
        $$update reimbursement.payments set remittance = 'X' where payment_number = 'PAY-00000001'$$);
select ok(t.rule = any(test.rules_broken_by(t.change)), format('%s: %s', t.rule, t.fault)) from tampering as t;
select ok(
    t.rule = any(test.rules_broken_by(t.change, run_id => t.run_id)), format('of its run, %s: %s', t.rule, t.fault))
from tampering as t
where t.run_id is not null;

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
