-- What is refused when a payment run is enqueued, each with its SQLSTATE, or fails later; then nothing is written.
select plan(116);

select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR');
select test.bank_account('SECOND', 'GBP');
select test.bank_account('THIRD', 'CHF', is_default => false);
select test.payee('ANN', 100);
select test.reimburse();
create temporary table runs_before as select count(*) as runs from reimbursement.runs;

-- Preview refuses what a run refuses, by the same choices.
create temporary table refused as
select *
from (
    values
    ($$'NOWHERE', '2025-07-15'$$, 'RB001'), ($$'us01', '2025-07-15'$$, 'RB001'), ($$null, '2025-07-15'$$, 'RB001'),
    ($$'US01', '2023-12-31'$$, 'RB003'), ($$'US01', '2027-01-01'$$, 'RB003'),
    ($$'US01', '2025-07-15', minimum_payment_date => '2027-01-01'$$, 'RB003'),
    ($$'US01', '2025-07-15', vendor_filter => ''$$, 'RB005'),
    ($$'US01', '2025-07-15', vendor_filter => '..'$$, 'RB005'),
    ($$'US01', '2025-07-15', vendor_filter => 'A,,B'$$, 'RB005'),
    ($$'US01', '2025-07-15', pay_per => null$$, 'RB006'),
    ($$'US01', '2025-07-15', pay_per => 'customer'$$, 'RB007'), ($$'US01', '2025-07-15', pay_per => ''$$, 'RB007'),
    ($$'US01', '2025-07-15', pay_per => 'VENDOR'$$, 'RB007'),
    ($$'US01', 'infinity'$$, 'RB007'), ($$'US01', '-infinity'$$, 'RB007'),
    ($$'US01', '2025-07-15', due_through => 'infinity'$$, 'RB007'),
    ($$'US01', '2025-07-15', minimum_payment_date => 'infinity'$$, 'RB007'),
    ($$'US01', '2025-07-15', minimum_payment_date => '-infinity'$$, 'RB007'),
    ($$'US01', '2025-07-15', maximum_total => 0$$, 'RB007'), ($$'US01', '2025-07-15', maximum_total => -1$$, 'RB007'),
    ($$'US01', '2025-07-15', maximum_total => 'NaN'$$, 'RB007'),
    ($$'US01', '2025-07-15', maximum_total => 'Infinity'$$, 'RB007'),
    ($$'US01', '2025-07-15', maximum_total => 1.001$$, 'RB007'),
    ($$'US01', '2025-07-15', currency => 'XXX'$$, 'RB009'), ($$'US01', '2025-07-15', currency => 'usd'$$, 'RB009'),
    ($$'US01', '2025-07-15', currency => ''$$, 'RB009'),
    ($$'US01', '2025-07-15', bank_account => 'NONE'$$, 'RB023'),
    ($$'US01', '2025-07-15', bank_account => 'bank'$$, 'RB023'),
    ($$'US01', '2025-07-15', bank_account => ''$$, 'RB023'),
    ($$'US01', '2025-07-15', bank_account => 'EURO', currency => 'USD'$$, 'RB023'),
    ($$'US01', '2025-07-15', currency => 'SEK'$$, 'RB023'), ($$'US01', '2025-07-15', currency => 'CHF'$$, 'RB023'),
    ($$'US01', '2025-07-15', method_of_payment => 'BARTER'$$, 'RB024'),
    ($$'US01', '2025-07-15', method_of_payment => 'sepa'$$, 'RB024'),
    ($$'US01', '2025-07-15', method_of_payment => ''$$, 'RB024')
) as r (arguments, code);
select throws_ok(
    format('select reimbursement.enqueue_vendor_payment(%s)', r.arguments), r.code, null,
    format('refused with %s: %s', r.code, r.arguments))
from refused as r;
select throws_ok(
    format('select * from reimbursement.preview_vendor_payment(%s)', r.arguments), r.code, null,
    format('the preview, too, is refused with %s: %s', r.code, r.arguments))
from refused as r;
select throws_ok(
    format($$select reimbursement.enqueue_vendor_payment('US01', '2025-07-15', %s)$$, a.argument), a.code, null,
    format('refused with %s: %s', a.code, a.argument))
from (
    values
    ('batches => null', 'RB006'), ('run_at => null', 'RB006'), ('priority => null', 'RB006'),
    ('max_attempts => null', 'RB006'), ('queue => null', 'RB006'), ('batches => 0', 'RB008'),
    ('batches => 10001', 'RB008'),
    ('max_attempts => 0', 'RB008'), ($$run_at => 'infinity'$$, 'RB008'), ($$queue => 'a queue'$$, 'RB008'),
    ($$idempotency_key => ''$$, 'RB008')
) as a (argument, code);

