-- How one asks for a file for the bank, and what it says of payments that were reversed before it and after.
select plan(22);

-- A run that paid from one bank account, and a run that paid from two; a third account paid nothing.
select test.company(accounting_currency => 'EUR');
select test.paying_account('GIRO');
select test.paying_account('DOLLAR', currency => 'USD', bic => null);
select test.paying_account('YEN', 'JPY');
create temporary table first_run as
select test.run_in_state() as run_id;
select test.transfer('PAY-2', 20.5, 'Jürgen & Söhne', creditor_bic => 'AGRIFRPPXXX', remittance => 'Rückzahlung <5%>');
select test.transfer('PAY-1', 10);
select reimbursement.write_payment_files('US01', r.run_id) from first_run as r;
select test.run_in_state();
select test.transfer('PAY-10');
select test.transfer('PAY-11', currency => 'USD', bank_account => 'DOLLAR', creditor_name => 'Bob');
select reimbursement.write_payment_files('US01', test.last_run());

-- How one asks for a file.
select is(
    reimbursement.payment_file(r.run_id),
    (select f.content from reimbursement.payment_files as f where f.run_id = r.run_id and f.format = 'pain.001.001.09'),
    'payment_file has the file as it was written, in the newer format if none is named')
from first_run as r;
select is(
    reimbursement.payment_file(f.run_id, f.format, f.bank_account::text), f.content,
    format('the file of %s as %s', f.bank_account, f.format))
from reimbursement.payment_files as f
where f.run_id <> (select r.run_id from first_run as r)
order by f.bank_account, f.format;
select throws_ok(
    $$ select reimbursement.payment_file(f.run_id) from reimbursement.payment_files as f where f.bank_account = 'DOLLAR' $$,
    'RB028', null, 'where several bank accounts paid, one is to be named');
select throws_ok(
    format('select reimbursement.payment_file(%s, bank_account => ''YEN'')', r.run_id), 'RB028',
    format('run %s made no transfer from bank account "YEN"', r.run_id), 'and one that paid')
from first_run as r;
select throws_ok(
    format('select reimbursement.payment_file(%s, ''pain.008'')', r.run_id), 'RB028',
    '"pain.008" is no format of bank files', 'a format is one of three')
from first_run as r;
select throws_ok(
    'select reimbursement.payment_file(987654)', 'RB028', 'there is no run 987654', 'a run that is not there has no file');
select throws_ok('select reimbursement.payment_file(null)', 'RB006', null, 'NULL is no run');
select throws_ok('select reimbursement.payment_file(1, null)', 'RB006', null, 'and no format');
select throws_ok(
    format('select reimbursement.payment_file(%s)', r.run_id), 'RB028', replace(s.message, 'RUN', r.run_id::text), s.what)
from (
    values
    ('completed', 'reimbursement', 'run RUN is a reimbursement, and only payment runs have bank files',
        'a reimbursement has no file'),
    ('completed', 'vendor_payment',
        'run RUN made no payment by transfer that still stood when it was done: it has no bank file',
        'nor a run without transfers'),
    ('failed', 'vendor_payment', 'run RUN is failed: its bank files are written when all of its jobs are completed',
        'nor a run that failed'),
    ('ready', 'vendor_payment', 'run RUN is ready: its bank files are written when all of its jobs are completed',
        'nor one that waits')
) as s (state, kind, message, what)
cross join lateral test.run_in_state(s.state, s.kind) as r (run_id);
select lives_ok(
    $$ select reimbursement.write_payment_files('US01', test.last_run()) $$, 'a run without transfers writes nothing');

-- Payments that were reversed before the files were written, and after.
select test.run_in_state();
select test.transfer('PAY-30');
select test.transfer('PAY-31');
insert into reimbursement.reversals (
    legal_entity_id, voucher, run_id, job_id, reversed_type, reversed_voucher, posting_date, reason, in_bank_file
)
values
('US01', 'REV-1', test.last_run(), 1, 'payment', 'PAY-30', '2025-07-01', 'a mistake', false),
('US01', 'REV-2', test.last_run(), 1, 'payment', 'PAY-2', '2025-07-01', 'bounced', true);
select reimbursement.write_payment_files('US01', test.last_run());
select is(
    test.in_file('p:PmtInf/p:CdtTrfTxInf/p:PmtId/p:InstrId/text()'), 'PAY-31',
    'a payment that was reversed before is in no file');

\setenv PGOPTIONS '-c search_path=reimbursement'
\set file `psql -XAtqc "select length(payment_file(min(run_id))) from payment_files" 2>/dev/null`
\set warning `psql -XAtqc "select length(payment_file(min(run_id))) from payment_files" 2>&1 >/dev/null | head -1`
select is(
    :'warning',
    format('WARNING:  the file of run %s has payments that have been reversed since: PAY-2', r.run_id),
    'payment_file warns of payments that were reversed since')
from first_run as r;
\set silence `psql -XAtqc "select length(payment_file(max(run_id))) from payment_files" 2>&1 >/dev/null`
select is(:'silence'::text, '', 'and of none that was reversed before, for the file does not have it');
select is(
    :'file'::int, (select length(f.content) from reimbursement.payment_files as f where f.format = 'pain.001.001.09'
        and f.run_id = r.run_id),
    'and the file is as it was')
from first_run as r;

select * from finish();
