-- What cannot be reversed: each with its SQLSTATE and the reason, and nothing is written.
select plan(77);

select test.company();
select test.bank_account();
select test.payee('PAID', 10);
select test.payee('OPEN', 20);
select test.payee('GONE', 30);
select test.reimburse();
select test.pay(vendor_filter => 'OTV-00000003');
select test.reverse(array['RMB-00000001']);
select test.credit('GONE', 40);
select test.reimburse('2025-07-31', customer_filter => 'GONE');
select test.pay('2025-07-31', vendor_filter => 'OTV-00000001');
select test.reverse_payments(array['PAY-00000002'], '2025-08-05');
select reimbursement.enqueue_reimbursement('US01', '2025-08-31', run_at => '2099-01-01') as scheduled \gset
create temporary table before as
select
    (select count(*) from reimbursement.run_requests) as runs, (select count(*) from reimbursement.jobs) as jobs,
    (select count(*) from reimbursement.reversals) as reversals,
    (select sum(next_number) from reimbursement.number_sequences) as numbers;
-- GONE is RMB-1, reversed, and RMB-4, whose payment PAY-2 came back; OPEN is RMB-2; PAID is RMB-3, paid by PAY-1.

-- Reversals of reimbursements.
select throws_ok(
    format('select reimbursement.enqueue_reversal(%s)', replace(a.arguments, 'SCHEDULED', :'scheduled')), a.code,
    a.message,
    format('refused with %s: %s', a.code, a.arguments))
from (
    values
    ($$'NOWHERE', 'why', array['RMB-00000002']$$, 'RB001', null),
    ($$null, 'why', array['RMB-00000002']$$, 'RB001', null),
    ($$'US01', 'why', array['RMB-00000002'], posting_date => '2023-12-31'$$, 'RB003', null),
    ($$'US01', 'why', array['RMB-00000002'], posting_date => '2027-01-01'$$, 'RB003', null),
    ($$'US01', null, array['RMB-00000002'], posting_date => '2025-08-31'$$, 'RB007', 'a reversal needs a reason'),
    ($$'US01', '', array['RMB-00000002'], posting_date => '2025-08-31'$$, 'RB007', 'a reversal needs a reason'),
    ($$'US01', '  ', array['RMB-00000002'], posting_date => '2025-08-31'$$, 'RB007', 'a reversal needs a reason'),
    ($$'US01', 'why', array['RMB-00000002'], posting_date => 'infinity'$$, 'RB007', null),
    ($$'US01', 'why', posting_date => '2025-08-31'$$, 'RB007', null),
    ($$'US01', 'why', array['RMB-00000002'], run_id => 1, posting_date => '2025-08-31'$$, 'RB007', null),
    ($$'US01', 'why', '{}'::text[], posting_date => '2025-08-31'$$, 'RB007', null),
    ($$'US01', 'why', array[array['RMB-00000002']], posting_date => '2025-08-31'$$, 'RB007', null),
    ($$'US01', 'why', array['RMB-00000002'], batches => null, posting_date => '2025-08-31'$$, 'RB006', null),
    ($$'US01', 'why', array['RMB-00000002'], queue => null, posting_date => '2025-08-31'$$, 'RB006', null),
    ($$'US01', 'why', array['RMB-00000002'], batches => 0, posting_date => '2025-08-31'$$, 'RB008', null),
    ($$'US01', 'why', array['RMB-00000003'], posting_date => '2025-08-31'$$, 'RB025',
        'this cannot be reversed: RMB-00000003 is paid by PAY-00000001'),
    ($$'US01', 'why', array['RMB-00000001'], posting_date => '2025-08-31'$$, 'RB025',
        'this cannot be reversed: RMB-00000001 was reversed by REV-00000001'),
    ($$'US01', 'why', array['RMB-00000009'], posting_date => '2025-08-31'$$, 'RB025',
        'this cannot be reversed: "RMB-00000009" is no reimbursement'),
    ($$'US01', 'why', array['RMB-00000002', 'RMB-00000003', 'X', 'RMB-00000001'], posting_date => '2025-08-31'$$,
        'RB025',
        'this cannot be reversed: RMB-00000001 was reversed by REV-00000001, RMB-00000003 is paid by PAY-00000001, '
        || '"X" is no reimbursement'),
    ($$'US01', 'why', array[null::text], posting_date => '2025-08-31'$$, 'RB025',
        'this cannot be reversed: NULL is no reimbursement'),
    ($$'US01', 'why', array['RMB-00000002', null], posting_date => '2025-08-31'$$, 'RB025', null),
    ($$'US01', 'why', array['RINV-00000002'], posting_date => '2025-08-31'$$, 'RB025', null),
    ($$'US01', 'why', array['rmb-00000002'], posting_date => '2025-08-31'$$, 'RB025', null),
    ($$'US01', 'why', run_id => 999999, posting_date => '2025-08-31'$$, 'RB025',
        'this cannot be reversed: legal entity "US01" has no run 999999'),
    ($$'US01', 'why', run_id => 2, posting_date => '2025-08-31'$$, 'RB025',
        'this cannot be reversed: run 2 reimbursed nobody: it is a vendor payment'),
    ($$'US01', 'why', run_id => SCHEDULED, posting_date => '2025-08-31'$$, 'RB025',
        'this cannot be reversed: run SCHEDULED has not ended: it is scheduled'),
    ($$'US01', 'why', array['RMB-00000002'], posting_date => '2025-06-29'$$, 'RB026', null),
    ($$'US01', 'why', array['RMB-00000004'], posting_date => '2025-08-04'$$, 'RB026', null)
) as r (arguments, code, template)
cross join lateral (select r.arguments, r.code, replace(r.template, 'SCHEDULED', :'scheduled') as message) as a;
select throws_ok(
    $$ select reimbursement.enqueue_reversal('US01', 'why', run_id => 1, posting_date => '2025-06-29') $$, 'RB026',
    null,
    'refused with RB026: a run, dated before it');
