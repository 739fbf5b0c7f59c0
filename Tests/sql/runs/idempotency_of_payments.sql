-- An idempotency key makes one payment run, or one reversal, however often it is given.
select plan(53);

select test.company();
select test.company(legal_entity_id => 'US02');
select test.bank_account();
select test.bank_account(legal_entity_id => 'US02');
select test.payee('ANN', 100);
select test.payee('BOB', 50);
select test.reimburse();
create function pg_temp.enqueue(call text) returns bigint
language plpgsql
as $$
declare
    v_run_id bigint;
begin
    execute format('select reimbursement.%s', call) into v_run_id;
    return v_run_id;
end
$$;

-- The three functions, each with choices that work, once paid and returned.
select test.pay('2025-07-01', vendor_filter => 'OTV-00000002');
create temporary table calls (kind, call) as
values
('vendor_payment', $$enqueue_vendor_payment('US01', '2025-07-15', vendor_filter => 'OTV-00000001',
    idempotency_key => 'july payment'%s)$$),
('payment_reversal', $$enqueue_payment_reversal('US01', 'it bounced', array['PAY-00000001'], '2025-07-15',
    not_sent => true, idempotency_key => 'july return'%s)$$),
('reimbursement_reversal', $$enqueue_reversal('US01', 'a mistake', run_id => 1, posting_date => '2025-07-15',
    idempotency_key => 'july reversal'%s)$$);
create temporary table first_runs as
select c.kind, pg_temp.enqueue(format(c.call, '')) as run_id from calls as c;

select is(pg_temp.enqueue(format(c.call, '')), f.run_id, format('%s: the same key and choices: the same run', c.kind))
from calls as c inner join first_runs as f on f.kind = c.kind;
select is(
    pg_temp.enqueue(format(c.call, ', ' || a.argument)), f.run_id,
    format('%s: when and how it is to run is not compared: %s', c.kind, a.argument))
from calls as c inner join first_runs as f on f.kind = c.kind, (
    values
    ('batches => 3'), ($$run_at => '2030-01-01'$$), ('priority => 5'), ('max_attempts => 1'), ($$queue => 'other'$$),
    ($$description => 'again'$$)
) as a (argument);
select is(
    (select count(*) from reimbursement.jobs as j where j.run_id = f.run_id), 1::bigint, format('%s: one job', f.kind))
from first_runs as f;

select throws_ok(
    format('select pg_temp.enqueue(%L)', c.call), 'RB012', null,
    format('with other choices it is an error: %s', c.what))
from (
    values
    ('payment date', $$enqueue_vendor_payment('US01', '2025-07-16', vendor_filter => 'OTV-00000001',
        idempotency_key => 'july payment')$$),
    ('due through', $$enqueue_vendor_payment('US01', '2025-07-15', '2025-07-15', 'OTV-00000001',
        idempotency_key => 'july payment')$$),
    ('vendor filter', $$enqueue_vendor_payment('US01', '2025-07-15', idempotency_key => 'july payment')$$),
    ('currency', $$enqueue_vendor_payment('US01', '2025-07-15', vendor_filter => 'OTV-00000001', currency => 'USD',
        idempotency_key => 'july payment')$$),
    ('method of payment', $$enqueue_vendor_payment('US01', '2025-07-15', vendor_filter => 'OTV-00000001',
        method_of_payment => 'SEPA', idempotency_key => 'july payment')$$),
    ('bank account', $$enqueue_vendor_payment('US01', '2025-07-15', vendor_filter => 'OTV-00000001',
        bank_account => 'BANK', idempotency_key => 'july payment')$$),
    ('pay per', $$enqueue_vendor_payment('US01', '2025-07-15', vendor_filter => 'OTV-00000001', pay_per => 'vendor',
        idempotency_key => 'july payment')$$),
    ('minimum payment date', $$enqueue_vendor_payment('US01', '2025-07-15', vendor_filter => 'OTV-00000001',
        minimum_payment_date => '2025-07-01', idempotency_key => 'july payment')$$),
    ('maximum total', $$enqueue_vendor_payment('US01', '2025-07-15', vendor_filter => 'OTV-00000001',
        maximum_total => 1000, idempotency_key => 'july payment')$$),
    ('reason', $$enqueue_payment_reversal('US01', 'returned', array['PAY-00000001'], '2025-07-15',
        not_sent => true, idempotency_key => 'july return')$$),
    ('payment numbers', $$enqueue_payment_reversal('US01', 'it bounced', array['PAY-00000002'], '2025-07-15',
        not_sent => true, idempotency_key => 'july return')$$),
    ('posting date', $$enqueue_payment_reversal('US01', 'it bounced', array['PAY-00000001'],
        not_sent => true, idempotency_key => 'july return')$$),
    ('not sent', $$enqueue_payment_reversal('US01', 'it bounced', array['PAY-00000001'], '2025-07-15',
        idempotency_key => 'july return')$$),
    ('return code', $$enqueue_payment_reversal('US01', 'it bounced', array['PAY-00000001'], '2025-07-15', 'AC04',
        not_sent => true, idempotency_key => 'july return')$$),
    ('reason', $$enqueue_reversal('US01', 'mistaken', run_id => 1, posting_date => '2025-07-15',
        idempotency_key => 'july reversal')$$),
    ('run', $$enqueue_reversal('US01', 'a mistake', run_id => 2, posting_date => '2025-07-15',
        idempotency_key => 'july reversal')$$),
    ('numbers', $$enqueue_reversal('US01', 'a mistake', array['RMB-00000001'], posting_date => '2025-07-15',
        idempotency_key => 'july reversal')$$),
    ('posting date', $$enqueue_reversal('US01', 'a mistake', run_id => 1, idempotency_key => 'july reversal')$$),
    ('a key of another kind of run',
        $$enqueue_reimbursement('US01', '2025-07-15', idempotency_key => 'july payment')$$),
    ('a key of another kind of run',
        $$enqueue_vendor_payment('US01', '2025-07-15', idempotency_key => 'july return')$$),
    ('a key of another kind of run', $$enqueue_reversal('US01', 'a mistake', run_id => 1, posting_date => '2025-07-15',
        idempotency_key => 'july return')$$)
) as c (what, call);
select isnt(
    pg_temp.enqueue($$enqueue_vendor_payment('US02', '2025-07-15', idempotency_key => 'july payment')$$),
    (select f.run_id from first_runs as f where f.kind = 'vendor_payment'), 'another legal entity has keys of its own');

-- For ever: after the runs, though what they reversed cannot be reversed again, and their period is closed since.
select test.work_off();
update reimbursement.ledger_periods set is_open = false;
delete from reimbursement.bank_accounts where legal_entity_id = 'US02';
select is(
    pg_temp.enqueue(format(c.call, '')), f.run_id,
    format('%s: the key returns its run after that has ended, and its period is closed', c.kind))
from calls as c inner join first_runs as f on f.kind = c.kind;
select is(
    pg_temp.enqueue($$enqueue_vendor_payment('US02', '2025-07-15', idempotency_key => 'july payment')$$), r.run_id,
    'and though its bank account is gone')
from reimbursement.runs as r where r.legal_entity_id = 'US02';
select is(
    (select count(*) from reimbursement.vendor_payments), 2::bigint, 'the invoices were paid once');
select results_eq(
    $$ select customer_account::text collate "default", payment_status from reimbursement.reimbursement_report
    order by 1 $$,
    $$ values ('ANN', 'paid'), ('BOB', 'cancelled') $$, 'and what came back was reversed once');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
