-- Whose a message is: of one legal entity, of two at once, of other banks' customers; and who may import it.
select plan(24);

select test.company();
select test.bank_account(bridging_account => '110199');
select test.company(legal_entity_id => 'US02');
select test.bank_account(legal_entity_id => 'US02', iban => 'GB33BUKB20201555555555', bridging_account => '110199');
select test.payee('ANN', 10, iban => 'FR1420041010050500013M02606', legal_entity_id => e),
    test.payee('BOB', 20, iban => 'FR1420041010050500013M02606', legal_entity_id => e)
from unnest(array['US01', 'US02']) as e;
select test.reimburse(legal_entity_id => e), test.pay(legal_entity_id => e) from unnest(array['US01', 'US02']) as e;

select test.person('bank', '{bank}');
select test.person('both', '{bank}', e) from unnest(array['US01', 'US02']) as e;
select test.person('payer', '{payer, approver, master, clerk}', null);
select test.person('auditor', '{auditor}');
select test.person('nobody');

create function test.imported(actor text, content text) returns text
language sql
as $$
    select test.as_role(test.role_of(actor), format('select reimbursement.import_bank_message(%L)', content))
$$;

-- Two accounts in one statement, with two payments of the same number.
create temporary table statement as
select replace(
    test.account_message(test.entry('10.00', test.behind('PAY-00000001')), 'camt.053', message_id => 'STM-1'),
    '</Stmt>',
    '</Stmt><Stmt><Id>2</Id><Acct><Id><IBAN>GB33 BUKB 2020 1555 5555 55</IBAN></Id></Acct>'
    || test.entry('10.00', test.behind('PAY-00000001')) || test.entry('21.00', test.behind('PAY-00000002')) || '</Stmt>'
) as content;
grant select on statement to public;

select alike(test.imported('nobody', s.content), '42501 permission denied: role "%" has not the duty bank%', 'the duty is asked for')
from statement as s;
select alike(test.imported('nobody', 'hello'), '42501 permission denied: role "%" has not the duty bank%', 'before anything is read');
select alike(test.imported('payer', s.content), '42501 permission denied: role "%" has not the duty bank%', 'and no other')
from statement as s;
select alike(test.imported('bank', s.content), '42501 permission denied: role "%" has not the duty bank in legal entity "US02"%',
    'in every legal entity that the message is about')
from statement as s;
select is((select count(*) from reimbursement.bank_imports), 0::bigint, 'and nothing was written');
select ok(test.imported('both', s.content) ~ '^\d+$', 'then it is one import') from statement as s;
select is(
    (select string_agg(concat_ws(' ', m.legal_entity_id, m.entries, m.matched, m.exceptions, right(m.imported_by, 4)), ', '
        order by m.legal_entity_id) from reimbursement.bank_messages as m),
    'US01 1 1 0 both, US02 2 1 1 both', 'and a row for each legal entity');
select is(
    (select string_agg(concat_ws(' ', p.legal_entity_id, p.payment_number, p.status), ', '
        order by p.legal_entity_id, p.payment_number) from reimbursement.vendor_payments as p),
    'US01 PAY-00000001 executed, US01 PAY-00000002 posted, US02 PAY-00000001 executed, US02 PAY-00000002 posted',
    'each of its own payment');
select is(
    (select string_agg(distinct concat_ws(' ', e.legal_entity_id, e.voucher), ', ') from reimbursement.ledger_entries as e
        where e.voucher like 'BNK%'),
    'US01 BNK-00000001, US02 BNK-00000001', 'with vouchers of its own');
select is(
    test.as_role(test.role_of('bank'), 'select count(*) from reimbursement.bank_messages'), '1', 'what is of another is not there');
select is(
    test.as_role(test.role_of('bank'), 'select count(*) from reimbursement.bank_exceptions'), '0', 'nor its exceptions');
select is(test.as_role(test.role_of('auditor'), 'select count(*) from reimbursement.bank_answers'), '1', 'an auditor reads');
select alike(test.as_role(test.role_of('bank'), 'select reimbursement.resolve_bank_exception(max(import_id), 1, $$x$$)
    from reimbursement.bank_messages'), '42501%"US02"%', 'and nobody resolves what is of another');
select is(test.as_role(test.role_of('both'), 'select reimbursement.resolve_bank_exception(max(import_id), 1, $$x$$)
    from reimbursement.bank_messages'), '', 'but who has the duty there');
select throws_ok('update reimbursement.bank_entries set amount = 1', 'RB015', null, 'what was written stays');

-- By the file that it answers, whoever has the account now; with prefixes for names.
create temporary table report as
select regexp_replace(regexp_replace(
    test.status_report(test.file_message(), of_payments => test.payment_status('PAY-00000002', 'RJCT', 'AC06')),
    '<(/?)([A-Z])', '<\1p:\2', 'g'), 'xmlns=', 'xmlns:p=') as content;
grant select on report to public;
select ok(test.imported('bank', r.content) ~ '^\d+$', 'a report whose names have a prefix') from report as r;
select is((select p.status from reimbursement.vendor_payments as p where p.legal_entity_id = 'US01'
    and p.payment_number = 'PAY-00000002'), 'rejected', 'is understood');
select is((select r.requested_by from reimbursement.runs as r where r.run_id = test.last_run()), test.role_of('bank')::text,
    'the reversal is a run of whoever imported it');
insert into reimbursement.approval_rules values ('US02', 'payment_reversal', 0, 1);
select ok(test.imported('both', test.status_report(test.file_message(legal_entity_id => 'US02'), message_id => 'PSR-2',
    of_payments => test.payment_status('PAY-00000002', 'RJCT', 'AC06'))) ~ '^\d+$', 'with rules of approval');
select is((select r.state from reimbursement.runs as r where r.run_id = test.last_run()), 'ready',
    'what a bank''s message causes does not wait');
select test.work_off();
select is((select count(*) from reimbursement.vendor_payments where reversed_by is not null), 2::bigint, 'both are reversed');
select is(
    test.imported('both', test.status_report('20200101-1-1', 'ACCP', message_id => 'PSR-3')),
    'RB068 message "PSR-3" is about none of the bank accounts and payments here', 'a file that nobody wrote');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

set default_transaction_isolation to 'repeatable read';
select throws_ok('select reimbursement.import_bank_message($$x$$)', 'RB030', null, 'it has to see what others commit');
reset default_transaction_isolation;
select * from finish();
