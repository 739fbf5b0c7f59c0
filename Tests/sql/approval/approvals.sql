-- Which runs wait for approval, for how many, and who may give it.
select plan(95);

select test.company();
select test.company(legal_entity_id => 'FREE');
select test.payee('ANN', 100);
select test.payee('BOB', 899.99);
select test.payee('ANN', 5000, legal_entity_id => 'FREE');
select test.person('one', '{approver}');
select test.person('two', '{approver}');
select test.person('three', '{approver}');
select test.person('clerk', '{clerk}');
select test.person('stranger', '{approver}', 'FREE');
select test.rule(from_amount => 1000, approvals => 1);
select test.rule(from_amount => 2000, approvals => 3);

create function pg_temp.enqueue(
    customer_filter text default null, batches int default 1, legal_entity_id text default 'US01',
    run_at timestamptz default now()
) returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        enqueue.legal_entity_id, '2025-06-30', customer_filter => enqueue.customer_filter, batches => enqueue.batches,
        run_at => enqueue.run_at)
$$;
create function pg_temp.waits(run_id bigint) returns text
language sql
as $$
    select format('%s: %s of %s', p.accounting_amount, p.approvals_given, p.approvals_needed)
    from reimbursement.pending_approvals as p where p.run_id = waits.run_id
$$;

-- Amounts.
select pg_temp.enqueue() as run \gset
select is(test.state(:run), 'ready', 'a run that comes to less than every rule does not wait');
update reimbursement.jobs set state = 'cancelled';
select test.credit('BOB', 0.01);
select pg_temp.enqueue('BOB') as run \gset
select is(test.state(:run), 'ready', 'nor one whose filter names less');
update reimbursement.jobs set state = 'cancelled' where state = 'ready';
select pg_temp.enqueue(batches => 2) as run \gset
select is(test.state(:run), 'awaiting_approval', 'one that comes to as much as a rule says waits, however it is split');
select is(pg_temp.waits(:run), '1000.00: 0 of 1', 'for as many as the rule says');
select results_eq(
    $$ select p.kind, p.legal_entity_id, p.requested_by, p.requested_at = r.requested_at
    from reimbursement.pending_approvals as p inner join reimbursement.runs as r on r.run_id = p.run_id $$,
    $$ values ('reimbursement', 'US01', current_user::text collate "default", true) $$, 'it is seen who asked for it, and when');
select is_empty($$ select from reimbursement.claim_jobs('test', 9) $$, 'no worker takes it');
select pg_temp.enqueue(legal_entity_id => 'FREE') as free_run \gset
select is(test.state(:free_run), 'ready', 'a legal entity without rules waits for nobody');
select test.work();
select is(test.state(:free_run), 'completed', 'and its runs are carried out');

-- Whose vote counts.
create function pg_temp.vote(person text, run_id bigint, rest text default '') returns text
language plpgsql
as $$
begin
    perform test.as_person(vote.person, format('select reimbursement.approve_run(%s%s)', vote.run_id, vote.rest));
    return 'voted';
exception
    when others then return sqlstate || ' ' || sqlerrm;
end
$$;
select throws_ok(
    format('select reimbursement.approve_run(%s)', :run), '42501',
    format('permission denied: run %s was asked for by "%s", and nobody votes on a run of his own', :run, current_user),
    'nobody approves a run of his own, the owner neither');
select throws_ok(
    format('select reimbursement.reject_run(%s, %L)', :run, 'no'), '42501', null, 'nor does he reject it by a vote');
select matches(pg_temp.vote('clerk', :run), '^42501 .*has not the duty approver in legal entity "US01"',
    'it takes the duty of an approver');
select matches(pg_temp.vote('stranger', :run), '^42501 .*has not the duty approver in legal entity "US01"',
    'in the run''s legal entity');