-- The message says what to do about it.
create function pg_temp.refusal(arguments text, preparation text default null) returns text
language plpgsql
as $$
declare
    v_message text;
begin
    execute coalesce(preparation, 'select');
    execute format('select reimbursement.enqueue_vendor_payment(%s)', arguments);
    raise exception using errcode = 'UNDO0', message = 'enqueued';
exception
    when others then
        return sqlerrm;
end
$$;
select is(
    pg_temp.refusal($$'US01', '2025-07-15', bank_account => 'EURO', currency => 'USD'$$),
    'bank account "EURO" pays EUR, not USD', 'a currency that the bank account cannot pay is named');
select is(
    pg_temp.refusal($$'US01', '2025-07-15', bank_account => 'NONE'$$), 'legal entity "US01" has no bank account "NONE"',
    'an unknown bank account is named');
select is(
    pg_temp.refusal($$'US01', '2025-07-15', currency => 'CHF'$$),
    'legal entity "US01" has no default bank account in CHF',
    'so is a currency without a default bank account');
select is(
    pg_temp.refusal($$'US01', '2025-07-15'$$, 'update reimbursement.bank_accounts set is_default = false'),
    'legal entity "US01" has no default bank account', 'a legal entity without any cannot pay');
select matches(
    pg_temp.refusal(
        $$'US01', '2025-07-15'$$,
        $$ set local session_replication_role = replica;
        update reimbursement.bank_accounts set iban = 'GB30NWBK60161331926819' where bank_account = 'SECOND' $$),
    'bank account "SECOND" is not ready', 'a bank account with a wrong IBAN is not ready');
select matches(
    pg_temp.refusal(
        $$'US01', '2025-07-15'$$,
        $$ set local session_replication_role = replica;
        update reimbursement.bank_accounts set bic = 'X' where bank_account = 'SECOND' $$),
    'bank account "SECOND" is not ready', 'nor is one with a wrong BIC');
select is(
    pg_temp.refusal(
        $$'US01', '2025-07-15', bank_account => 'BANK'$$,
        $$ set local session_replication_role = replica;
        update reimbursement.bank_accounts set bic = 'X' where bank_account = 'SECOND' $$),
    'enqueued', 'which does not matter to a run that names another');
select matches(
    pg_temp.refusal(
        $$'US01', '2025-07-15'$$, $$ update reimbursement.legal_entities set name = '株式会社' $$),
    'a bank file cannot carry the legal entity''s name, "株式会社"',
    'nor is any when a bank file cannot carry its owner''s name');
select matches(
    pg_temp.refusal(
        $$'US01', '2025-07-15'$$, $$ delete from reimbursement.number_sequences where sequence = 'payment' $$),
    'the set-up of legal entity "US01" is incomplete: number sequence payment', 'a missing number sequence is named');
select matches(
    pg_temp.refusal($$'US01', '2025-07-15'$$, 'update reimbursement.legal_entities set bank_ledger_account = null'),
    'the set-up of legal entity "US01" is incomplete: bank_ledger_account', 'so is a missing ledger account');
select matches(
    pg_temp.refusal($$'US01', '2025-07-15'$$, 'update reimbursement.ledger_periods set is_open = false'),
    'the ledger period from 2025-01-01 to 2025-12-31 of legal entity "US01" is closed', 'so is a closed period');
select matches(
    pg_temp.refusal($$'US01', '2025-07-15'$$,
        $$ delete from reimbursement.ledger_periods where starts_on = '2025-01-01' $$),
    'period', 'and one that is not there');

select is(
    (select count(*) from reimbursement.runs), (select b.runs from runs_before as b), 'a refused run is not written');
select is_empty($$ select from reimbursement.jobs where kind = 'vendor_payment' $$, 'nor is a job');
select is_empty('select from reimbursement.payments', 'nor is a payment');
select is_empty('select from reimbursement.invoice_skips', 'nor is a skip');
select is(
    (select next_number from reimbursement.number_sequences where sequence = 'payment'), 1::bigint,
    'nor is a number taken');

-- What goes wrong after it was enqueued fails the run at its first attempt, with nothing written but the error.
create function pg_temp.failed_by(change text) returns text
language plpgsql
as $$
declare
    v_run_id constant bigint := reimbursement.enqueue_vendor_payment('US01', '2025-07-15');
    v_job record;
begin
    execute change;
    select * into v_job from reimbursement.claim_jobs('test', 1);
    begin
        perform reimbursement.execute_job(v_job.legal_entity_id, v_job.job_id, v_job.attempt);
    exception
        when others then
            perform reimbursement.fail_job(
                v_job.legal_entity_id, v_job.job_id, v_job.attempt, 'failed', sqlstate, sqlerrm);
    end;
    return (
        select format('%s after %s attempt: %s', r.state, j.attempt, e.sqlstate)
        from reimbursement.runs as r
        inner join reimbursement.jobs as j on j.run_id = r.run_id
        left join reimbursement.job_errors as e on e.job_id = j.job_id
        where r.run_id = v_run_id
    );
