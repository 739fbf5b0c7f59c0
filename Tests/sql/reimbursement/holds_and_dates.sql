-- On which day a hold counts, how far ahead one may date, and on which day a run is dated where no date is given.
select plan(79);

select test.company();
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
select 'US01', d, d + interval '1 year - 1 day'
from generate_series(timestamp '2027-01-01', '2040-01-01', interval '1 year') as d;
update reimbursement.legal_entities set max_days_ahead = default;
select reimbursement.legal_entity_today('US01') as today \gset
select test.bank_account();

-- A customer's hold counts on the posting date and on the day of the transfer.
create function pg_temp.held(customer_account text, hold_from date, hold_to date) returns void
language sql
as $$
    select test.customer(held.customer_account, on_hold_from => held.hold_from, on_hold_to => held.hold_to);
    select test.credit(held.customer_account, 100, transaction_date => '2025-01-01');
$$;
select pg_temp.held('TODAY', :'today', null);
select pg_temp.held('TODAY-ALONE', :'today', :'today');
select pg_temp.held('YESTERDAY', :'today'::date - 5, :'today'::date - 1);
select pg_temp.held('TOMORROW', :'today'::date + 1, null);
create function pg_temp.fates(posting_date date) returns text
language sql
as $$
    select string_agg(
        format('%s %s', p.customer_account, coalesce(p.skip_reason, 'reimbursed')), ', ' order by p.customer_account)
    from reimbursement.preview_reimbursement('US01', fates.posting_date) as p
$$;
select is(
    pg_temp.fates(:'today'), 'TODAY on_hold, TODAY-ALONE on_hold, TOMORROW reimbursed, YESTERDAY reimbursed',
    'a hold of today counts, one of yesterday or tomorrow does not');
select is(
    pg_temp.fates(:'today'::date - 1), 'TODAY on_hold, TODAY-ALONE on_hold, TOMORROW reimbursed, YESTERDAY on_hold',
    'a posting date of yesterday evades no hold of today, and meets that of yesterday');
select is(
    pg_temp.fates(:'today'::date + 1), 'TODAY on_hold, TODAY-ALONE on_hold, TOMORROW on_hold, YESTERDAY reimbursed',
    'nor does one of tomorrow');
select test.reimburse(posting_date => :'today'::date - 1);
select is(test.fate('TODAY'), 'on_hold', 'the run does as its preview says');

-- How far ahead: by today, or by the day of run_at when that is later.
select test.credit('ANN', 10);
select test.credit('PAID', 10, transaction_date => '2025-01-01', voucher => 'PAID');
update reimbursement.customers set iban = 'DE89370400440532013000' where customer_account = 'PAID';
select test.reimburse(posting_date => '2025-06-30', customer_filter => 'PAID');
select test.pay();
create function pg_temp.outcome(arguments text, ahead int) returns text
language plpgsql
as $$
begin
    execute 'select from reimbursement.' || replace(arguments, ':date', format('''%s''', reimbursement.legal_entity_today('US01') + ahead));
    return 'taken';
exception
    when others then return sqlstate || ' ' || sqlerrm;
end
$$;
create temporary table calls (name text, arguments text);
insert into calls
values
('reimbursement', $$enqueue_reimbursement('US01', posting_date => :date)$$),
('its preview', $$preview_reimbursement('US01', posting_date => :date)$$),
('its explanation', $$explain_customer('US01', 'ANN', posting_date => :date)$$),
('payment', $$enqueue_vendor_payment('US01', payment_date => :date)$$),
('payment not before', $$enqueue_vendor_payment('US01', minimum_payment_date => :date)$$),
('its preview', $$preview_vendor_payment('US01', payment_date => :date)$$),
('reversal', $$enqueue_reversal('US01', 'why', run_id => test.last_run() - 1, posting_date => :date)$$),
('its preview', $$preview_reversal('US01', 'why', run_id => test.last_run() - 1, posting_date => :date)$$),
('payment reversal', $$enqueue_payment_reversal('US01', 'why', array['PAY-00000001'], not_sent => true,
    posting_date => :date)$$),
('settlement', $$settle_transactions('US01', test.debit('ANN', 1), test.credit('ANN', 1), 1, posting_date => :date)$$);
create function pg_temp.in_vain(arguments text, ahead int) returns text
language plpgsql
as $$
declare
    v_outcome text;
begin
    begin
        v_outcome := pg_temp.outcome(arguments, ahead);
        raise exception using errcode = 'UNDO0';
    exception
        when sqlstate 'UNDO0' then return v_outcome;
    end;