select test.company(legal_entity_id => 'US02');
select throws_ok(
    $$ select reimbursement.enqueue_reversal('US02', 'why', array['RMB-00000002'], posting_date => '2025-08-31') $$,
    'RB025', null,
    'a reimbursement of another legal entity is none of this one');
select throws_ok(
    $$ select reimbursement.enqueue_reversal('US02', 'why', run_id => 1, posting_date => '2025-08-31') $$, 'RB025',
    'this cannot be reversed: legal entity "US02" has no run 1', 'nor is its run');

-- Reversals of payments.
select throws_ok(
    format('select reimbursement.enqueue_payment_reversal(%s)', a.arguments), a.code, a.message,
    format('refused with %s: %s', a.code, a.arguments))
from (
    values
    ($$'NOWHERE', 'why', array['PAY-00000001']$$, 'RB001', null),
    ($$'US01', 'why', array['PAY-00000001'], '2023-12-31'$$, 'RB003', null),
    ($$'US01', null, array['PAY-00000001'], '2025-08-31'$$, 'RB007', 'a reversal needs a reason'),
    ($$'US01', ' ', array['PAY-00000001'], '2025-08-31'$$, 'RB007', 'a reversal needs a reason'),
    ($$'US01', 'why', array['PAY-00000001'], '-infinity'$$, 'RB007', null),
    ($$'US01', 'why', null, '2025-08-31'$$, 'RB007', null),
    ($$'US01', 'why', '{}', '2025-08-31'$$, 'RB007', null),
    ($$'US01', 'why', array[array['PAY-00000001']], '2025-08-31'$$, 'RB007', null),
    ($$'US01', 'why', array['PAY-00000001'], '2025-08-31', batches => null$$, 'RB006', null),
    ($$'US01', 'why', array['PAY-00000001'], '2025-08-31', 'AC04', max_attempts => 0$$, 'RB008', null),
    ($$'US01', 'why', array['PAY-00000002'], '2025-08-31'$$, 'RB025',
        'this cannot be reversed: PAY-00000002 was reversed by REV-00000002'),
    ($$'US01', 'why', array['PAY-00000009'], '2025-08-31'$$, 'RB025',
        'this cannot be reversed: "PAY-00000009" is no payment'),
    ($$'US01', 'why', array['RMB-00000003'], '2025-08-31'$$, 'RB025', null),
    ($$'US01', 'why', array['PAY-00000001', 'PAY-00000002', null], '2025-08-31'$$, 'RB025', null),
    ($$'US01', 'why', array['PAY-00000001'], '2025-07-14'$$, 'RB026', null),
    ($$'US02', 'why', array['PAY-00000001'], '2025-08-31'$$, 'RB025', null)
) as a (arguments, code, message);

-- The period, and the number sequence.
create function pg_temp.refusal(arguments text, preparation text) returns text
language plpgsql
as $$
begin
    execute preparation;
    execute format('select reimbursement.%s', arguments);
    raise exception using errcode = 'UNDO0', message = 'enqueued';
exception
    when others then
        return sqlstate || ' ' || sqlerrm;
end
$$;
select is(
    pg_temp.refusal(r.arguments, p.preparation), p.refusal,
    format('%s: %s', split_part(r.arguments, '(', 1), p.refusal))
