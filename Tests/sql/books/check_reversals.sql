-- check_books finds whatever is tampered with of reversals, and of the numbers and jobs of runs that pay or reverse, by
-- the name of the rule that it breaks.
select plan(106);

select test.paid_and_reversed_books();
select test.require_right_books();
select results_eq(
    $$ select voucher::text collate "default", reversed_voucher::text collate "default" from reimbursement.reversals
    order by voucher $$,
    $$ values
    ('REV-00000001', 'PAY-00000002'), ('REV-00000002', 'RMB-00000003'), ('REV-00000003', 'RMB-00000004'),
    ('REV-00000004', 'STL-00000001'), ('REV-00000005', 'STL-00000002') $$,
    'and this is what was reversed');

-- run_id: the run whose own check says so too; null: only all books tell, or by that rule.
create temporary table tampering (fault text, rule text, run_id bigint, change text);
insert into tampering (fault, rule, run_id, change) values
    -- Reversals.
    ('a line of a reversal is another amount', 'reversal_posts_the_opposite', 3,
        $$update reimbursement.ledger_entries set amount = amount + 1, accounting_amount = accounting_amount + 1
        where voucher = 'REV-00000001' and line_number = 1$$),
    ('a reversal posts nothing', 'reversal_posts_the_opposite', 5,
        $$delete from reimbursement.ledger_entries where voucher = 'REV-00000002'$$),
    ('a reversal posts to another account', 'reversal_posts_the_opposite', 3,
        $$update reimbursement.ledger_entries set ledger_account = 'X'
        where voucher = 'REV-00000001' and line_number = 1$$),
    ('a reversal posts to another dimension set', 'reversal_posts_the_opposite', 5,
        $$update reimbursement.ledger_entries set dimension_set_id = 1 - dimension_set_id
        where voucher = 'REV-00000004'$$),
    ('a reversal posts as something else', 'reversal_posts_the_opposite', 3,
        $$update reimbursement.ledger_entries set posting_type = 'payable' where voucher = 'REV-00000001'$$),
    ('what was reversed is posted otherwise', 'reversal_posts_the_opposite', 3,
        $$update reimbursement.ledger_entries set amount = amount * 2, accounting_amount = accounting_amount * 2
        where voucher = 'PAY-00000002'$$),
    ('a reversal posts on another day', 'reversal_posts_the_opposite', 3,
        $$update reimbursement.ledger_entries set posting_date = '2025-08-01' where voucher = 'REV-00000001'$$),
    ('a reversal is gone', 'voucher_has_its_document', null,
        $$delete from reimbursement.reversals where voucher = 'REV-00000001'$$),
    ('a reversal of nothing', 'reversal_has_what_it_reverses', 3,
        $$update reimbursement.reversals set reversed_voucher = 'X' where voucher = 'REV-00000001'$$),
    ('a reversal of another kind', 'reversal_has_what_it_reverses', 3,
        $$update reimbursement.reversals set reversed_type = 'reimbursement', not_sent = false
        where voucher = 'REV-00000001'$$),
    ('a reversal for another reason', 'reversal_says_what_its_run_said', 3,
        $$update reimbursement.reversals set reason = 'X' where voucher = 'REV-00000001'$$),
    ('what was not sent was sent', 'reversal_says_what_its_run_said', 3,
        $$update reimbursement.reversals set not_sent = false where voucher = 'REV-00000001'$$),
    ('what was not sent came back', 'reversal_says_what_its_run_said', 3,
        $$update reimbursement.reversals set not_sent = false, return_code = 'AC04' where voucher = 'REV-00000001'$$),
    ('what came back was in no file', 'reversal_of_what_was_sent_alone_has_a_code', 3,
        $$update reimbursement.reversals set not_sent = false, return_code = 'AC04', in_bank_file = false
        where voucher = 'REV-00000001'$$),
    ('a reversal of another day', 'reversal_has_what_it_reverses', 3,
        $$update reimbursement.reversals set posting_date = '2025-08-01' where voucher = 'REV-00000001'$$),
    ('a reversal of another payment', 'reversal_undoes_every_settlement', 3,
        $$update reimbursement.reversals set reversed_voucher = 'PAY-00000003' where voucher = 'REV-00000001'$$),
    ('a reimbursement''s settlement is not undone', 'reversal_undoes_every_settlement', 5,
        $$delete from reimbursement.settlements as s using reimbursement.customer_transactions as d
        where d.customer_transaction_id = s.debit_transaction_id and d.voucher = 'RMB-00000003' and s.amount < 0$$),
    ('a netting is not undone', 'reversal_undoes_every_settlement', 5,
        $$delete from reimbursement.settlements where voucher = 'REV-00000004'$$),
    ('a payment''s settlement is not undone', 'reversal_undoes_every_settlement', 3,
        'delete from reimbursement.vendor_settlements where amount < 0'),
    ('a settlement is undone by another run', 'reversal_undoes_every_settlement', 3,
        'update reimbursement.vendor_settlements set run_id = 1 where amount < 0'),
    ('a settlement is undone by less', 'settlement_is_undone_by_its_opposite', 5,
        $$update reimbursement.settlements set amount = amount + 1 where voucher = 'REV-00000004'$$),
    ('a settlement undoes another', 'settlement_is_undone_by_its_opposite', 5,
        $$update reimbursement.settlements set undoes_settlement_id = (
            select s.settlement_id from reimbursement.settlements as s where s.currency = 'EUR')
        where voucher = 'REV-00000004'$$),
    ('a reversed reimbursement''s debit is not closed', 'reversal_closes_what_it_reverses', 5,
        $$delete from reimbursement.customer_transactions where voucher = 'REV-00000002'$$),
    ('a cancelled invoice is not closed', 'reversal_closes_what_it_reverses', 5,
        $$delete from reimbursement.vendor_transactions where voucher = 'REV-00000002'$$),
    ('a reversed payment is not closed', 'reversal_closes_what_it_reverses', 3,
        $$delete from reimbursement.vendor_transactions where voucher = 'REV-00000001'$$),
    ('a reversed payment is closed by less', 'reversal_closes_what_it_reverses', 3,
        $$update reimbursement.vendor_transactions set amount = amount + 1, settled_amount = settled_amount + 1
        where voucher = 'REV-00000001'$$),
    ('a reversed payment is closed on another account', 'reversal_closes_what_it_reverses', 3,
        $$update reimbursement.vendor_transactions set payable_account = 'X' where voucher = 'REV-00000001'$$),
    ('a cancelled invoice is closed by another', 'reversal_closes_what_it_reverses', 5,
        $$update reimbursement.vendor_transactions set invoice_number = 'X' where voucher = 'REV-00000002'$$),
    ('a reversal is due on another day', 'reversal_closes_what_it_reverses', 5,
        $$update reimbursement.customer_transactions set due_date = due_date + 1 where voucher = 'REV-00000002'$$),
    ('a reversed debit is closed in another dimension set', 'reversal_closes_what_it_reverses', 5,
        $$update reimbursement.customer_transactions set dimension_set_id = 1 where voucher = 'REV-00000002'$$),
    ('a reversal transaction without a reversal', 'reversal_closes_what_it_reverses', 5,
        $$delete from reimbursement.reversals where voucher = 'REV-00000002'$$),
    ('a credit is open again, and nothing reopened it', 'settlements_are_settled', 1,
        $$delete from reimbursement.settlements as s using reimbursement.customer_transactions as c
        where c.customer_transaction_id = s.credit_transaction_id and c.voucher = 'CN-CAT' and s.amount < 0$$),
    ('a credit that is open again is reimbursed twice', 'reimbursed_credits_are_closed', 1,
        $$insert into reimbursement.settlements (legal_entity_id, debit_transaction_id, credit_transaction_id, currency,
            amount, debit_accounting_amount, credit_accounting_amount, settled_on, run_id)
        select s.legal_entity_id, s.debit_transaction_id, s.credit_transaction_id, s.currency, s.amount,
            s.debit_accounting_amount, s.credit_accounting_amount, s.settled_on, s.run_id
        from reimbursement.settlements as s
        inner join reimbursement.customer_transactions as c on c.customer_transaction_id = s.credit_transaction_id
        where c.voucher = 'CN-CAT' and s.amount > 0$$),
    ('a reversal is dated before what it reverses', 'nothing_is_dated_before_what_it_touches', 5,
        $$update reimbursement.settlements set settled_on = '2025-06-29' where voucher = 'REV-00000004'$$),
    ('receivables are reversed on another account', 'receivable_movement_equals_open_transactions', 5,
        $$update reimbursement.ledger_entries set ledger_account = 'X'
        where voucher = 'REV-00000003' and posting_type = 'receivable'$$),
    ('payables are reversed on another account', 'payable_movement_equals_open_transactions', 5,
        $$update reimbursement.ledger_entries set ledger_account = 'X'
        where voucher = 'REV-00000003' and posting_type = 'payable'$$),

    -- Numbers and jobs.
    ('a payment''s number is missing', 'numbers_have_no_gaps', null,
        $$update reimbursement.number_sequences set next_number = next_number + 1 where sequence = 'payment'$$),
    ('a reversal''s number is missing', 'numbers_have_no_gaps', null,
        $$update reimbursement.number_sequences set next_number = next_number + 1 where sequence = 'reversal'$$),
    ('the sequence of payments is gone', 'numbers_have_no_gaps', 2,
        $$delete from reimbursement.number_sequences where sequence = 'payment'$$),
    ('a job has made a payment less', 'job_has_all_of_its_effects_or_none', 2,
        $$update reimbursement.jobs set processed = processed + 1 where kind = 'vendor_payment'$$),
    ('a job has paid another amount', 'job_has_all_of_its_effects_or_none', 2,
        $$update reimbursement.jobs set accounting_amount = accounting_amount + 1 where kind = 'vendor_payment'$$),
    ('the skip of an invoice is gone', 'job_has_all_of_its_effects_or_none', 2, 'delete from reimbursement.invoice_skips'),
    ('the skip of a reimbursement is gone', 'job_has_all_of_its_effects_or_none', 5,
        'delete from reimbursement.reimbursement_skips'),
    ('a job has reversed one more', 'job_has_all_of_its_effects_or_none', 5,
        $$update reimbursement.jobs set processed = processed - 1 where kind = 'reimbursement_reversal'$$),
    ('a job that failed has paid', 'job_has_all_of_its_effects_or_none', 2,
        $$update reimbursement.jobs set state = 'failed' where kind = 'vendor_payment'$$),
    ('a job that failed has reversed a payment', 'job_has_all_of_its_effects_or_none', 3,
        $$update reimbursement.jobs set state = 'failed' where kind = 'payment_reversal'$$),
    ('a payment is of another run than its job', 'row_belongs_to_the_run_of_its_job', 1,
        $$update reimbursement.payments set run_id = 1 where payment_number = 'PAY-00000001'$$),
    ('a reversal is of another run than its job', 'row_belongs_to_the_run_of_its_job', 1,
        $$update reimbursement.reversals set run_id = 1 where voucher = 'REV-00000001'$$),
    ('a skip of an invoice that is not there', 'skip_has_what_it_skips', 2,
        $$update reimbursement.invoice_skips set invoice_number = 'X'$$),
    ('a skip of another vendor''s invoice', 'skip_has_what_it_skips', 2,
        $$update reimbursement.invoice_skips set vendor_account = 'X'$$),
    ('a skip of a reimbursement that is not there', 'skip_has_what_it_skips', 5,
        $$update reimbursement.reimbursement_skips set reimbursement_number = reimbursement_number || 'X'$$),
    ('a skip of another customer''s reimbursement', 'skip_has_what_it_skips', 5,
        $$update reimbursement.reimbursement_skips set customer_account = 'X'$$),
    ('the skip of an invoice is of another run', 'row_belongs_to_the_run_of_its_job', 1,
        'update reimbursement.invoice_skips set run_id = 1'),
    ('the skip of a reimbursement is of another run', 'row_belongs_to_the_run_of_its_job', 1,
        'update reimbursement.reimbursement_skips set run_id = 1');
select ok(t.rule = any(test.rules_broken_by(t.change)), format('%s: %s', t.rule, t.fault)) from tampering as t;
select ok(
    t.rule = any(test.rules_broken_by(t.change, run_id => t.run_id)), format('of its run, %s: %s', t.rule, t.fault))
from tampering as t
where t.run_id is not null;

select test.require_right_books();

select * from finish();
