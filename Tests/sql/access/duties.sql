-- Duties are given to roles by the schema's owner, for one legal entity or for all, and what is done without is refused.
select plan(58);

create role duty_clerk login;
create role duty_payer login;
create role duty_master login;
create role duty_auditor login;
create role duty_approver login;
create role duty_bank login;
create role duty_operator login;
create role duty_worker login;
create role duty_nobody login;
create role duty_group;
create role duty_member login;
grant duty_group to duty_member;
create role duty_console login noinherit;
grant duty_clerk to duty_console;
grant duty_payer to duty_console;
grant duty_group to duty_console;
create role duty_owner login;

select test.company(), test.company(legal_entity_id => 'US02');
select test.credit('ANN', 10), test.credit('ANN', 20, legal_entity_id => 'US02'), test.bank_account();
select
    reimbursement.grant_duty('duty_clerk', 'clerk', 'US01'), reimbursement.grant_duty('duty_payer', 'payer', 'US01'),
    reimbursement.grant_duty('duty_master', 'master', 'US01'), reimbursement.grant_duty('duty_auditor', 'auditor'),
    reimbursement.grant_duty('duty_approver', 'approver', 'US01'), reimbursement.grant_duty('duty_bank', 'bank', 'US01'),
    reimbursement.grant_duty('duty_operator', 'operator'), reimbursement.grant_duty('duty_worker', 'worker'),
    reimbursement.grant_duty('duty_group', 'clerk', 'US02');

-- Giving and taking.
select throws_ok($$ select reimbursement.grant_duty('duty_unknown', 'clerk') $$, 'RB040', null, 'there is no such role');
select throws_ok($$ select reimbursement.grant_duty(null, 'clerk') $$, 'RB040', null, 'nobody is no role');
select throws_ok($$ select reimbursement.grant_duty('duty_clerk', 'klerk') $$, 'RB041', null, 'there is no such duty');
select throws_ok($$ select reimbursement.grant_duty('duty_clerk', null) $$, 'RB041', null, 'nothing is no duty');
select throws_ok($$ select reimbursement.grant_duty('duty_clerk', 'clerk', 'XX') $$, 'RB001', null,
    'there is no such legal entity');
select throws_ok($$ select reimbursement.grant_duty('duty_clerk', 'operator', 'US01') $$, 'RB042', null,
    'an operator serves all legal entities');
select throws_ok($$ select reimbursement.grant_duty('duty_clerk', 'worker', 'US01') $$, 'RB042', null, 'and so does a worker');
select throws_ok($$ select reimbursement.revoke_duty('duty_clerk', 'klerk') $$, 'RB041', null, 'taking is checked too');
select alike(test.as_role('duty_auditor', $$ select reimbursement.grant_duty('duty_auditor', 'clerk') $$),
    '42501 permission denied for function grant_duty%', 'an auditor gives no duties');
select alike(test.as_role('duty_auditor', $$ select reimbursement.revoke_duty('duty_clerk', 'clerk', 'US01') $$),
    '42501 permission denied for function revoke_duty%', 'nor does he take them');
select alike(test.as_role('duty_auditor', $$ insert into reimbursement.duty_grants (duty, role_id)
    values ('clerk', 'duty_auditor') $$), '42501 permission denied for table duty_grants', 'nor does he write them');
select reimbursement.grant_duty('duty_clerk', 'clerk', 'US01');
select is((select count(*) from reimbursement.duties as d where d.role_name = 'duty_clerk'), 1::bigint,
    'what is given twice is given once');
select is((select d.granted_by from reimbursement.duties as d where d.role_name = 'duty_clerk'), session_user::name,
    'and says by whom');

-- Who sees them.
select is(test.as_role('duty_clerk', 'select string_agg(role_name || duty, '','') from reimbursement.duties'),
    'duty_clerkclerk', 'one sees one''s own duties');
select is(test.as_role('duty_member', 'select string_agg(role_name || duty, '','') from reimbursement.duties'),
    'duty_groupclerk', 'and those of one''s groups');
