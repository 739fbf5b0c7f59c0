-- Who takes a bank file to the bank, and what becomes of a file with a payment that was reversed.
select plan(48);

select test.company();
select test.bank_account();
select test.bank_account('EURO', 'EUR', iban => 'NL91ABNA0417164300');
select test.rate('EUR', 1.1);
select test.payee('ANN', 10);
select test.payee('BOB', 20);
select test.payee('CAT', 30, 'EUR', iban => 'FR1420041010050500013M02606');
select test.person('bank', '{bank}');
select test.person('other', '{bank}');
select test.person('payer', '{payer, bank}');
select test.person('clerk', '{clerk, payer, auditor}');
select test.person('stranger', '{bank}', null);
select test.company(legal_entity_id => 'US02');
select reimbursement.revoke_duty(test.role_of('stranger'), 'bank');
select reimbursement.grant_duty(test.role_of('stranger'), 'bank', 'US02');
select test.reimburse();
select test.pay() as run \gset

create function pg_temp.release(person text, run_id bigint, rest text default '') returns text
language plpgsql
as $$
begin
    perform test.as_person(release.person, format(
        'select set_config(%L, reimbursement.release_payment_file(%s%s), false)', 'test.file', release.run_id, release.rest));
    return md5(current_setting('test.file'));
exception
    when others then return sqlstate || ' ' || sqlerrm;
end
$$;
create function pg_temp.content(run_id bigint, format text, bank_account text, file_version int default 1) returns text
language sql
as $$
    select md5(f.content) from reimbursement.payment_files as f
    where f.run_id = content.run_id and f.format = content.format and f.bank_account = content.bank_account
        and f.file_version = content.file_version
$$;

select matches(pg_temp.release('clerk', :run), '^42501 .*has not the duty bank in legal entity "US01"',
    'it takes the duty of the bank');
select matches(pg_temp.release('stranger', :run), '^42501', 'in the run''s legal entity');
select matches(pg_temp.release('bank', :run), '^RB028 .*several bank accounts', 'of several files one is named');
select is_empty('select from reimbursement.payment_file_releases', 'none of them has taken anything');
select is(
    pg_temp.release('bank', :run, ', bank_account => ''BANK'''), pg_temp.content(:run, 'pain.001.001.09', 'BANK'),
    'the stored bytes are released');
select is(
    (select to_jsonb(r) - array['released_at', 'file_version'] from reimbursement.payment_file_releases as r
    where r.released_at between now() - interval '1 minute' and clock_timestamp()),
    jsonb_build_object(
        'run_id', :run, 'legal_entity_id', 'US01', 'bank_account', 'BANK', 'format', 'pain.001.001.09',
        'released_by', test.role_of('bank'), 'reason', null),
    'who took it and when is written down');
select matches(
    pg_temp.release('bank', :run, ', bank_account => ''BANK''' || r.rest),
    '^RB056 the file of run 2 and bank account "BANK" was released before', format('a second time needs a reason: %s', r.rest))
from (values (''), (', reason => '' '''), (', format => ''csv'''), (', format => ''pain.001.001.03''')) as r (rest);
select is(
    pg_temp.release('other', :run, ', ''csv'', ''BANK'', ''the bank lost it'''), pg_temp.content(:run, 'csv', 'BANK'),
    'with one, another format of the same message is released');
select is(
    (select array_agg(r.reason order by r.released_at) from reimbursement.payment_file_releases as r),
    array[null, 'the bank lost it'], 'the reason is kept');
select is(
    pg_temp.release('bank', :run, ', bank_account => ''EURO'''), pg_temp.content(:run, 'pain.001.001.09', 'EURO'),
    'the file of another bank account is another message');

-- Whoever asked for the run, where there is a rule of approval for payments.
select test.payee('DAN', 40);
select test.reimburse();
create function pg_temp.enqueue(person text) returns bigint
language plpgsql
as $$
begin
    perform test.as_person(enqueue.person, $e$select set_config('test.run',
        reimbursement.enqueue_vendor_payment('US01', '2025-07-15')::text, false)$e$);
    return current_setting('test.run')::bigint;
