-- A job moves as the queue moves it, and stays what it was asked to be.
select plan(36);

select test.company();
select test.payee('ANN', 10);
select test.person('one', '{approver}');
select reimbursement.enqueue_reimbursement('US01', '2025-06-30') as run \gset
select reimbursement.enqueue_reimbursement('US01', '2025-06-30') as other_run \gset

-- Puts the job of the run into a state behind the backs of the guards.
create function pg_temp.put(state text) returns void
language sql set session_replication_role = replica
as $$
    update reimbursement.jobs set state = put.state, attempt = 1, processed = null where run_id = (select min(j.run_id) from reimbursement.jobs as j)
$$;
create function pg_temp.moves(old_state text, new_state text) returns boolean
language plpgsql
as $$
begin
    perform pg_temp.put(moves.old_state);
    update reimbursement.jobs set state = moves.new_state, attempt = attempt + (moves.new_state = 'running')::int
    where run_id = (select min(j.run_id) from reimbursement.jobs as j);
    return true;
exception
    when sqlstate 'RB059' then return false;
end
$$;
select is(
    (select array_agg(n.state order by n.state) from unnest(
        array['scheduled', 'awaiting_approval', 'ready', 'running', 'completed', 'failed', 'cancelled']) as n (state)
    where n.state <> m.old_state and pg_temp.moves(m.old_state, n.state)),
    m.new_states, format('what is %s becomes %s', m.old_state, coalesce(array_to_string(m.new_states, ', '), 'nothing else')))
from (
    values
    ('scheduled', array['cancelled', 'ready', 'running']), ('ready', array['cancelled', 'running', 'scheduled']),
    ('awaiting_approval', array['cancelled', 'ready', 'scheduled']),
    ('running', array['cancelled', 'completed', 'failed', 'ready']),
    ('failed', array['awaiting_approval', 'ready']), ('completed', null), ('cancelled', null)
) as m (old_state, new_states);

select pg_temp.put('ready');
select throws_ok(
    format('update reimbursement.jobs set %s where run_id = %s', c.change, :run), c.sqlstate, null,
    format('a job stays what it is: %s', c.change))
from (
    values
    ('attempt = 0', 'RB059'), ('attempt = attempt + 1', 'RB059'), ($$state = 'running'$$, 'RB059'),
    ($$state = 'running', attempt = attempt + 2$$, 'RB059'),
    ('job_id = job_id + 100', 'RB015'), (format('run_id = %s', :other_run), 'RB015'), ('batch = 2', 'RB015'),
    ($$kind = 'vendor_payment'$$, 'RB015'), ($$batch_after = 'A'$$, 'RB015'), ($$batch_through = 'B'$$, 'RB015')
) as c (change, sqlstate);
select pg_temp.put('completed');
select throws_ok(
    format('update reimbursement.jobs set %s where run_id = %s', c.change, :run), 'RB059', null,
    format('what a job has done stays: %s', c.change))
from (values ('processed = 7'), ('accounting_amount = 7'), ($$last_error = 'x'$$), ('finished_at = now()')) as c (change);
select throws_ok(
    format('insert into reimbursement.jobs (legal_entity_id, run_id, kind, batch, state%s', d.change), 'RB059', null,
    format('a job does not begin so: %s', c.change))
from (
    select replace(x.change, 'values (', format('values (''US01'', %s, ''reimbursement'', 9, ', :run)) as change
    from (
        values
        ($$) values ('completed'$$), ($$) values ('running'$$), ($$) values ('failed'$$), ($$) values ('cancelled'$$),
        ($$, attempt) values ('ready', 1$$), ($$, lost_attempts) values ('ready', 1$$),
        ($$, accounting_amount) values ('ready', 1$$)
    ) as x (change)
) as c (change)
cross join lateral (select c.change || ')') as d (change);
set client_min_messages = warning;
select throws_ok(format(c.change, t.name), 'RB015', null, format(c.change, t.name))
from (values ('jobs'), ('job_errors'), ('run_requests')) as t (name),
(values ('delete from reimbursement.%I'), ('truncate reimbursement.%I cascade')) as c (change);
select throws_ok(
    $$ update reimbursement.job_errors set message = 'x' $$, 'RB015', null, 'an error stays as it was written');
select throws_ok(
    $$ update reimbursement.run_requests set choices = '{}' $$, 'RB015', null, 'what was asked for stays');

-- What the queue does it does still: see Tests/sql/queue; and a job that is moved by hand as it could be is not approved
-- by that: see Tests/sql/approval/transfers.sql.
select * from finish();