select is(test.as_role('duty_auditor', 'select count(*) from reimbursement.duties'), '9', 'an auditor sees all of them');

-- What each duty may, and may not.
create function pg_temp.may(statement text) returns text
language sql
as $$
    select string_agg(replace(r.rolname, 'duty_', ''), ' ' order by r.rolname)
    from pg_roles as r
    where r.rolname in (
            'duty_clerk', 'duty_payer', 'duty_master', 'duty_auditor', 'duty_approver', 'duty_bank', 'duty_operator',
            'duty_worker', 'duty_nobody', 'duty_member'
        )
        and test.as_role(r.rolname, may.statement) not like '42501%'
$$;
select is(pg_temp.may($$ select reimbursement.enqueue_reimbursement('US01', '2025-06-30') $$), 'clerk',
    'a clerk enqueues reimbursements, and nobody else does');
select is(pg_temp.may($$ select reimbursement.enqueue_reimbursement('US02', '2025-06-30') $$), 'member',
    'each in his own legal entity; the duty of a group is its members''');
select is(pg_temp.may($$ select count(*) from reimbursement.preview_reimbursement('US01', '2025-06-30') $$),
    'approver clerk', 'clerk and approver preview them');
select is(pg_temp.may($$ select reimbursement.enqueue_reversal('US01', 'wrong', array['RMB-1']) $$), 'clerk',
    'a clerk reverses reimbursements');
select is(pg_temp.may($$ select count(*) from reimbursement.preview_reversal('US01', null, array['RMB-1']) $$),
    'approver clerk', 'clerk and approver preview that too');
select is(pg_temp.may($$ select reimbursement.settle_transactions('US01', 1, 2, 3) $$), 'clerk', 'a clerk settles');
select is(pg_temp.may($$ select reimbursement.enqueue_vendor_payment('US01', '2025-06-30') $$), 'payer',
    'a payer pays, and nobody else does');
select is(pg_temp.may($$ select count(*) from reimbursement.preview_vendor_payment('US01', '2025-06-30') $$),
    'approver payer', 'payer and approver preview payments');
select is(pg_temp.may($$ select reimbursement.enqueue_payment_reversal('US01', 'wrong', array['PAY-1']) $$), 'payer',
    'a payer reverses payments');
select is(pg_temp.may($$ select count(*) from reimbursement.preview_payment_reversal('US01', null, array['PAY-1']) $$),
    'approver payer', 'payer and approver preview that too');
select is(pg_temp.may($$ select reimbursement.hold_invoice('US01', 'RINV-1', null, 'why') $$), 'payer',
    'a payer holds invoices');
select is(pg_temp.may($$ select reimbursement.release_invoice('US01', 'RINV-1', 'why') $$), 'approver',
    'an approver releases them, and nobody else does');
select is(pg_temp.may($$ select count(*) from reimbursement.explain_invoice('US01', 'RINV-1') $$),
    'approver auditor payer', 'payer, approver and auditor have them explained');
select is(pg_temp.may($$ select reimbursement.retry_run(1) $$), 'clerk operator',
    'a reimbursement is retried by a clerk or an operator');
select is(
    pg_temp.may(format($$ select reimbursement.retry_run(%s) $$,
        (select r.run_id from reimbursement.run_requests as r where r.kind = 'vendor_payment'))),
    'operator payer', 'a payment by a payer or an operator'
);
select is(pg_temp.may($$ select count(*) from reimbursement.trace('US01', 'ANN') $$),
    'approver auditor bank clerk master payer', 'whoever reads the books traces in them');
select is(pg_temp.may($$ select count(*) from reimbursement.check_books('US01') $$), 'auditor', 'an auditor checks them');
select is(pg_temp.may($$ select count(*) from reimbursement.check_books() $$), 'auditor', 'all of them where he may');
select is(pg_temp.may($$ select count(*) from reimbursement.check_books(run_id => 1) $$), 'auditor', 'and those of a run');
select is(pg_temp.may($$ select reimbursement.payment_file(1) $$), 'auditor', 'an auditor reads bank files');
select is(pg_temp.may($$ select reimbursement.dimension_set('US01', '{"a": "b"}') $$), 'master',
    'a master makes dimension sets');