select is(pg_temp.waits(:run), '1000.00: 0 of 1', 'none of them has voted');
select is(pg_temp.vote('one', :run), 'voted', 'an approver approves it');
select is(test.state(:run), 'ready', 'it is ready with the last approval that it takes');
select is_empty('select from reimbursement.pending_approvals', 'and waits no more');
select results_eq(
    format($$ select approver, decision, digest ~ '^[0-9a-f]{64}$', note from reimbursement.run_approvals
    where run_id = %s $$, :run),
    $$ values (test.role_of('one')::text collate "default", 'approved', true, null::text) $$, 'who approved it is written down');
select is(pg_temp.vote('two', :run), format('RB050 run %s does not wait for approval: it is ready', :run),
    'a run that does not wait is not voted on');
select * from reimbursement.claim_jobs('test', 1) \gset job_
select is(pg_temp.vote('two', :run), format('RB050 run %s does not wait for approval: it is running', :run),
    'nor is one that has begun');
select reimbursement.execute_job('US01', :job_job_id, :job_attempt);
select test.work();
select is(test.state(:run), 'completed', 'what was approved is carried out');
select is(
    (select sum(r.accounting_amount) from reimbursement.reimbursement_report as r where r.run_id = :run), 1000.00,
    'all of it');
select is(pg_temp.vote('two', :run), format('RB050 run %s does not wait for approval: it is completed', :run),
    'a run that has ended is not voted on');

-- Several approvals.
select test.payee('CAT', 2000);
select pg_temp.enqueue(run_at => now() + interval '1 hour') as run \gset
select is(pg_temp.waits(:run), '2000.00: 0 of 3', 'the rule with the highest amount that is reached counts');
select pg_temp.vote('one', :run, ', note => ''as agreed''');
select is(pg_temp.waits(:run), '2000.00: 1 of 3', 'one approval of three');
select is(pg_temp.vote('one', :run), format('RB052 "%s" has approved run %s already', test.role_of('one'), :run),
    'one person has one vote');
select pg_temp.vote('two', :run);
select is(test.state(:run), 'awaiting_approval', 'two are not enough');
select pg_temp.vote('three', :run);
select is(test.state(:run), 'scheduled', 'with the third it is scheduled, as it was to be');
select is(
    (select array_agg(a.note order by a.at) from reimbursement.run_approvals as a where a.run_id = :run),
    array['as agreed', null, null], 'a note is kept');
update reimbursement.jobs set state = 'cancelled' where state = 'scheduled';

-- A group is nobody: who sets the role of a group acts as himself.
select test.person('member');
select format('create role %I', test.role_of('group')) \gexec
select reimbursement.grant_duty(test.role_of('group'), 'approver', 'US01');
select format('grant %I to %I', test.role_of('group'), test.role_of('member')) \gexec
select pg_temp.enqueue() as run \gset
select is(pg_temp.vote('member', :run), 'voted', 'the duty may come with a group');
select is(
    (select a.approver from reimbursement.run_approvals as a where a.run_id = :run), test.role_of('member')::text,
    'and the person is written down');

-- Digests.
select test.as_person('one', format($$ select set_config('test.digest', reimbursement.run_digest(%s), false) $$, :run));
select test.payee('DAN', 5);
select is(
    pg_temp.vote('one', :run, format(', %L', current_setting('test.digest'))),
    format('RB051 what run %s would do is not what digest "%s" is of', :run, current_setting('test.digest')),
    'what has changed since it was looked at is not approved');
select is(pg_temp.waits(:run), '2005.00: 0 of 3', 'and what others approved before is void');
select pg_temp.enqueue() as other_run \gset
select isnt(reimbursement.run_digest(:run), reimbursement.run_digest(:other_run), 'two runs have two digests');
select matches(pg_temp.vote('one', :run, format(', %L', reimbursement.run_digest(:other_run))), '^RB051',
    'a digest of another run approves nothing');
select is(pg_temp.vote('one', :run, format(', %L', reimbursement.run_digest(:run))), 'voted',
    'with the present digest it is');