end
$$;
select pg_temp.enqueue('payer') as run \gset
select test.work();
select test.rule(from_amount => 0);
select is(
    pg_temp.release('payer', :run), pg_temp.content(:run, 'pain.001.001.09', 'BANK'),
    'without a rule for payments who asked for the run may take its file');
select test.rule('vendor_payment', 999999);
select matches(
    pg_temp.release('payer', :run, ', reason => ''again'''),
    format('^42501 permission denied: run %s was asked for by "%s"', :run, test.role_of('payer')),
    'with any such rule he is refused');
select is(
    pg_temp.release('bank', :run, ', reason => ''again'''), pg_temp.content(:run, 'pain.001.001.09', 'BANK'),
    'another takes it');
select pg_temp.enqueue('payer') as empty_run \gset
select test.work();
delete from reimbursement.approval_rules;

-- A payment that was reversed.
select test.payee(c.account, 10) from (values ('EVE'), ('FAY'), ('GUS')) as c (account);
select test.payee('HAL', 7, 'EUR');
select test.reimburse();
select test.pay() as run \gset
select array_agg(p.payment_number order by p.payment_number) filter (where p.currency = 'USD') as numbers
from reimbursement.vendor_payments as p where p.run_id = :run \gset
select test.reverse_payments(array[(:'numbers'::text[])[2]]);
create function pg_temp.rewrite(person text, run_id bigint, bank_account text, reason text) returns text
language plpgsql
as $$
begin
    perform test.as_person(rewrite.person, format('select set_config(%L, reimbursement.rewrite_payment_file(%s, %L, %L), false)',
        'test.message', rewrite.run_id, rewrite.bank_account, rewrite.reason));
    return current_setting('test.message');
exception
    when others then return sqlstate || ' ' || sqlerrm;
end
$$;
select is(
    pg_temp.release('bank', :run, ', bank_account => ''BANK'''),
    format('RB057 the file of run %s and bank account "BANK" has payments that have been reversed: %s', :run,
        (:'numbers'::text[])[2]), 'a file with a payment that was reversed is not released');
select matches(pg_temp.release('bank', :run, ', ''csv'', ''BANK'', ''still'''), '^RB057', 'in no format and for no reason');
select is_empty(
    format('select from reimbursement.payment_file_releases where run_id = %s', :run), 'it was not');
select matches(pg_temp.rewrite('clerk', :run, 'BANK', 'why'), '^42501 .*bank', 'to have it written anew takes the duty, too');
select matches(pg_temp.rewrite('bank', :run, 'BANK', ' '), '^RB007', 'and a reason');
select matches(pg_temp.rewrite('bank', :run, 'EURO', 'why'), '^RB058 .*"EURO" has no payment that was reversed',
    'a file that is right stays');
select f.message_id from reimbursement.payment_files as f
where f.run_id = :run and f.bank_account = 'BANK' and f.format = 'csv' \gset
select is(pg_temp.rewrite('bank', :run, 'BANK', 'EVE''s bounced'), :'message_id' || '-2', 'it is a new message');
select results_eq(
    format($$ select format collate "default", file_version, payments, control_sum from reimbursement.payment_files
    where run_id = %s and bank_account = 'BANK' order by 2, 1 $$, :run),
    $$ values ('csv', 1, 3, 30.00), ('pain.001.001.03', 1, 3, 30.00), ('pain.001.001.09', 1, 3, 30.00),
    ('csv', 2, 2, 20.00), ('pain.001.001.03', 2, 2, 20.00), ('pain.001.001.09', 2, 2, 20.00) $$,
    'without what was reversed, in all formats; the old one is kept');
select results_eq(
    $$ select file_version, left_out, reason, rewritten_by from reimbursement.payment_file_rewrites $$,
    format($$ values (2, array[%L], 'EVE''s bounced', test.role_of('bank')::text collate "default") $$, (:'numbers'::text[])[2]),
    'who had it written, why, and without what');
select alike(reimbursement.payment_file(:run, 'pain.001.001.09', 'BANK'), format('%%<MsgId>%s-2</MsgId>%%', :'message_id'),
    'whoever reads the file reads the new one');
select unalike(reimbursement.payment_file(:run, 'pain.001.001.09', 'BANK'), format('%%%s%%', (:'numbers'::text[])[2]),
    'which does not have the payment');