end
$$;
create function pg_temp.written() returns bigint
language sql
as $$
    select (select count(*) from reimbursement.payments) + (select count(*) from reimbursement.invoice_skips)
    + (select count(*) from reimbursement.vendor_settlements) + (select count(*) from reimbursement.payment_files)
    + (select count(*) from reimbursement.ledger_entries where posting_type = 'bank')
    + (select next_number - 1 from reimbursement.number_sequences where sequence = 'payment')
$$;
select is(
    pg_temp.failed_by('update reimbursement.ledger_periods set is_open = false'), 'failed after 1 attempt: RB004',
    'a period that was closed meanwhile fails the run');
select is(pg_temp.written(), 0::bigint, 'with nothing written');
update reimbursement.ledger_periods set is_open = true;
select is(
    pg_temp.failed_by('update reimbursement.bank_accounts set is_default = false'), 'failed after 1 attempt: RB023',
    'so does a bank account that was taken away');
select is(pg_temp.written(), 0::bigint, 'with nothing written');
update reimbursement.bank_accounts set is_default = true where bank_account in ('BANK', 'EURO', 'SECOND');
select is(
    pg_temp.failed_by($$ update reimbursement.legal_entities set name = '株式会社' $$), 'failed after 1 attempt: RB023',
    'so does a name of the payer that a file cannot carry');
select is(pg_temp.written(), 0::bigint, 'with nothing written');
update reimbursement.legal_entities set name = 'Contoso';
select is(
    pg_temp.failed_by('update reimbursement.legal_entities set bank_ledger_account = null'),
    'failed after 1 attempt: RB002',
    'so does an account that was taken away');
select is(pg_temp.written(), 0::bigint, 'with nothing written');
update reimbursement.legal_entities set bank_ledger_account = '110110';

-- Once mended, the run is tried again: the same choices, and the invoices of now.
select reimbursement.retry_run(test.last_run());
select test.credit('ANN', 7);
select test.run_to_the_end(test.last_run());
select is(
    (select array_agg(p.amount) from reimbursement.vendor_payments as p where p.run_id = test.last_run()),
    array[100.00],
    'when it is mended the run can be tried again');
select is(
    (select array_agg(p.payment_number) from reimbursement.vendor_payments as p where p.run_id = test.last_run())::text,
    '{PAY-00000001}', 'from the first number on');
select is(
    (select count(*) from reimbursement.payment_files where run_id = test.last_run()), 3::bigint,
    'and it has its files');

-- A run in several batches of which one failed: the others are paid, the file waits for it.
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02');
select test.payee(c.account, 10, legal_entity_id => 'US02') from (values ('ANN'), ('BOB')) as c (account);
select test.reimburse(legal_entity_id => 'US02');
select reimbursement.enqueue_vendor_payment('US02', '2025-07-15', batches => 2) as run_id \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select reimbursement.fail_job('US02', :job_id, 1, 'failed', '23514', 'it broke');
select test.work_off();
select results_eq(
    format('select state, jobs_completed, processed from reimbursement.runs where run_id = %s', :run_id),
    $$ values ('failed', 1::bigint, 1::bigint) $$, 'a batch that fails does not stop the others');
select is_empty(
    format('select from reimbursement.payment_files where run_id = %s', :run_id), 'the file is not written without it');
select reimbursement.retry_run(:run_id);
select test.work_off();
select results_eq(
    format('select state, jobs_completed, processed from reimbursement.runs where run_id = %s', :run_id),
    $$ values ('completed', 2::bigint, 2::bigint) $$, 'tried again, it pays the rest');
select is(
    (select payments from reimbursement.payment_files where run_id = :run_id and format = 'csv'), 2,
    'and the file has the payments of both');

-- Two sequences that number vouchers alike.
update reimbursement.number_sequences set format = 'RMB-####' where legal_entity_id = 'US01' and sequence = 'payment';
select throws_ok(
    $$ select reimbursement.enqueue_vendor_payment('US01', '2025-06-30') $$, 'RB002',
    'the number sequences payment and reimbursement of legal entity "US01" have the same format',
    'a payment whose number would be that of a reimbursement is refused');
update reimbursement.number_sequences set format = 'PAY-####' where legal_entity_id = 'US01' and sequence = 'payment';
select lives_ok(
    $$ select reimbursement.enqueue_vendor_payment('US01', '2025-06-30') $$, 'and is not, once it has one of its own');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
