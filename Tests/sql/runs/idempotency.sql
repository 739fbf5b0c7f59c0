-- An idempotency key makes one run, however often it is given.
select plan(22);

select test.company();
select test.company(legal_entity_id => 'US02');
select test.credit('ANN', 100);

create function pg_temp.enqueue(arguments text) returns bigint
language plpgsql
as $$
declare
    v_run_id bigint;
begin
    execute format('select reimbursement.enqueue_reimbursement(%s)', arguments) into v_run_id;
    return v_run_id;
end
$$;
create temporary table first_run as
select pg_temp.enqueue($$'US01', '2025-06-30', idempotency_key => 'june'$$) as run_id;

select is(
    pg_temp.enqueue($$'US01', '2025-06-30', idempotency_key => 'june'$$), f.run_id, 'the same key and choices: the same run')
from first_run as f;
select is((select count(*) from reimbursement.runs), 1::bigint, 'and no other run');
select is((select count(*) from reimbursement.jobs), 1::bigint, 'and no other job');

select is(
    pg_temp.enqueue(format($$'US01', '2025-06-30', idempotency_key => 'june', %s$$, a.argument)), f.run_id,
    format('when and how it is to run is not compared: %s', a.argument))
from first_run as f, (
    values
    ('batches => 3'), ($$run_at => '2030-01-01'$$), ('priority => 5'), ('max_attempts => 1'), ($$queue => 'other'$$),
    ($$description => 'again'$$)
) as a (argument);

select throws_ok(
    format('select pg_temp.enqueue(%L)', format($$'US01', idempotency_key => 'june', %s$$, a.arguments)), 'RB012', null,
    format('with other choices it is an error: %s', a.arguments))
from (
    values
    ($$posting_date => '2025-06-29'$$), ('posting_date => null'),
    ($$posting_date => '2025-06-30', summarize_customer => false$$),
    ($$posting_date => '2025-06-30', include_open_debits => true$$),
    ($$posting_date => '2025-06-30', customer_filter => '*'$$),
    ($$posting_date => '2025-06-30', customer_group_filter => '*'$$),
    ($$posting_date => '2025-06-30', currency => 'USD'$$),
    ($$posting_date => '2025-06-30', credits_through => '2025-06-30'$$)
) as a (arguments);

select isnt(
    pg_temp.enqueue($$'US02', '2025-06-30', idempotency_key => 'june'$$), f.run_id,
    'another legal entity has keys of its own')
from first_run as f;

-- For ever: after the run, with its period closed since, and on another day.
select test.work_off();
update reimbursement.ledger_periods set is_open = false where legal_entity_id = 'US01';
select is(
    pg_temp.enqueue($$'US01', '2025-06-30', idempotency_key => 'june'$$), f.run_id,
    'the key returns its run after that has ended and its period is closed')
from first_run as f;
select is(
    (select count(*) from reimbursement.reimbursement_report), 1::bigint, 'and the customer was reimbursed once');

-- A run that was enqueued on an earlier day, and one of another kind.
create function pg_temp.earlier_run(kind text, idempotency_key text) returns bigint
language sql
as $$
    insert into reimbursement.run_requests (legal_entity_id, kind, posting_date, choices, idempotency_key)
    select
        'US02', earlier_run.kind, '2025-01-01', r.choices || '{"posting_date": null}', earlier_run.idempotency_key
    from reimbursement.run_requests as r where r.legal_entity_id = 'US02'
    limit 1
    returning run_id
$$;
select is(
    pg_temp.enqueue($$'US02', idempotency_key => 'daily'$$), e.run_id,
    'choices are compared as they were given: without a date it is the run that was made on an earlier day')
from pg_temp.earlier_run('reimbursement', 'daily') as e (run_id);
insert into reimbursement.run_kinds (kind, transfer, steps, duty) values ('other', 'reimburse_customers', '{}', 'clerk');
select pg_temp.earlier_run('other', 'other');
select throws_ok(
    $$ select pg_temp.enqueue('''US02'', idempotency_key => ''other''') $$, 'RB012', null,
    'a key that another kind of run used is an error');

select * from finish();