end
$$;
select is(pg_temp.in_vain(c.arguments, 31), 'taken', format('%s, 31 days ahead: %s', c.name, c.arguments)) from calls as c;
select alike(
    pg_temp.in_vain(c.arguments, 32), 'RB060 %_date % is 32 days after %at most 31 are allowed',
    format('%s, 32 days ahead: %s', c.name, c.arguments))
from calls as c;
update reimbursement.legal_entities set max_days_ahead = 0 where legal_entity_id = 'US01';
select is(
    pg_temp.in_vain(c.arguments, 0) || ', ' || left(pg_temp.in_vain(c.arguments, 1), 5), 'taken, RB060',
    format('%s, where none are allowed: today alone', c.name))
from calls as c;
select throws_ok(
    'update reimbursement.legal_entities set max_days_ahead = -1', '23514', null, 'less than none are refused');
update reimbursement.legal_entities set max_days_ahead = default;
create temporary table scheduled_calls as
select c.name, replace(c.arguments, ':date)', ':date, run_at => now() + interval ''10 days'')') as arguments
from calls as c
where c.arguments like 'enqueue%';
select is(
    pg_temp.in_vain(c.arguments, 41) || ', ' || left(pg_temp.in_vain(c.arguments, 42), 5), 'taken, RB060',
    format('a run in ten days is dated up to 31 days later: %s', c.arguments))
from scheduled_calls as c;
select is(
    pg_temp.in_vain(replace(c.arguments, '+', '-'), 31) || ', ' || left(pg_temp.in_vain(replace(c.arguments, '+', '-'), 32), 5),
    'taken, RB060', format('one whose run_at has passed counts from today: %s', c.arguments))
from scheduled_calls as c;

-- No date: the day of run_at, or of now when that is later, in the legal entity; fixed when it is enqueued.
create function pg_temp.dated(arguments text) returns int
language plpgsql
as $$
declare
    v_run_id bigint;
    v_on date;
begin
    begin
        execute 'select reimbursement.' || arguments into v_run_id;
        select r.posting_date into v_on from reimbursement.run_requests as r where r.run_id = v_run_id;
        raise exception using errcode = 'UNDO0';
    exception
        when sqlstate 'UNDO0' then return v_on - reimbursement.legal_entity_today('US01');
    end;
end
$$;
select is(
    pg_temp.dated(replace(c.arguments, ':date', 'null')), 10, format('dated on the day of run_at: %s', c.arguments))
from scheduled_calls as c;
select is(
    pg_temp.dated(replace(replace(c.arguments, ':date', 'null'), '+', '-')), 0,
    format('dated today where that has passed: %s', c.arguments))
from scheduled_calls as c;
select is(
    pg_temp.dated(replace(c.arguments, ':date', 'null')), 0, format('dated today without a run_at: %s', c.arguments))
from calls as c where c.arguments like 'enqueue%';
update reimbursement.legal_entities set time_zone = 'Pacific/Kiritimati' where legal_entity_id = 'US01';
select (now() at time zone 'Pacific/Kiritimati')::date = (now() at time zone 'Pacific/Pago_Pago')::date as is_same \gset
select isnt(
    (select reimbursement.run_day('US01', now())), (now() at time zone 'Pacific/Pago_Pago')::date,
    'what day it is the legal entity''s time zone decides');
update reimbursement.legal_entities set time_zone = 'UTC' where legal_entity_id = 'US01';
select throws_ok(
    $$ select reimbursement.enqueue_reimbursement('US01', run_at => 'infinity') $$, 'RB008', null, 'a run_at that is none');

-- The transfer takes the dates as they were fixed: neither the day that it is then nor the limit is asked again.
select test.credit('LATE', 10, transaction_date => '2025-01-01');
select reimbursement.enqueue_reimbursement('US01', :'today'::date + 20, customer_filter => 'LATE') as run \gset
update reimbursement.legal_entities set max_days_ahead = 0 where legal_entity_id = 'US01';
select test.work_off();
select is(
    (select r.posting_date from reimbursement.reimbursement_report as r where r.run_id = :run), :'today'::date + 20,
    'what was enqueued within the limit of then is carried out');
update reimbursement.legal_entities set max_days_ahead = 31 where legal_entity_id = 'US01';
select reimbursement.enqueue_vendor_payment('US01', :'today'::date + 20, vendor_filter => '!OTV-00000001') as run \gset
update reimbursement.legal_entities set max_days_ahead = 0 where legal_entity_id = 'US01';
select test.work_off();
select is(
    (select r.state from reimbursement.runs as r where r.run_id = :run), 'completed', 'so is a payment');
update reimbursement.legal_entities set max_days_ahead = 31 where legal_entity_id = 'US01';

