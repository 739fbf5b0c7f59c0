-- What was approved is taken back, or nothing is.
select plan(9);

select test.company();
select test.bank_account();
select test.person('one', '{approver}');
select test.rule(r.kind)
from (values ('reimbursement_reversal'), ('payment_reversal')) as r (kind);
select test.vendor('V-ANN', iban => 'DE89370400440532013000'), test.vendor('V-BOB', iban => 'FR1420041010050500013M02606');
update reimbursement.vendors set name = 'Annie';
select test.payee('ANN', 100, vendor_account => 'V-ANN');
select test.payee('BOB', 25, iban => 'FR1420041010050500013M02606', vendor_account => 'V-BOB');
select test.payee('MANY-' || to_char(i, 'FM00'), 1) from generate_series(1, 23) as i;
select test.reimburse();
select test.pay(pay_per => 'vendor', vendor_filter => '!OTV-*');

-- Reversals.
select reimbursement.enqueue_payment_reversal('US01', 'why', array['PAY-00000001', 'PAY-00000002'], '2025-07-20', 'AC04')
as run \gset
select reimbursement.enqueue_payment_reversal('US01', 'why', array['PAY-00000001'], '2025-07-20', 'AC04') as other_run \gset
select results_eq(
    $$ select run_id, accounting_amount, approvals_needed from reimbursement.pending_approvals order by run_id $$,
    format('values (%s::bigint, 125.00, 1), (%s, 100.00, 1)', :run, :other_run), 'a payment reversal waits');
select is(test.end_after(:other_run, 'select'), 'completed', 'what was approved is taken back');
select matches(test.end_after(:run, 'select'), 'RB025', 'what cannot be taken back is not');
select reimbursement.enqueue_reversal('US01', 'why', run_id => 1, posting_date => '2025-07-31', priority => 1) as run \gset
select is(
    (select p.accounting_amount from reimbursement.pending_approvals as p where p.run_id = :run), 123.00,
    'the reversal of a run comes to what is not paid of it');
select reimbursement.enqueue_payment_reversal('US01', 'why', array['PAY-00000002'], '2025-07-20', 'AC04') as other_run \gset
select test.approve('one', :run);
select is(test.end_after(:other_run, 'select'), 'completed', 'another payment is taken back');
select is(
    (select r.error from reimbursement.runs as r where r.run_id = :run),
    (select format('job %s of run %s would do something else than what was approved: not approved: reimbursement RMB-00000002: USD 25.00 of customer BOB, invoice RINV-00000002 of vendor V-BOB (SQLSTATE RB053)', j.job_id, :run)
    from reimbursement.jobs as j where j.run_id = :run), 'a reimbursement that can be reversed only now was not approved');

-- Nobody gets round it by the job's row.
select test.company(legal_entity_id => 'BATCHES');
select test.bank_account(legal_entity_id => 'BATCHES');
select test.rate('EUR', 1, legal_entity_id => 'BATCHES');
select test.payee(c.account, 600, 'EUR', legal_entity_id => 'BATCHES')
from (values ('ANN'), ('BOB'), ('CAT')) as c (account);
select test.reimburse(legal_entity_id => 'BATCHES');
select test.bank_account('EURO', 'EUR', legal_entity_id => 'BATCHES');
select test.pay(legal_entity_id => 'BATCHES');
select test.rule('payment_reversal', legal_entity_id => 'BATCHES');
select reimbursement.enqueue_payment_reversal('BATCHES', 'why', array['PAY-00000002'], '2025-07-20', 'AC04') as run \gset
update reimbursement.jobs set state = 'ready' where run_id = :run;
select test.work();
select matches(
    (select r.error from reimbursement.runs as r where r.run_id = :run), '^job .* was not approved \(SQLSTATE RB053\)',
    'a reversal of a payment that was made ready by hand is not carried out');

-- What a bank's message causes waits for nobody.
select reimbursement.enqueue_run(
    'BATCHES', 'payment_reversal', '2025-07-20',
    '{"reason": "AC04", "payment_numbers": ["PAY-00000001"], "return_codes": {"PAY-00000001": "AC04"}}', '{}', null, now(), 0, 5, 'default', null,
    p_asks_for_approval => false) as run \gset
select test.work();
select is(test.state(:run), 'completed', 'what a bank''s message causes waits for nobody, whatever it comes to');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