select pg_temp.vote('two', :run);
select is(pg_temp.waits(:run), '2005.00: 2 of 3', 'these are two');
update reimbursement.customers set iban = 'FR1420041010050500013M02606' where customer_account = 'CAT';
select is(pg_temp.waits(:run), '2005.00: 0 of 3', 'with other bank details they are void');
select is(pg_temp.vote('three', :run), 'voted', 'the third finds the run as it is now');
update reimbursement.customers set iban = 'DE89370400440532013000' where customer_account = 'CAT';
select is(pg_temp.waits(:run), '2005.00: 0 of 3', 'what was void stays void when all is as it was again');
select is(pg_temp.vote('one', :run), 'voted', 'who approved what is void approves anew');
select is(pg_temp.waits(:run), '2005.00: 1 of 3', 'and is the first');
select is(
    (select count(*) from reimbursement.run_approvals as a where a.run_id = :run), 5::bigint, 'every vote is kept');

-- How many it takes is judged at each vote.
update reimbursement.approval_rules set approvals = 2 where from_amount = 2000;
select is(pg_temp.waits(:run), '2005.00: 1 of 2', 'a rule that has changed counts');
select pg_temp.vote('two', :run);
select is(test.state(:run), 'ready', 'two are enough then');
update reimbursement.jobs set state = 'cancelled' where state in ('ready', 'awaiting_approval');

-- A run is rejected.
select pg_temp.enqueue() as run \gset
select throws_ok(
    format('select test.as_person(%L, %L)', 'one', format('select reimbursement.reject_run(%s, %L)', :run, r.reason)),
    'RB007', 'a run is rejected for a reason, and none was given', 'a run is rejected for a reason')
from (values (' '), (null)) as r (reason);
select test.as_person('one', format('select reimbursement.reject_run(%s, %L)', :run, 'CAT was paid by hand'));
select is(test.state(:run), 'cancelled', 'a run that is rejected is cancelled');
select is(
    (select r.error from reimbursement.runs as r where r.run_id = :run),
    format('rejected by %s: CAT was paid by hand', test.role_of('one')), 'and says why');
select results_eq(
    format('select decision, note from reimbursement.run_approvals where run_id = %s', :run),
    $$ values ('rejected', 'CAT was paid by hand') $$, 'the vote is kept');
select throws_ok(
    format('select reimbursement.retry_run(%s)', :run), 'RB020', null, 'it is not taken up again');
select matches(pg_temp.vote('two', :run), '^RB050', 'nor approved');

-- Bad input.
select throws_ok('select reimbursement.approve_run(4711)', 'RB033', 'there is no run 4711', 'a run that is none');
select matches(pg_temp.vote('one', 4711), '^42501', 'which only the owner is told');
select throws_ok('select reimbursement.approve_run(null)', 'RB006', null, 'no run at all');
select throws_ok('select reimbursement.run_digest(4711)', 'RB033', null, 'no digest of a run that is none');
select throws_ok(
    format('select reimbursement.run_digest(%s)', :run), 'RB050', null, 'nor of one that has nothing left to do');
select throws_ok(
    'select test.rule(from_amount => 7, approvals => 4)', '23514',
    'new row for relation "approval_rules" violates check constraint "approval_rules_approvals_are_one_to_three"',
    'a rule asks for three approvals at most');
select throws_ok('select test.rule(from_amount => 7, approvals => 0)', '23514', null, 'and for one at least');
select throws_ok(
    format('select test.rule(from_amount => %L)', a.amount), '23514', null, format('a rule from %s', a.amount))
from (values ('-1'), ('NaN'), ('Infinity')) as a (amount);
select throws_ok($$ select test.rule('payment') $$, '23503', null, 'a rule is for a kind of run that there is');
select throws_ok(
    'select test.rule(from_amount => 1000.00)', '23505', null, 'for a kind and an amount there is one rule');

