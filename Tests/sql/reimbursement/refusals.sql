-- What is refused when a run is enqueued, each with its SQLSTATE; then nothing is written.
select plan(55);

select test.company();
select test.credit('ANN', 100);

select throws_ok(
    format('select reimbursement.enqueue_reimbursement(%s)', a.arguments), a.code, null,
    format('refused with %s: %s', a.code, a.arguments))
from (
    values
    ($$'NOWHERE', '2025-06-30'$$, 'RB001'), ($$'us01', '2025-06-30'$$, 'RB001'), ($$null, '2025-06-30'$$, 'RB001'),
    ($$'', '2025-06-30'$$, 'RB001'),
    ($$'US01', '2023-12-31'$$, 'RB003'), ($$'US01', '2027-01-01'$$, 'RB003'),
    ($$'US01', '2025-06-30', customer_filter => ''$$, 'RB005'),
    ($$'US01', '2025-06-30', customer_group_filter => '..'$$, 'RB005'),
    ($$'US01', '2025-06-30', summarize_customer => null$$, 'RB006'),
    ($$'US01', '2025-06-30', include_open_debits => null$$, 'RB006'),
    ($$'US01', '2025-06-30', net_open_debits => null$$, 'RB006'),
    ($$'US01', '2025-06-30', batches => null$$, 'RB006'),
    ($$'US01', '2025-06-30', run_at => null$$, 'RB006'),
    ($$'US01', '2025-06-30', priority => null$$, 'RB006'),
    ($$'US01', '2025-06-30', max_attempts => null$$, 'RB006'),
    ($$'US01', '2025-06-30', queue => null$$, 'RB006'),
    ($$'US01', '2025-06-30', batches => 0$$, 'RB008'),
    ($$'US01', '2025-06-30', batches => -1$$, 'RB008'),
    ($$'US01', '2025-06-30', batches => 10001$$, 'RB008'),
    ($$'US01', '2025-06-30', max_attempts => 0$$, 'RB008'),
    ($$'US01', '2025-06-30', run_at => 'infinity'$$, 'RB008'),
    ($$'US01', '2025-06-30', queue => ''$$, 'RB008'),
    ($$'US01', '2025-06-30', queue => 'a queue'$$, 'RB008'),
    ($$'US01', '2025-06-30', queue => repeat('q', 41)$$, 'RB008'),
    ($$'US01', '2025-06-30', idempotency_key => ''$$, 'RB008'),
    ($$'US01', '2025-06-30', net_open_debits => true$$, 'RB007'),
    ($$'US01', '2025-06-30', credits_through => '2025-07-01'$$, 'RB007'),
    ($$'US01', 'infinity'$$, 'RB007'), ($$'US01', '-infinity'$$, 'RB007'),
    ($$'US01', '2025-06-30', credits_through => '-infinity'$$, 'RB007'),
    ($$'US01', '2025-06-30', currency => 'XXX'$$, 'RB009'),
    ($$'US01', '2025-06-30', currency => 'usd'$$, 'RB009'),
    ($$'US01', '2025-06-30', currency => ''$$, 'RB009')
) as a (arguments, code);

-- What is missing is named.
create function pg_temp.without(missing text) returns text
language plpgsql
as $$
declare
    v_message text;
begin
    execute missing;
    perform reimbursement.enqueue_reimbursement('US01', '2025-06-30');
    return 'enqueued';
exception
    when sqlstate 'RB002' then
        get stacked diagnostics v_message = message_text;
        return v_message;
end
$$;
select is(
    pg_temp.without(format('update reimbursement.legal_entities set %I = null', m.missing)),
    format('the set-up of legal entity "US01" is incomplete: %s', m.missing), format('a missing %s is named', m.missing))
from (
    values ('receivable_account'), ('payable_account'), ('bank_ledger_account'), ('realized_gain_account'),
    ('realized_loss_account'), ('one_time_vendor_group'), ('one_time_payment_terms_days'), ('one_time_method_of_payment')
) as m (missing);
select is(
    pg_temp.without(format('delete from reimbursement.number_sequences where sequence = %L', m.missing)),
    format('the set-up of legal entity "US01" is incomplete: number sequence %s', m.missing),
    format('a missing number sequence %s is named', m.missing))
from (values ('reimbursement'), ('vendor_invoice'), ('one_time_vendor'), ('settlement')) as m (missing);
select is(
    pg_temp.without($$ delete from reimbursement.number_sequences where sequence = 'settlement';
        update reimbursement.legal_entities set payable_account = null, receivable_account = null $$),
    'the set-up of legal entity "US01" is incomplete: receivable_account, payable_account, number sequence settlement',
    'everything that is missing is named at once');

update reimbursement.ledger_periods set is_open = false where starts_on = '2025-01-01';
select throws_ok(
    $$ select reimbursement.enqueue_reimbursement('US01', '2025-12-31') $$, 'RB004',
    'the ledger period from 2025-01-01 to 2025-12-31 of legal entity "US01" is closed',
    'the last day of a closed period is refused');
select lives_ok(
    $$ select * from reimbursement.preview_reimbursement('US01', '2026-01-01') $$,
    'the first day of the open one after it is not');

select is_empty('select * from reimbursement.runs', 'a refused run is not written');
select is_empty('select * from reimbursement.jobs', 'nor is a job');
select is(
    (select max(next_number) from reimbursement.number_sequences), 1::bigint, 'nor is a number taken');

-- No posting date is today, where the legal entity is.
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on) values ('US01', '2027-01-01', '2099-12-31');
update reimbursement.legal_entities set time_zone = 'Pacific/Kiritimati';
create temporary table kiritimati as
select reimbursement.enqueue_reimbursement('US01') as run_id, (now() at time zone 'Pacific/Kiritimati')::date as today;
update reimbursement.legal_entities set time_zone = 'Pacific/Pago_Pago';
create temporary table pago_pago as
select reimbursement.enqueue_reimbursement('US01') as run_id, (now() at time zone 'Pacific/Pago_Pago')::date as today;
select is(r.posting_date, k.today, 'no posting date is today in the legal entity''s time zone')
from kiritimati as k
inner join reimbursement.runs as r on r.run_id = k.run_id;
select is(r.posting_date, p.today, 'which differs from another''s')
from pago_pago as p
inner join reimbursement.runs as r on r.run_id = p.run_id;
select isnt(k.today, p.today, 'the two are never on one day')
from kiritimati as k, pago_pago as p;

select throws_ok(
    $$ update reimbursement.legal_entities set time_zone = 'Atlantis' $$, null, null, 'an unknown time zone is refused');

select * from finish();
