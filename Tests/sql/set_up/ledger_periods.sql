-- A ledger period is not closed under a transfer, and a transfer does not post into one that was.
select plan(6);

select test.company();
select test.credit('ANN', 100);
select reimbursement.enqueue_reimbursement('US01', '2025-06-30') as run_id \gset
select job_id from reimbursement.claim_jobs('worker 1', 1) \gset

select test.open_other_session();
select test.in_other_session('begin');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'US01', :job_id));
set lock_timeout = '100ms';
select throws_ok(
    $$ update reimbursement.ledger_periods set is_open = false where starts_on = '2025-01-01' $$, '55P03', null,
    'a period is not closed while a transfer posts into it');
select lives_ok(
    $$ update reimbursement.ledger_periods set is_open = false where starts_on = '2024-01-01' $$,
    'another period may be');
select test.in_other_session('rollback');
select lives_ok(
    $$ update reimbursement.ledger_periods set is_open = false where starts_on = '2025-01-01' $$,
    'when the transfer has ended it may be');
reset lock_timeout;

select throws_ok(
    format('select reimbursement.execute_job(%L, %s, 1)', 'US01', :job_id), 'RB004', null,
    'a transfer whose period was closed since it was enqueued is refused');
select is_empty('select from reimbursement.reimbursements', 'with nothing written');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