-- An approver who lost the duty meanwhile.
select pg_temp.enqueue() as run \gset
select pg_temp.vote('one', :run);
select reimbursement.revoke_duty(test.role_of('two'), 'approver', 'US01');
select matches(pg_temp.vote('two', :run), '^42501', 'who lost the duty votes no more');
select is(pg_temp.waits(:run), '2005.00: 1 of 2', 'what was approved before stays');

-- Whoever has both duties, and what others see of it.
select test.person('both', '{clerk, approver}');
select test.as_person('both', $$ select set_config('test.run',
    reimbursement.enqueue_reimbursement('US01', '2025-06-30')::text, false) $$);
select current_setting('test.run') as run \gset
select is(
    (select r.requested_by from reimbursement.runs as r where r.run_id = :run), test.role_of('both')::text,
    'a run is asked for by whoever acts');
select matches(pg_temp.vote('both', :run), '^42501 .*nobody votes on a run of his own',
    'who may enqueue and approve does not approve his own');
select is(pg_temp.vote('one', :run), 'voted', 'another does');
create function pg_temp.seen_by(person text, query text) returns text
language plpgsql
as $$
begin
    perform test.as_person(seen_by.person, format('select set_config(%L, (%s)::text, true)', 'test.seen', seen_by.query));
    return current_setting('test.seen');
end
$$;
select is(
    pg_temp.seen_by(s.person, format('select count(*) from reimbursement.%s where run_id = %s', s.relation, :run)),
    s.seen, format('%s sees of %s: %s', s.person, s.relation, s.seen))
from (
    values
    ('clerk', 'pending_approvals', '1'), ('one', 'pending_approvals', '1'), ('stranger', 'pending_approvals', '0'),
    ('clerk', 'run_approvals', '1'), ('stranger', 'run_approvals', '0'), ('member', 'run_votes', '1')
) as s (person, relation, seen);
select matches(
    pg_temp.seen_by('clerk', format('select string_agg(p.what, $a$; $a$) from reimbursement.preview_run(%s) as p', :run)),
    'customer CAT: USD 2000.00 to a new vendor Customer CAT, DE89…3000', 'what it would do is seen with masked details');
select throws_ok(
    format('select test.as_person(%L, %L)', 'stranger', format('select reimbursement.%s(%s)', f.name, :run)), '42501', null,
    format('not by who has no duty in the legal entity: %s', f.name))
from (values ('preview_run'), ('run_digest')) as f (name);
select throws_ok(
    format('select test.as_person(%L, %L)', 'both', c.statement), '42501', null,
    format('an approver does not decide what has to be approved: %s', c.statement))
from (
    values
    ('delete from reimbursement.approval_rules'), ('update reimbursement.approval_rules set approvals = 1'),
    ($$insert into reimbursement.approval_rules values ('US01', 'vendor_payment', 1, 1)$$),
    ($$update reimbursement.jobs set state = 'ready'$$), ('select from reimbursement.approved_rows'),
    ($$insert into reimbursement.run_votes select * from reimbursement.run_votes$$)
) as c (statement);

-- Votes are not rewritten.
select throws_ok(format(c.change, t.name), 'RB015', null, format('votes stay: ' || c.change, t.name))
from (values ('run_votes'), ('approved_jobs'), ('approved_rows')) as t (name),
(
    values ('delete from reimbursement.%I'), ('truncate reimbursement.%I'),
    ('update reimbursement.%I set legal_entity_id = legal_entity_id')
) as c (change);
insert into reimbursement.run_requests (legal_entity_id, kind, posting_date, choices, requested_by, requested_by_id)
values ('US01', 'reimbursement', '2025-06-30', '{}', 'somebody else', 1) returning run_id as run \gset
select results_eq(
    format($$ select requested_by, requested_by_id from reimbursement.run_requests where run_id = %s $$, :run),
    $$ select rolname::text collate "default", oid from pg_roles where rolname = current_user $$,
    'nobody writes another as who asked for a run');
select throws_ok($$ update reimbursement.run_requests set requested_by = 'x' $$, 'RB015', null, 'nor afterwards');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