-- A run for later is approved as of its day: what holds today and not then is among what is approved.
select test.company(legal_entity_id => 'US02');
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on) values ('US02', '2027-01-01', '2099-12-31');
select test.rule(legal_entity_id => 'US02');
select test.person('approver', '{approver}', 'US02');
select test.customer('UNTIL-TODAY', on_hold_from => '2025-01-01', on_hold_to => :'today', legal_entity_id => 'US02');
select test.credit('UNTIL-TODAY', 10, legal_entity_id => 'US02');
select test.credit('HELD', 10, legal_entity_id => 'US02');
update reimbursement.customer_transactions set held_until = :'today' where customer_account = 'HELD';
select reimbursement.enqueue_reimbursement('US02', run_at => now() + interval '2 days') as run \gset
select is(
    (select count(*) from reimbursement.preview_run(:run)), 2::bigint,
    'whom a hold lets go until the day of a scheduled run is shown to whoever approves it');

-- Due dates by the run's choice.
select test.company(legal_entity_id => 'US03');
select test.vendor('V-30', payment_terms_days => 30, legal_entity_id => 'US03');
create function pg_temp.due(customer_account text, vendor_account text, due_in_days int) returns date
language plpgsql
as $$
declare
    v_run_id bigint;
begin
    perform test.customer(due.customer_account, vendor_account => due.vendor_account, legal_entity_id => 'US03');
    perform test.credit(due.customer_account, 10, legal_entity_id => 'US03');
    v_run_id := reimbursement.enqueue_reimbursement(
        'US03', '2025-06-30', customer_filter => due.customer_account, due_in_days => due.due_in_days);
    perform test.work_off();
    return (select r.due_date from reimbursement.reimbursement_report as r where r.run_id = v_run_id);
end
$$;
select is(pg_temp.due('A', 'V-30', null), '2025-07-30'::date, 'without a choice the vendor''s terms');
select is(pg_temp.due('B', 'V-30', 0), '2025-06-30'::date, 'due_in_days 0 is the posting date');
select is(pg_temp.due('C', 'V-30', 7), '2025-07-07'::date, 'and 7 a week later');
select is(pg_temp.due('D', null, 3650), '2025-06-30'::date + 3650, 'of new one-time vendors too');
select results_eq(
    $$ select i.due_date = t.due_date, count(*) from reimbursement.vendor_invoices as i
    inner join reimbursement.vendor_transactions as t using (legal_entity_id, invoice_number)
    where i.legal_entity_id = 'US03' group by 1 $$, $$ values (true, 4::bigint) $$, 'the vendor transaction has the invoice''s');
select is(
    test.rules_broken_by($$
        update reimbursement.vendor_invoices set due_date = due_date + 1 where invoice_number = 'RINV-00000003';
        update reimbursement.vendor_transactions set due_date = due_date + 1 where invoice_number = 'RINV-00000003' $$),
    array['reimbursement_agrees_with_its_documents'], 'check_books knows the run''s choice');
select throws_ok(
    format('select reimbursement.enqueue_reimbursement(%L, due_in_days => %s)', 'US03', d), 'RB008',
    format('due_in_days is %s: give a number of days from 0 to 3650', d), format('due_in_days of %s', d))
from unnest(array[-1, 3651]) as d;
select throws_ok(
    $$ select * from reimbursement.preview_reimbursement('US03', due_in_days => -1) $$, 'RB008', null,
    'the preview refuses it too');
select reimbursement.enqueue_reimbursement('US03', '2025-06-30', due_in_days => 7, idempotency_key => 'k') as run \gset
select is(
    reimbursement.enqueue_reimbursement('US03', '2025-06-30', due_in_days => 7, idempotency_key => 'k'), :run::bigint,
    'the same choice is the same run');
select throws_ok(
    $$ select reimbursement.enqueue_reimbursement('US03', '2025-06-30', idempotency_key => 'k') $$, 'RB012', null,
    'none is another');
select throws_ok(
    $$ select reimbursement.enqueue_reimbursement('US03', '2025-06-30', due_in_days => 8, idempotency_key => 'k') $$,
    'RB012', null, 'so is another number');
insert into reimbursement.run_requests (legal_entity_id, kind, posting_date, choices, idempotency_key)
values (
    'US03', 'reimbursement', '2025-06-30', '{"posting_date": "2025-06-30", "summarize_customer": true,
    "include_open_debits": false, "net_open_debits": false, "customer_filter": null, "customer_group_filter": null,
    "currency": null, "credits_through": null}', 'before'
) returning run_id as run \gset
select is(
    reimbursement.enqueue_reimbursement('US03', '2025-06-30', idempotency_key => 'before'), :run::bigint,
    'a key from before there was the choice is the same run still');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
