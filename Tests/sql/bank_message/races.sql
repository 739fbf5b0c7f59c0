-- The same message twice at once, and an answer at the moment when its payment is reversed or answered by another.
select plan(15);

select test.open_other_session('first');
select test.open_other_session('second');

select test.company();
select test.bank_account(bridging_account => '110199');
select test.payee(c, 10, iban => 'FR1420041010050500013M02606') from unnest(array['ANN', 'BOB', 'CAT', 'DAN']) as c;
select test.reimburse();
select test.pay();

-- What was imported, in the order of the imports.
create function test.imports() returns text
language sql
as $$
    select string_agg(concat_ws(' ', i.message_id, m.matched, m.exceptions), ', ' order by i.import_id)
    from reimbursement.bank_imports as i
    inner join reimbursement.bank_messages as m on m.import_id = i.import_id
$$;

create function test.import(content text) returns text
language sql
as $$
    select format('do $do$ begin perform reimbursement.import_bank_message(%L); end $do$', content)
$$;

-- The same message.
select test.import(test.account_message(test.entry('10', test.behind('PAY-00000001')), message_id => 'N-1')) as message \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(:'message', 'first');
select test.wait_in_other_session(:'message', 'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'the same message twice at once: the second waits');
select is(test.imports(), 'N-1 1 0', 'and is the first');
select is((select count(*) from reimbursement.ledger_entries where voucher like 'BNK%'), 2::bigint, 'the money moved once');

-- Two messages that say the same of a payment: the first is taken back.
select test.import(test.account_message(test.entry('10', test.behind('PAY-00000002')), message_id => 'N-2')) as message \gset
select test.import(test.account_message(test.entry('10', test.behind('PAY-00000002')), 'camt.053', message_id => 'S-2'))
as other \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(:'message', 'first');
select test.wait_in_other_session(:'other', 'second');
select test.in_other_session('rollback', 'first');
select is(test.end_of_wait('second'), 'done', 'two messages about one payment wait for each other');
select is(test.imports(), 'N-1 1 0, S-2 1 0', 'one that is taken back said nothing');
select test.in_other_session(:'message', 'first');
select is((select count(*) from reimbursement.ledger_entries where voucher like 'BNK%'), 4::bigint,
    'and both move the money once');

-- A reversal that comes first: the answer sees it.
select reimbursement.enqueue_payment_reversal('US01', 'why', array['PAY-00000003'], posting_date => '2025-07-20', not_sent => true)
as run \gset
select * from reimbursement.claim_jobs('test', 1) \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(format('do $do$ begin perform reimbursement.execute_job(%L, %s, %s); end $do$',
    :'legal_entity_id', :job_id, :attempt), 'first');
select test.wait_in_other_session(
    test.import(test.account_message(test.entry('10', test.behind('PAY-00000003')), message_id => 'N-3')), 'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'an answer while its payment is being reversed waits');
select is((select string_agg(e.problem || ' ' || e.payment_number, ', ') from reimbursement.bank_exceptions as e),
    'already_reversed PAY-00000003', 'and is an exception then');

-- The answer comes first: the reversal posts to where the money is.
select reimbursement.enqueue_payment_reversal('US01', 'why', array['PAY-00000004'], posting_date => '2025-07-20', return_code => 'AC04')
as run \gset
select * from reimbursement.claim_jobs('test', 1) \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(
    test.import(test.account_message(test.entry('10', test.behind('PAY-00000004')), message_id => 'N-4')), 'first');
select test.wait_in_other_session(format('select reimbursement.execute_job(%L, %s, %s)', :'legal_entity_id', :job_id,
    :attempt), 'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'a reversal while the bank answers waits');
select results_eq(
    $$ select * from test.voucher('REV-00000002') $$,
    $$ values ('200100', null, -10.00, -10.00), ('110110', null, 10.00, 10.00) $$, 'and takes it back from the bank');

-- What a message reverses, and a person was faster: the rest of its run is carried out.
select test.payee('EVE', 10, iban => 'FR1420041010050500013M02606');
select test.reimburse('2025-07-01', customer_filter => 'EVE');
select test.pay('2025-07-21');
select reimbursement.import_bank_message(test.status_report(test.file_message(), 'RJCT', group_reason => 'FF01',
    created => '2025-07-22T08:00:00Z'));
select is((select count(*) from reimbursement.vendor_payments as p where p.status = 'rejected'), 2::bigint, 'a file is rejected');
update reimbursement.jobs set run_at = now() + interval '1 hour' where state = 'ready';
select test.reverse_payments(array['PAY-00000005'], '2025-07-22', return_code => 'FF01');
update reimbursement.jobs set run_at = now() where state = 'ready';
select lives_ok('select test.work_off()', 'a person reverses one of its payments before the run does');
select is((select string_agg(concat_ws(' ', v.reversed_voucher, v.run_id = test.last_run()), ', ' order by v.reversed_voucher)
    from reimbursement.reversals as v where v.reversed_voucher >= 'PAY-00000005'), 'PAY-00000005 t, PAY-00000006 f',
    'the run leaves it alone and takes the other');
select is((select string_agg(concat_ws(' ', r.state, r.processed), ', ' order by r.run_id) from reimbursement.runs as r
    where r.kind = 'payment_reversal' and r.run_id >= test.last_run() - 1), 'completed 1, completed 1', 'and is completed');
select is_empty('select * from reimbursement.check_books()', 'the books are right');
select * from finish();
