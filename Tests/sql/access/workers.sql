-- A worker's role, which may read nothing, carries out every kind of run: what a transfer reads is the owner's to read.
select plan(9);

create role workers_worker login;
select test.company(), test.bank_account();
select test.payee('ANN', 10), test.payee('BOB', 20), test.debit('BOB', 5);
select reimbursement.grant_duty('workers_worker', 'worker');

-- Claims and carries out whatever there is as that role, and says how it went.
create function pg_temp.work() returns text
language sql
as $$
    select test.as_role('workers_worker', $work$
        select string_agg(c.kind || coalesce(reimbursement.execute_job(c.legal_entity_id, c.job_id, c.attempt)::text, ''), ' ')
        from reimbursement.claim_jobs('worker', 9) as c
    $work$)
$$;

select reimbursement.enqueue_reimbursement(
    'US01', '2025-06-30', include_open_debits => true, net_open_debits => true, batches => 2);
select is(pg_temp.work(), 'reimbursement reimbursement', 'it reimburses');
select results_eq(
    'select r.customer_account, r.amount from reimbursement.reimbursement_report as r order by 1',
    $$ values ('ANN'::text collate "C", 10::numeric), ('BOB', 15) $$, 'net, each customer once'
);
select reimbursement.enqueue_vendor_payment('US01', '2025-07-15');
select is(pg_temp.work(), 'vendor_payment', 'it pays');
select is((select count(*) from reimbursement.bank_files), 3::bigint, 'and writes the bank files');
select reimbursement.enqueue_payment_reversal(
    'US01', 'bounced', (select array_agg(p.payment_number::text) from reimbursement.payments as p), '2025-07-20',
    not_sent => true);
select is(pg_temp.work(), 'payment_reversal', 'it reverses payments');
select reimbursement.enqueue_reversal('US01', 'wrong', run_id => 1, posting_date => '2025-07-31');
select is(pg_temp.work(), 'reimbursement_reversal', 'and reimbursements');
select is(
    (select string_agg(distinct r.payment_status, ' ') from reimbursement.reimbursement_report as r), 'cancelled',
    'with all that belongs to it'
);
select is(test.as_role('workers_worker', 'select reimbursement.queue_drained()'), 'true', 'then nothing is left');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