from (
    values
    ($$enqueue_reversal('US01', 'why', array['RMB-00000002'], posting_date => '2025-08-31')$$),
    ($$enqueue_reversal('US01', 'why', run_id => 1, posting_date => '2025-08-31')$$),
    ($$preview_reversal('US01', 'why', array['RMB-00000002'], posting_date => '2025-08-31')$$),
    ($$enqueue_payment_reversal('US01', 'why', array['PAY-00000001'], '2025-08-31', not_sent => true)$$)
) as r (arguments),
(
    values
    ('update reimbursement.ledger_periods set is_open = false',
        'RB004 the ledger period from 2025-01-01 to 2025-12-31 of legal entity "US01" is closed'),
    ($$delete from reimbursement.number_sequences where sequence = 'reversal'$$,
        'RB002 the set-up of legal entity "US01" is incomplete: number sequence reversal')
) as p (preparation, refusal);

-- The preview refuses what is none, or in no period, and shows the rest.
select throws_ok(
    format('select * from reimbursement.preview_reversal(%s)', a.arguments), a.code, null,
    format('the preview, too, is refused with %s: %s', a.code, a.arguments))
from (
    values
    ($$'NOWHERE', run_id => 1$$, 'RB001'), ($$'US01', run_id => 1, posting_date => '2023-12-31'$$, 'RB003'),
    ($$'US01', posting_date => '2025-08-31'$$, 'RB007'),
    ($$'US01', run_id => 1, reimbursement_numbers => array['RMB-00000002'], posting_date => '2025-08-31'$$, 'RB007'),
    ($$'US01', reimbursement_numbers => '{}', posting_date => '2025-08-31'$$, 'RB007'),
    ($$'US01', reimbursement_numbers => array['X'], posting_date => '2025-08-31'$$, 'RB025'),
    ($$'US01', run_id => 2, posting_date => '2025-08-31'$$, 'RB025')
) as a (arguments, code);

select results_eq(
    $$ select (select count(*) from reimbursement.run_requests), (select count(*) from reimbursement.jobs),
        (select count(*) from reimbursement.reversals),
        (select sum(next_number) from reimbursement.number_sequences where legal_entity_id = 'US01') $$,
    'select * from before', 'a refused reversal is not written: no run, no job, no reversal, no number');

-- What goes wrong after it was enqueued fails the run at its first attempt, with nothing written but the error.
create function pg_temp.failed_by(enqueue text, change text) returns text
language plpgsql
as $$
declare
    v_run_id bigint;
    v_job record;
begin
    execute format('select reimbursement.%s', enqueue) into v_run_id;
    execute change;
    for v_job in select * from reimbursement.claim_jobs('test', 9) loop
        begin
            perform reimbursement.execute_job(v_job.legal_entity_id, v_job.job_id, v_job.attempt);
        exception
            when others then
                perform reimbursement.fail_job(
                    v_job.legal_entity_id, v_job.job_id, v_job.attempt, 'failed', sqlstate, sqlerrm);
        end;
    end loop;
    return (
        select format('%s after %s attempt: %s', r.state, j.attempt, coalesce(e.message, 'no error'))
        from reimbursement.runs as r
        inner join reimbursement.jobs as j on j.run_id = r.run_id
        left join reimbursement.job_errors as e on e.job_id = j.job_id
        where r.run_id = v_run_id
    );
end
$$;
create function pg_temp.reversed(run_id bigint default null) returns text
language sql
as $$
    select string_agg(v.reversed_voucher, ' ' order by v.reversed_voucher) from reimbursement.reversals as v
    where v.run_id = coalesce(reversed.run_id, test.last_run())
$$;
select matches(
    pg_temp.failed_by(
        $$enqueue_reversal('US01', 'why', array['RMB-00000002'], posting_date => '2025-08-31')$$,
        $$update reimbursement.ledger_periods set is_open = false where starts_on = '2025-01-01'$$),
    '^failed after 1 attempt: the ledger period', 'a period that was closed meanwhile fails the reversal');
select is(pg_temp.reversed(), null, 'with nothing written');
select is(
    (select r.payment_status from reimbursement.reimbursement_report as r
        where r.reimbursement_number = 'RMB-00000002'),
    'open', 'the reimbursement is what it was');
update reimbursement.ledger_periods set is_open = true;
select reimbursement.retry_run(test.last_run());
select test.run_to_the_end(test.last_run());
select is(pg_temp.reversed(), 'RMB-00000002', 'in the open period it can be tried again');

select matches(
    pg_temp.failed_by(
        $$enqueue_payment_reversal('US01', 'why', array['PAY-00000001'], '2025-08-31', not_sent => true)$$,
        $$update reimbursement.ledger_periods set is_open = false where starts_on = '2025-01-01'$$),
    '^failed after 1 attempt: the ledger period', 'so does it a payment''s reversal');
