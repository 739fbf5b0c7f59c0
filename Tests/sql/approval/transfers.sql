-- What was approved is done, or nothing is.
select plan(39);

select test.company();
select test.bank_account();
select test.rate('EUR', 1);
select test.person('one', '{approver}');
select test.person('two', '{approver}');
select test.rule(r.kind)
from (values ('reimbursement'), ('vendor_payment'), ('reimbursement_reversal'), ('payment_reversal')) as r (kind);
select test.vendor('V-ANN', iban => 'DE89370400440532013000');
select test.payee('ANN', 100, vendor_account => 'V-ANN');
select test.payee('BOB', 20, iban => 'FR1420041010050500013M02606');
select test.customer('NET', iban => 'DE89370400440532013000');
select test.credit('NET', 10);
select test.debit('NET', 30);

create function pg_temp.enqueue(include boolean default false, batches int default 1) returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        'US01', '2025-06-30', include_open_debits => include, net_open_debits => include, batches => batches)
$$;
-- A reimbursement.
select pg_temp.enqueue(true) as run \gset
select test.approve('one', :run);
select results_eq(
    format($$ select shown from reimbursement.approved_rows as r inner join reimbursement.jobs as j using (job_id)
    where j.run_id = %s order by row_key $$, :run),
    $$ values
    ('customer ANN: USD 100.00 to V-ANN Vendor V-ANN, DE89…3000, transactions: 1'),
    ('customer BOB: USD 20.00 to a new vendor Customer BOB, FR14…2606, transactions: 1'),
    ('customer NET: USD 0.00 to a new vendor Customer NET, DE89…3000, transactions: 2') $$,
    'approved is whom, to which account, how much and for which credits; and what is only settled');
select test.written() as before \gset
update reimbursement.vendors set iban = 'DE02120300000000202051' where vendor_account = 'V-ANN';
select test.work();
select results_eq(
    format($$ select state, attempt, last_error, sqlstate from reimbursement.jobs as j
    inner join reimbursement.job_errors as e using (legal_entity_id, job_id, attempt) where run_id = %s $$, :run),
    format($$ values ('failed', 1, format('job %%s of run %s would do something else than what was approved: approved: customer ANN: USD 100.00 to V-ANN Vendor V-ANN, DE89…3000, transactions: 1; now: customer ANN: USD 100.00 to V-ANN Vendor V-ANN, DE02…2051, transactions: 1 (SQLSTATE RB053)', (select max(job_id) from reimbursement.jobs)), 'RB053') $$, :run),
    'with another bank account the job fails at its first attempt, and says what differs, masked');
select is(test.written(), :before::bigint, 'nothing is written');
select reimbursement.retry_run(:run);
select is(test.state(:run), 'awaiting_approval', 'who takes it up again asks for approval anew');
select is_empty($$ select from reimbursement.claim_jobs('test', 9) $$, 'and no worker takes it before');
select is(
    (select p.approvals_given from reimbursement.pending_approvals as p where p.run_id = :run), 0,
    'the earlier approval does not count');
update reimbursement.vendors set iban = 'DE89370400440532013000' where vendor_account = 'V-ANN';
select is(
    (select p.approvals_given from reimbursement.pending_approvals as p where p.run_id = :run), 0,
    'not even when all is as it was approved');
select matches(test.end_after(:run, change), '^failed job .*' || said, format('fails: %s', change))
from (
    values
    (
        $$update reimbursement.vendors set iban = 'DE89370400440532013000', bic = 'COBADEFFXXX'$$,
        'now: customer ANN: .*, DE89…3000, COBA…'
    ),
    ($$update reimbursement.vendors set bic = null, name = 'Annie'$$, 'now: customer ANN: USD 100.00 to V-ANN Annie'),
    (
        $$update reimbursement.customers set vendor_account = 'V-BOB' where customer_account = 'BOB';
        select test.vendor('V-BOB')$$,
        'now: customer BOB: USD 20.00 to V-BOB Vendor V-BOB, no bank account'
    ),
    ($$update reimbursement.vendors set iban = 'FR1420041010050500013M02606' where vendor_account = 'V-BOB'$$,
        'approved: .*BOB, no bank account.*; now: .*FR14…2606'),
    ($$select test.credit('BOB', 5)$$, 'now: customer BOB: USD 25.00 .* transactions: 2'),
    ($$select test.payee('CAT', 7)$$, 'not approved: customer CAT: USD 7.00 to a new vendor'),
    (
        $$update reimbursement.customers set on_hold_from = '2025-01-01' where customer_account = 'CAT'$$,
        'not any more: customer CAT: USD 7.00'
    ),
    ($$select test.debit('NET', 1, due_date => '2025-01-01')$$, 'customer NET: USD 0.00 .*, transactions: 3'),
    (
        $$update reimbursement.customer_transactions set settled_amount = -1, settled_accounting_amount = -1
        where customer_account = 'NET' and amount < 0$$,
        'changed in what is not shown in full: customer NET'
    )
) as c (change, said);
select is(test.written(), :before + 1::bigint, 'none of them has written anything but the vendor that a user made');
select unalike(string_agg(e.message, ' '), '%DE8937040044%', 'no error has bank details in full')
from reimbursement.job_errors as e;

