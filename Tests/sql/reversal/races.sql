-- A reversal at the moment of a payment, of another reversal, or of a run: never a paid invoice reversed, never a
-- reversal twice.
select plan(30);

select test.open_other_session('first');
select test.open_other_session('second');

-- A reversal at the moment of the payment.
select test.invoices_of_two('PAY-REV');
select reimbursement.enqueue_vendor_payment('PAY-REV', '2025-07-15', vendor_filter => 'OTV-00000001') as first \gset
select reimbursement.enqueue_reversal(
    'PAY-REV', 'why', array['RMB-00000001', 'RMB-00000002'], posting_date => '2025-07-15') as second \gset
call test.race(:first, :second, 'commit');
select is(
    test.end_of_race(), 'RB025 this cannot be reversed: RMB-00000001 is paid by PAY-00000001',
    'a reversal by number fails when the payment came first');
select is(
    test.fate_of_invoices('PAY-REV'), 'ANN paid PAY-00000001, BOB open', 'with nothing reversed, and the payment made');
select is(test.end_of_run(:second), 'failed: 0 done, 0 skipped', 'the run of the reversal has failed');

select test.invoices_of_two('PAY-REV-RUN');
select reimbursement.enqueue_vendor_payment('PAY-REV-RUN', '2025-07-15', vendor_filter => 'OTV-00000001') as first \gset
select reimbursement.enqueue_reversal(
    'PAY-REV-RUN', 'why', run_id => q.run_id, posting_date => '2025-07-15') as second
from reimbursement.runs as q where q.legal_entity_id = 'PAY-REV-RUN' and q.kind = 'reimbursement' \gset
call test.race(:first, :second, 'commit');
select is(test.end_of_race(), 'done', 'a reversal of the run skips what was paid');
select is(test.fate_of_invoices('PAY-REV-RUN'), 'ANN paid PAY-00000001, BOB cancelled REV-00000001',
    'and reverses the rest');