select results_eq(
    format($$ select reference from reimbursement.trace('US01', %L) where step = 'bank file' $$, (:'numbers'::text[])[1]),
    format($$ values (%L) $$, :'message_id' || '-2'), 'the trace of a payment has the message that it is in');
select is_empty(
    format($$ select from reimbursement.trace('US01', %L) where step = 'bank file' $$, (:'numbers'::text[])[2]),
    'that of what was left out has none');
select is_empty('select * from reimbursement.check_books()', 'the books are right');
select is_empty(format('select * from reimbursement.check_books(run_id => %s)', :run), 'and the run''s');

-- Once more.
select test.reverse_payments(array[(:'numbers'::text[])[1]], '2025-07-21');
select matches(pg_temp.release('bank', :run, ', bank_account => ''BANK'''), '^RB057', 'another is reversed');
select is(pg_temp.rewrite('bank', :run, 'BANK', 'FAY''s bounced'), :'message_id' || '-3', 'it is a third message');
select is(
    pg_temp.release('bank', :run, ', ''csv'', ''BANK'''), pg_temp.content(:run, 'csv', 'BANK', 3), 'which is released');
select is(
    (select array_agg(r.file_version) from reimbursement.payment_file_releases as r where r.run_id = :run), array[3],
    'and no other can be any more');
select test.reverse_payments(array[(:'numbers'::text[])[3]], '2025-07-22');
select matches(pg_temp.rewrite('bank', :run, 'BANK', 'GUS''s bounced'), '^RB058 .*was released: the bank may have it',
    'what was released is not written anew');
select matches(pg_temp.release('bank', :run, ', ''csv'', ''BANK'', ''again'''), '^RB057', 'nor released again');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

-- All of it was reversed.
select p.payment_number as number from reimbursement.vendor_payments as p where p.run_id = :run and p.currency = 'EUR' \gset
select test.reverse_payments(array[:'number']);
select matches(pg_temp.rewrite('bank', :run, 'EURO', 'why'), '^RB058 .*none is left', 'of nothing there is no file');

-- A reversal waits for whoever is about to release the file, and the other way round.
select test.payee('IDA', 10);
select test.reimburse();
select test.pay() as run \gset
select p.payment_number as number from reimbursement.vendor_payments as p
where p.run_id = :run and p.amount = 10 and p.vendor_account = (
    select r.vendor_account from reimbursement.reimbursement_report as r where r.customer_account = 'IDA' limit 1) \gset
select test.open_other_session('first');
select test.open_other_session('second');
select reimbursement.enqueue_payment_reversal(
    'US01', 'why', array[:'number'], '2025-07-20', not_sent => true) as reversal \gset
select * from reimbursement.claim_jobs('test', 1) \gset job_
select test.in_other_session('begin', 'first');
select test.in_other_session(
    format('do $do$ begin perform reimbursement.execute_job(%L, %s, 1); end $do$', 'US01', :job_job_id), 'first');
select test.wait_in_other_session(
    format('select reimbursement.release_payment_file(%s, bank_account => %L)', :run, 'BANK'), 'second');
select test.in_other_session('commit', 'first');
select matches(test.end_of_wait('second'), '^RB057', 'who releases a file waits for a reversal and sees it');

-- Bad input.
select throws_ok('select reimbursement.release_payment_file(4711)', 'RB028', 'there is no run 4711', 'a run that is none');
select matches(pg_temp.release('bank', 1), '^RB028 .*only payment runs have bank files', 'a run of another kind');
select matches(pg_temp.release('bank', :empty_run), '^RB028', 'a run without a file');
select matches(pg_temp.release('bank', :run, ', ''pdf'', ''BANK'''), '^RB028 "pdf" is no format', 'an unknown format');
select matches(pg_temp.release('bank', :run, ', bank_account => ''X'''), '^RB028 .*made no transfer from bank account "X"', 'an unknown bank account');
select throws_ok('select reimbursement.release_payment_file(null)', 'RB006', null, 'no run');
select throws_ok(format('delete from reimbursement.%I', t.name), 'RB015', null, format('%s are kept', t.name))
from (values ('payment_file_takings'), ('payment_file_rewrites')) as t (name);

select * from finish();