-- An IBAN that looks the same where it is masked.
select matches(
    test.end_after(:run, $$set session_replication_role = replica;
        update reimbursement.vendors set iban = 'DE89470400440532013000' where vendor_account = 'V-ANN';
        set session_replication_role = origin$$),
    'changed in what is not shown in full: customer ANN', 'nobody hides behind the mask');
update reimbursement.vendors set iban = 'DE89370400440532013000' where vendor_account = 'V-ANN';

-- Twenty differences, and how many more.
select reimbursement.retry_run(:run);
select test.approve('one', :run);
select test.payee('MANY-' || to_char(i, 'FM00'), 1) from generate_series(1, 23) as i;
select test.work();
select results_eq(
    format($$ select (select count(*) from regexp_matches(r.error, 'not approved: customer MANY-', 'g')),
    r.error like '%% | and 3 more%%' from reimbursement.runs as r where r.run_id = %s $$, :run),
    $$ values (20::bigint, true) $$, 'the first twenty differences are named');

select is(test.end_after(:run, 'select'), 'completed', 'what is as it was approved is carried out');
select is(
    (select r.accounting_amount from reimbursement.runs as r where r.run_id = :run), 148.00, 'all of it');

-- Batches of which some wait and others ended.
select test.company(legal_entity_id => 'BATCHES');
select test.bank_account(legal_entity_id => 'BATCHES');
select test.rate('EUR', 1, legal_entity_id => 'BATCHES');
select test.payee(c.account, 600, 'EUR', legal_entity_id => 'BATCHES')
from (values ('ANN'), ('BOB'), ('CAT')) as c (account);
select test.rule(from_amount => 1000, approvals => 2, legal_entity_id => 'BATCHES');
select test.person('one', '{approver}', 'BATCHES');
select test.person('two', '{approver}', 'BATCHES');
select reimbursement.enqueue_reimbursement('BATCHES', '2025-06-30', batches => 3) as run \gset
select test.approve('one', :run);
select test.approve('two', :run);
update reimbursement.customers set name = 'Robert' where customer_account = 'BOB' and legal_entity_id = 'BATCHES';
select test.work();
select results_eq(
    format('select batch, state from reimbursement.jobs where run_id = %s order by batch', :run),
    $$ values (1, 'completed'), (2, 'failed'), (3, 'completed') $$, 'each batch is compared by itself');
select reimbursement.retry_run(:run);
select is(test.state(:run), 'running', 'a run of which a batch waits and others ended is under way');
select results_eq(
    $$ select run_id, accounting_amount, approvals_needed, approvals_given from reimbursement.pending_approvals $$,
    format('values (%s::bigint, 1800.00, 2, 0)', :run),
    'it waits for approval all the same, and for as many as the whole run');
select test.approve('one', :run);
select test.approve('two', :run);
select test.work();
select is(test.state(:run), 'completed', 'once they have approved it is carried out');

-- What a job comes to.
select test.company(legal_entity_id => 'RATES');
select test.rate('EUR', 1, legal_entity_id => 'RATES');
select test.person('one', '{approver}', 'RATES');
select test.rule(from_amount => 1000, legal_entity_id => 'RATES');
select test.payee('ANN', 1000, 'EUR', legal_entity_id => 'RATES');
select test.payee('BOB', 900, 'EUR', legal_entity_id => 'RATES');
select reimbursement.enqueue_reimbursement('RATES', '2025-06-30', customer_filter => 'ANN') as run \gset
select reimbursement.enqueue_reimbursement('RATES', '2025-06-30', customer_filter => 'BOB') as free_run \gset
select is(array[test.state(:run), test.state(:free_run)], array['awaiting_approval', 'ready'], 'one waits, one does not');
select test.approve('one', :run);
select test.rate('EUR', 1.12, '2025-06-30', legal_entity_id => 'RATES');
select test.work();
select results_eq(
    format($$ select state, error from reimbursement.runs where run_id in (%s, %s) order by run_id $$, :run, :free_run),
    format($$ select 'failed', format(m.message, j.job_id, j.run_id) from reimbursement.jobs as j
    inner join (values
        (%s, 'job %%s of run %%s comes to 1120.00, and its run was approved for 1000.00 in all (SQLSTATE RB054)'),
        (%s, 'job %%s of run %%s comes to 1008.00 and was not approved; approvals needed: 1 (SQLSTATE RB054)')
    ) as m (run_id, message) on m.run_id = j.run_id order by j.run_id $$, :run, :free_run),
    'a job that comes to more than approved, or than the rules let pass, is not carried out');