select is(test.end_of_run(:second), 'completed: 1 done, 1 skipped', 'as it reports');
select results_eq(
    format(
        'select reimbursement_number::text collate "default", skip_reason from reimbursement.skipped_reimbursements
        where run_id = %s', :second),
    $$ values ('RMB-00000001', 'paid') $$, 'with the reason');

select test.invoices_of_two('REV-PAY');
select reimbursement.enqueue_reversal(
    'REV-PAY', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('REV-PAY', '2025-07-15') as second \gset
call test.race(:first, :second, 'commit');
select is(test.end_of_race(), 'done', 'a payment run waits for the reversal that came first');
select is(test.fate_of_invoices('REV-PAY'), 'ANN cancelled REV-00000001, BOB paid PAY-00000001',
    'and does not pay what is cancelled');
select is(test.end_of_run(:second), 'completed: 1 done, 0 skipped', 'a cancelled invoice is no skip');

select test.invoices_of_two('REV-PAY-2');
select reimbursement.enqueue_reversal(
    'REV-PAY-2', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_vendor_payment('REV-PAY-2', '2025-07-15') as second \gset
call test.race(:first, :second, 'rollback');
select is(
    test.fate_of_invoices('REV-PAY-2'), 'ANN paid PAY-00000001, BOB paid PAY-00000002',
    'when the reversal fails, both are paid');
select throws_ok(
    'select test.work_off()', 'RB025', 'this cannot be reversed: RMB-00000001 is paid by PAY-00000001',
    'and then cannot be reversed');
update reimbursement.jobs set state = 'cancelled' where state in ('ready', 'running');

-- The same reversal twice.
select test.invoices_of_two('REV-REV');
select reimbursement.enqueue_reversal(
    'REV-REV', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_reversal(
    'REV-REV', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as second \gset
call test.race(:first, :second, 'commit');
select is(
    test.end_of_race(), 'RB025 this cannot be reversed: RMB-00000001 was reversed by REV-00000001',
    'the same reversal twice: the second fails');
select is(test.fate_of_invoices('REV-REV'), 'ANN cancelled REV-00000001, BOB open', 'and it is reversed once');
select results_eq(
    $$ select open_amount from test.transactions('ANN', 'REV-REV') $$, $$ values (-10.00), (0.00), (0.00) $$,
    'its credit is open once');
select reimbursement.enqueue_reversal('REV-REV', 'why', run_id => q.run_id, posting_date => '2025-07-15') as first,
    reimbursement.enqueue_reversal('REV-REV', 'why', run_id => q.run_id, posting_date => '2025-07-15') as second
from reimbursement.runs as q where q.legal_entity_id = 'REV-REV' and q.kind = 'reimbursement' \gset
call test.race(:first, :second, 'commit');
select is(
    array[test.end_of_run(:first), test.end_of_run(:second)],
    array['completed: 1 done, 1 skipped', 'completed: 0 done, 2 skipped'],
    'the same run reversed twice: the second skips all');
select is(
    test.fate_of_invoices('REV-REV'), 'ANN cancelled REV-00000001, BOB cancelled REV-00000002', 'each is reversed once');

-- Nettings of a run that is reversed twice at once.
select test.company(legal_entity_id => 'NETTED');
select test.credit('ANN', 10, legal_entity_id => 'NETTED');
select test.debit('ANN', 15, dimensions => '{"Department": "010"}', legal_entity_id => 'NETTED');
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'NETTED') as netted \gset
select reimbursement.enqueue_reversal('NETTED', 'why', run_id => :netted, posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_reversal('NETTED', 'why', run_id => :netted, posting_date => '2025-07-15') as second \gset
call test.race(:first, :second, 'commit');
select is(test.end_of_race(), 'done', 'a run that only netted, reversed twice at once');
select results_eq(
    $$ select open_amount from test.transactions('ANN', 'NETTED') $$, $$ values (-10.00), (15.00) $$,
    'its nettings are undone once');
select is(
    (select count(*) from reimbursement.reversals where legal_entity_id = 'NETTED'), 1::bigint, 'by one voucher');

-- The same payment reversal twice; and against a payment run.
select test.invoices_of_two('BACK-BACK');
select test.pay(legal_entity_id => 'BACK-BACK');
select reimbursement.enqueue_payment_reversal(
    'BACK-BACK', 'why', array['PAY-00000001'], '2025-07-20', not_sent => true) as first \gset
select reimbursement.enqueue_payment_reversal(
    'BACK-BACK', 'why', array['PAY-00000001', 'PAY-00000002'], '2025-07-20', not_sent => true) as second \gset
call test.race(:first, :second, 'commit');
select is(
    test.end_of_race(), 'RB025 this cannot be reversed: PAY-00000001 was reversed by REV-00000001',
    'the same payment back twice: the second fails');
select is(test.fate_of_invoices('BACK-BACK'), 'ANN open, BOB paid PAY-00000002', 'with nothing of it written');

-- A reimbursement is reversed while its payment comes back: the reversal was enqueued before it was paid.
select test.invoices_of_two('BACK-REV');
select reimbursement.enqueue_reversal(
    'BACK-REV', 'why', array['RMB-00000001'], posting_date => '2025-07-20', run_at => '2099-01-01') as second \gset
select test.pay(legal_entity_id => 'BACK-REV');
select reimbursement.enqueue_payment_reversal(
    'BACK-REV', 'why', array['PAY-00000001'], '2025-07-20', not_sent => true) as first \gset
update reimbursement.jobs set run_at = now() where state = 'scheduled';
call test.race(:first, :second, 'commit');
select is(test.end_of_race(), 'done', 'a reversal that waits for the payment to come back sees that it has');
select is(test.fate_of_invoices('BACK-REV'), 'ANN cancelled REV-00000002, BOB paid PAY-00000002',
    'and reverses the reimbursement');

-- A reimbursement run at the moment of a reversal.
select test.invoices_of_two('REV-RMB');
select reimbursement.enqueue_reversal(
    'REV-RMB', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as first \gset
select reimbursement.enqueue_reimbursement('REV-RMB', '2025-07-15') as second \gset
select test.credit('ANN', 5, legal_entity_id => 'REV-RMB');
call test.race(:first, :second, 'commit');
select is(test.end_of_race(), 'done', 'a reimbursement run waits for the reversal');
select is(
    (select r.amount from reimbursement.reimbursement_report as r where r.run_id = :second), 15.00,
    'and reimburses the credit that is open again, with the new one');

-- A run that failed in part is retried at the moment of its reversal.
select test.company(legal_entity_id => 'RETRY');
select test.payee('ANN', 10, legal_entity_id => 'RETRY');
select test.payee('BOB', 20, legal_entity_id => 'RETRY');
select reimbursement.enqueue_reimbursement('RETRY', '2025-06-30', batches => 2) as run_id \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select reimbursement.fail_job('RETRY', :job_id, 1, 'failed', '23514', 'it broke');
select test.work_off();
select reimbursement.enqueue_reversal('RETRY', 'why', run_id => :run_id, posting_date => '2025-07-15') as reversal \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'RETRY', :job_id), 'first');
select test.wait_in_other_session(format('select reimbursement.retry_run(%s)', :run_id), 'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'who retries a run waits for its reversal');
select test.work_off();
select is(
    (select string_agg(r.payment_status, ', ' order by r.payment_status) from reimbursement.reimbursement_report as r
    where r.legal_entity_id = 'RETRY'), 'cancelled, open', 'then the rest of it is reimbursed, and not reversed');

-- A settlement outside of runs, at the moment of a reversal.
select test.company(legal_entity_id => 'SETTLE');
select test.credit('ANN', 10, legal_entity_id => 'SETTLE') as credit \gset
select test.reimburse(legal_entity_id => 'SETTLE');
select test.debit('ANN', 10, legal_entity_id => 'SETTLE') as debit \gset
select reimbursement.enqueue_reversal(
    'SETTLE', 'why', array['RMB-00000001'], posting_date => '2025-07-15') as run_id \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select test.in_other_session('begin', 'first');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'SETTLE', :job_id), 'first');
select test.wait_in_other_session(
    format('select reimbursement.settle_transactions(%L, %s, %s, 10, %L)', 'SETTLE', :debit, :credit, '2025-07-15'),
    'second');
select test.in_other_session('commit', 'first');
select is(test.end_of_wait('second'), 'done', 'who settles the credit at that moment waits, and finds it open');
select is(
    (select sum(t.open_amount) from test.transactions('ANN', 'SETTLE') as t), 0.00, 'and it is settled once');

select test.require_right_books();

select * from finish();