select is(pg_temp.may($$ select reimbursement.set_up_legal_entity('US03', 'x', 'USD') $$), null,
    'a master of one legal entity sets up none');
select is(
    pg_temp.may($$ select count(*) from reimbursement.claim_jobs('me', 1) $$), 'worker', 'a worker claims jobs'
);
select is(pg_temp.may($$ select reimbursement.execute_job('US01', 1, 99) $$), 'worker', 'carries them out');
select is(pg_temp.may($$ select reimbursement.fail_job('US01', 1, 99, 'failed', '40001', 'x') $$), 'worker', 'fails them');
select is(pg_temp.may($$ select count(*) from reimbursement.rescue_jobs() $$), 'worker', 'rescues them');
select is(pg_temp.may($$ select count(*) from reimbursement.release_jobs('US01', '{1}', '{99}') $$), 'worker',
    'and gives them back');
select is(pg_temp.may($$ select reimbursement.queue_drained() $$), 'operator worker', 'an operator sees the queue as well');
select alike(test.as_role('duty_clerk', $$ select reimbursement.enqueue_vendor_payment('US01') $$),
    '%role "duty_clerk" has not the duty payer in legal entity "US01"', 'the error says which duty is missing, and where');
select alike(test.as_role('duty_clerk', $$ select reimbursement.enqueue_reimbursement(null) $$),
    '42501%the duty clerk in all legal entities',
    'no legal entity is not every legal entity');
select alike(test.as_role('duty_clerk', $$ select reimbursement.enqueue_reimbursement('XX') $$), '42501%',
    'nor does the error tell which there are');

-- Who acts.
select is(test.as_role('duty_member', 'set local role duty_group; select reimbursement.acting_role()'), 'duty_member',
    'a group is nobody: the login acts');
select is(test.as_role('duty_console', 'set local role duty_clerk; select reimbursement.acting_role()'), 'duty_clerk',
    'a console acts as the person whose role it sets');
select alike(test.as_role('duty_console', $$ select reimbursement.enqueue_reimbursement('US01', '2025-06-30') $$), '42501%',
    'and has none of the duties of its people itself');
select is(
    test.as_role('duty_console', $$ set local role duty_payer; select reimbursement.has_duty('US01', 'payer')
        and not reimbursement.has_duty('US01', 'clerk') $$), 'true', 'but those of the one it has set'
);
select set_config('test.run', test.as_role('duty_console',
    $$ set local role duty_clerk; select reimbursement.enqueue_reimbursement('US01', '2025-05-31') $$), false);
select is(
    (select q.requested_by from reimbursement.runs as q where q.run_id = current_setting('test.run')::bigint), 'duty_clerk',
    'a run says who asked for it'
);
select alike(test.as_role('duty_clerk', 'set local role duty_payer'), '42501%', 'nobody becomes whom he is no member of');

-- The owner, and roles that are gone.
grant duty_owner to duty_nobody;
select alike(test.as_role('duty_owner', $$ select reimbursement.grant_duty('duty_clerk', 'payer') $$), '42501%',
    'a role is no owner');
alter schema reimbursement owner to duty_owner;
select is(test.as_role('duty_nobody', $$ select reimbursement.grant_duty('duty_clerk', 'payer', 'US01') $$), '',
    'until the schema is its own: then its members may do everything');
alter schema reimbursement owner to current_user;
select is(test.as_role('duty_clerk', $$ select reimbursement.has_duty('US01', 'payer') $$), 'true', 'which then holds');
select reimbursement.revoke_duty('duty_clerk', 'payer', 'US01');
select is(test.as_role('duty_clerk', $$ select reimbursement.has_duty('US01', 'payer') $$), 'false', 'until it is taken');
drop role duty_bank;
create role duty_bank login;
select is(test.as_role('duty_bank', $$ select reimbursement.has_duty('US01', 'bank') $$), 'false',
    'a new role of the name of a dropped one has none of its duties');

select * from finish();