select reimbursement.retry_run(r.run_id) from (values (:run), (:free_run)) as r (run_id);
select results_eq(
    $$ select p.accounting_amount from reimbursement.pending_approvals as p
    where p.legal_entity_id = 'RATES' order by run_id $$,
    'values (1120.00), (1008.00)', 'taken up again, both wait');
select test.approve('one', :free_run);
delete from reimbursement.approval_rules where legal_entity_id = 'RATES';
select test.work();
select is(test.state(:free_run), 'completed', 'what was approved is carried out, whatever became of the rule');
select test.approve('one', :run);
select test.work();
select is(test.state(:run), 'completed', 'and so is what waits when the rules are gone: it takes a vote still');

-- A rule that is new counts for what is enqueued already.
select test.payee('CAT', 50, legal_entity_id => 'RATES');
select reimbursement.enqueue_reimbursement('RATES', '2025-06-30', customer_filter => 'CAT') as run \gset
select test.rule(from_amount => 50, legal_entity_id => 'RATES');
select test.work();
select matches((select r.error from reimbursement.runs as r where r.run_id = :run), 'RB054', 'a new rule counts at once');
delete from reimbursement.approval_rules where legal_entity_id = 'RATES';
select reimbursement.retry_run(:run);
select is(test.state(:run), 'ready', 'a run that no rule is about any more is taken up again as ever');

-- Nobody gets round it by the job's row.
select test.rule(from_amount => 50, legal_entity_id => 'RATES');
update reimbursement.jobs set state = 'cancelled' where state = 'ready';
select reimbursement.enqueue_reimbursement('RATES', '2025-06-30', customer_filter => 'CAT') as run \gset
update reimbursement.jobs set state = 'ready' where run_id = :run;
select test.work();
select matches(
    (select r.error from reimbursement.runs as r where r.run_id = :run), '^job .* was not approved \(SQLSTATE RB053\)',
    'a job that was made ready by hand is not carried out');

-- Small jobs that were approved go by themselves, others together.
select test.payee('DAN', 10, legal_entity_id => 'RATES');
select test.payee('EVE', 10, legal_entity_id => 'RATES');
select test.payee('FAY', 60, legal_entity_id => 'RATES');
select reimbursement.enqueue_reimbursement('RATES', '2025-06-30', customer_filter => c.account) as run
from (values ('DAN'), ('FAY'), ('EVE')) as c (account);
select test.approve('one', p.run_id) from reimbursement.pending_approvals as p where p.legal_entity_id = 'RATES';
select results_eq(
    $$ select pass, count(*) from reimbursement.claim_passes('test', 9, 9) group by pass order by pass $$,
    'values (1::bigint, 2::bigint), (2, 1)', 'what was approved shares its pass with nobody');
select throws_ok(
    format($$ select reimbursement.execute_jobs('RATES', %L, %L) $$, array_agg(j.job_id), array_agg(j.attempt)), 'RB032',
    '3 jobs of kind reimbursement cannot share a pass, and what was approved goes by itself', 'nor is it made to')
from reimbursement.jobs as j where j.state = 'running';
select lives_ok(
    format($$ select reimbursement.execute_jobs('RATES', %L, %L) $$, array_agg(j.job_id), array_agg(j.attempt)),
    'the others are carried out together')
from reimbursement.jobs as j where j.state = 'running' and j.approval_round is null;
select reimbursement.fail_job('RATES', j.job_id, j.attempt, 'failed', '40001', 'try again')
from reimbursement.jobs as j where j.state = 'running';
update reimbursement.jobs set run_at = now() where state = 'ready';
select test.work();
select is(
    (select count(*) from reimbursement.reimbursement_report as r where r.customer_account = 'FAY'), 1::bigint,
    'a failure that may pass by itself costs no approval');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