select is(pg_temp.reversed(), null, 'with nothing written');
update reimbursement.ledger_periods set is_open = true;
select reimbursement.retry_run(test.last_run());
select test.run_to_the_end(test.last_run());
select is(pg_temp.reversed(), 'PAY-00000001', 'which can be tried again as well');

-- Paid meanwhile, reversed meanwhile, dated before what happened meanwhile.
select matches(
    pg_temp.failed_by(
        $$enqueue_reversal('US01', 'why', array['RMB-00000003', 'RMB-00000004'], posting_date => '2025-09-30')$$,
        $$do $do$ begin
            update reimbursement.jobs set state = 'scheduled', run_at = now() + interval '1 hour' where state = 'ready';
            perform test.pay('2025-09-01', vendor_filter => 'OTV-00000003');
            update reimbursement.jobs set run_at = now() - interval '1 hour'
            where state = 'scheduled' and kind = 'reimbursement_reversal';
        end $do$ $$),
    '^failed after 1 attempt: this cannot be reversed: RMB-00000003 is paid by PAY-00000003$',
    'by number, what was paid meanwhile fails the reversal');
select is(pg_temp.reversed(r.run_id), null, 'and nothing is reversed, not even the others of its list')
from (select max(q.run_id) as run_id from reimbursement.runs as q where q.kind = 'reimbursement_reversal') as r;
select throws_ok(
    $$ select reimbursement.retry_run((select max(run_id) from reimbursement.runs
    where kind = 'reimbursement_reversal'));
    select test.work_off() $$,
    'RB025', 'this cannot be reversed: RMB-00000003 is paid by PAY-00000003',
    'tried again it fails again, as long as it is paid');
select matches(
    pg_temp.failed_by(
        $$enqueue_payment_reversal('US01', 'why', array['PAY-00000003'], '2025-09-30', not_sent => true)$$,
        $$do $do$ begin
            update reimbursement.jobs set state = 'scheduled', run_at = now() + interval '1 hour'
            where state = 'ready';
            perform test.reverse_payments(array['PAY-00000003'], '2025-09-10');
            update reimbursement.jobs set run_at = now() - interval '1 hour'
            where state = 'scheduled' and kind = 'payment_reversal';
        end $do$ $$),
    '^failed after 1 attempt: this cannot be reversed: PAY-00000003 was reversed by REV-00000005$',
    'a payment that was reversed meanwhile is not reversed twice');
select matches(
    pg_temp.failed_by(
        $$enqueue_reversal('US01', 'why', array['RMB-00000004'], posting_date => '2025-08-06')$$,
        $$do $do$ begin
            update reimbursement.jobs set state = 'scheduled', run_at = now() + interval '1 hour'
            where state = 'ready';
            perform test.pay('2025-08-20', vendor_filter => 'OTV-00000001');
            perform test.reverse_payments(array['PAY-00000004'], '2025-08-25');
            update reimbursement.jobs set run_at = now() - interval '1 hour'
            where state = 'scheduled' and kind = 'reimbursement_reversal' and job_id = (
                select max(job_id) from reimbursement.jobs where kind = 'reimbursement_reversal');
        end $do$ $$),
    '^failed after 1 attempt: the posting date 2025-08-06 is before 2025-08-25',
    'nor is anything dated before what happened meanwhile');

-- A credit or debit that was settled since, outside of the run.
select test.company(legal_entity_id => 'US03');
select test.credit('ANN', 100, voucher => 'CN', legal_entity_id => 'US03') as credit \gset
select test.debit('ANN', 30, voucher => 'INV', legal_entity_id => 'US03') as debit \gset
select test.credit('BOB', 10, legal_entity_id => 'US03');
select test.reimburse(include_open_debits => true, net_open_debits => true, customer_filter => 'BOB',
    legal_entity_id => 'US03');
select reimbursement.settle_transactions('US03', :debit, :credit, 20, '2025-06-15');
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'US03') as run_id \gset
select test.reverse(array['RMB-00000002'], posting_date => '2025-07-01', legal_entity_id => 'US03');
select reimbursement.settle_transactions(
    'US03', test.debit('ANN', 5, legal_entity_id => 'US03'), :credit, 5, '2025-08-10');
select test.reimburse('2025-08-10', customer_filter => 'ANN', legal_entity_id => 'US03');
select throws_ok(
    $$ select reimbursement.enqueue_reversal('US03', 'why', array['RMB-00000003'], posting_date => '2025-08-09') $$,
    'RB026',
    null, 'a reversal is not dated before the settlements of its credits');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
