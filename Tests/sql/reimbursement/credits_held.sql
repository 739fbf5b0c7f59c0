-- Credits that are not reimbursed yet, or never: held, cooling, not refundable. They hold up no other.
select plan(37);

select test.company(minimum_reimbursement => 10);
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
values ('US01', '2027-01-01', '2099-12-31');
select reimbursement.legal_entity_today('US01') as today \gset
select test.rate('EUR', 2);
insert into reimbursement.credit_rules (legal_entity_id, transaction_type, is_refundable, cooling_days)
values
('US01', 'direct_debit', true, 56), ('US01', 'prepayment', false, 0), ('US01', 'payment', true, 0),
('US01', 'frozen', true, 2147483647);

-- A credit of a type, which may be held; its customer is made where there is none.
create function pg_temp.credit(
    customer_account text, transaction_type text default 'credit_note', transaction_date date default '2025-05-01',
    held_until date default null, amount numeric default 100, currency text default 'USD', legal_entity_id text default 'US01'
) returns bigint
language sql
as $$
    insert into reimbursement.customers (legal_entity_id, customer_account, name)
    values (credit.legal_entity_id, credit.customer_account, 'Customer ' || credit.customer_account)
    on conflict do nothing;
    insert into reimbursement.customer_transactions (
        legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount,
        accounting_amount, held_until, hold_reason
    )
    values (
        credit.legal_entity_id, credit.customer_account, credit.transaction_type, 'CN', credit.transaction_date,
        credit.currency, -credit.amount, case when credit.currency = 'CHF' then -credit.amount end, credit.held_until,
        case when credit.held_until is not null then 'disputed' end
    )
    returning customer_transaction_id
$$;

-- On a posting date that has passed, which counts: each case alone, then beside a credit that is free.
select pg_temp.credit('HELD', held_until => '2025-06-30');
select pg_temp.credit('HELD-EVER', held_until => 'infinity');
select pg_temp.credit('HELD-ENDED', held_until => '2025-06-29');
select pg_temp.credit('COOLS', 'direct_debit', date '2025-06-30' - 56);
select pg_temp.credit('COOLS-NEW', 'direct_debit', '2025-06-30');
select pg_temp.credit('COOLED', 'direct_debit', date '2025-06-30' - 57);
select pg_temp.credit('COOLS-NOT', 'payment', '2025-06-30');
select pg_temp.credit('FROZEN', 'frozen', '2024-01-01');
select pg_temp.credit('NEVER', 'prepayment', '2024-01-01');
select pg_temp.credit('ALL-THREE', 'direct_debit', '2025-06-01');
select pg_temp.credit('ALL-THREE', 'prepayment', '2025-06-01', currency => 'EUR');
select pg_temp.credit('ALL-THREE', held_until => '2025-12-31', currency => 'CHF');
select test.reimburse();
select is(test.fate(c.account), c.fate, format('%s: %s', c.account, c.fate))
from (
    values
    ('HELD', 'credits_held'), ('HELD-EVER', 'credits_held'), ('HELD-ENDED', 'reimbursed'),
    ('COOLS', 'credits_held'), ('COOLS-NEW', 'credits_held'), ('COOLED', 'reimbursed'), ('COOLS-NOT', 'reimbursed'),
    ('FROZEN', 'credits_held'), ('NEVER', 'credits_held'), ('ALL-THREE', 'credits_held')
) as c (account, fate);
select results_eq(
    $$ select * from test.skips() where customer_account = 'ALL-THREE' $$,
    $$ values ('ALL-THREE', 'credits_held', 0::numeric, 0::numeric) $$,
    'none of what waits is counted: the credit amount is 0');
select is_empty(
    $$ select from reimbursement.reimbursement_report where customer_account in ('HELD', 'NEVER') $$,
    'what waits is not reimbursed');

-- The later danger counts: the posting date, or the day of the transfer.
select pg_temp.credit('TODAY', held_until => :'today');
select pg_temp.credit('YESTERDAY', held_until => :'today'::date - 1);
select pg_temp.credit('COOLS-TODAY', 'direct_debit', :'today'::date - 56);
select pg_temp.credit('COOLED-TODAY', 'direct_debit', :'today'::date - 57);
create function pg_temp.fates(posting_date date) returns text
language sql
as $$
    select string_agg(
        format('%s %s', p.customer_account, coalesce(p.skip_reason, 'reimbursed')), ', ' order by p.customer_account)
    from reimbursement.preview_reimbursement(
        'US01', fates.posting_date, customer_filter => 'TODAY, YESTERDAY, COOLS-TODAY, COOLED-TODAY') as p
$$;
select is(
    pg_temp.fates(:'today'),
    'COOLED-TODAY reimbursed, COOLS-TODAY credits_held, TODAY credits_held, YESTERDAY reimbursed',
    'on a posting date of today the last day still holds and cools, and the day after does not');
select is(
    pg_temp.fates(:'today'::date + 5),
    'COOLED-TODAY reimbursed, COOLS-TODAY credits_held, TODAY credits_held, YESTERDAY reimbursed',
    'a posting date to come does not evade what holds today');
select is(
    pg_temp.fates(:'today'::date - 1),
    'COOLED-TODAY credits_held, COOLS-TODAY credits_held, TODAY credits_held, YESTERDAY credits_held',
    'what still held on a posting date that has passed is not reimbursed as of then');

-- A credit that waits holds up no other: neither by its amount, nor by its rate, nor by what was settled of it later.
select pg_temp.credit('MIXED', amount => 30);
select pg_temp.credit('MIXED', held_until => '2025-12-31', currency => 'CHF');
select pg_temp.credit('MIXED', 'prepayment', amount => 500);
select reimbursement.settle_transactions(
    'US01', test.debit('MIXED', 1), pg_temp.credit('MIXED', held_until => '2025-12-31', amount => 7), 1, '2025-07-05');
select pg_temp.credit('UNDER', amount => 9);
select pg_temp.credit('UNDER', held_until => '2025-12-31');
select pg_temp.credit('TWO', currency => 'EUR');
select pg_temp.credit('TWO', held_until => '2025-12-31');
select pg_temp.credit('CUT', held_until => '2025-12-31');
select pg_temp.credit('CUT', transaction_date => '2025-07-01');
select test.reimburse(customer_filter => 'MIXED, UNDER, TWO, CUT');
select results_eq(
    'select * from test.outcome()',
    $$ values
        ('CUT', null, null::numeric, 'credits_held'), ('MIXED', 'USD', 30.00, null),
        ('TWO', 'EUR', 100.00, null), ('UNDER', null, null, 'below_minimum') $$,
    'what is free is reimbursed, and judged by itself');
select results_eq(
    $$ select credit_amount, debit_amount from test.skips() where customer_account = 'UNDER' $$,
    $$ values (9::numeric, 0::numeric) $$, 'the amount of a skip is that of the credits which are free');
select pg_temp.credit('TWO', currency => 'EUR');
select test.reimburse(customer_filter => 'TWO', currency => 'USD');
select is(test.fate('TWO'), 'credits_held', 'in a run of one currency the credits of that currency count');
select test.reimburse(customer_filter => 'TWO', currency => 'EUR');
select is(test.fate('TWO'), 'reimbursed', 'and those of another do not');

-- Netting takes eligible credits alone.
select test.company(legal_entity_id => 'US02');
select pg_temp.credit('NET', amount => 30, legal_entity_id => 'US02');
select pg_temp.credit('NET', held_until => 'infinity', transaction_date => '2025-01-01', legal_entity_id => 'US02');
select test.debit('NET', 20, legal_entity_id => 'US02');
select pg_temp.credit('NOTHING', amount => 30, legal_entity_id => 'US02');
select pg_temp.credit('NOTHING', held_until => 'infinity', legal_entity_id => 'US02');
select test.debit('NOTHING', 50, legal_entity_id => 'US02');
select pg_temp.credit('WAITS', held_until => 'infinity', legal_entity_id => 'US02');
select test.debit('WAITS', 50, legal_entity_id => 'US02');
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'US02');
select results_eq(
    'select * from test.outcome()',
    $$ values
        ('NET', 'USD', 10.00, null), ('NOTHING', null, null::numeric, 'no_net_credit'),
        ('WAITS', null, null, 'credits_held') $$,
    'debits are settled against the credits that are free, and what is left of these is reimbursed');
select results_eq(
    $$ select * from test.transactions('NET', 'US02') where open_amount <> 0 $$,
    $$ values ('CN', -100.00, -100.00) $$, 'what is held stays open, however old it is');
select results_eq(
    $$ select open_amount from test.transactions('WAITS', 'US02') order by 1 $$, $$ values (-100.00), (50.00) $$,
    'and a customer all of whose credits are held is left as he is');
select test.debit('HELD-DEBIT', 20, voucher => 'INV', legal_entity_id => 'US02');
update reimbursement.customer_transactions set held_until = 'infinity' where voucher = 'INV';
select pg_temp.credit('HELD-DEBIT', amount => 30, legal_entity_id => 'US02');
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'US02');
select is(
    (select o.amount from test.outcome() as o where o.customer_account = 'HELD-DEBIT'), 10.00,
    'on a debit a hold has no effect');

-- A hold may be set and lifted at any time, also of what has been settled here in part.
select test.company(legal_entity_id => 'US03');
select pg_temp.credit('PART', legal_entity_id => 'US03') as part \gset
select reimbursement.settle_transactions('US03', test.debit('PART', 40, legal_entity_id => 'US03'), :part, 40, '2025-06-01');
select lives_ok(
    format($$ update reimbursement.customer_transactions set held_until = '2025-06-30', hold_reason = 'disputed'
    where legal_entity_id = 'US03' and customer_transaction_id = %s $$, :part),
    'a credit that was settled in part can be held');
select test.reimburse(legal_entity_id => 'US03');
select is(test.fate('PART'), 'credits_held', 'and is');
update reimbursement.customer_transactions set held_until = null where legal_entity_id = 'US03';
select test.reimburse(legal_entity_id => 'US03');
select is((select o.amount from test.outcome() as o), 60.00, 'until the hold is lifted');

-- What was approved is done, or nothing is.
select test.company(legal_entity_id => 'US04');
select test.person('approver', '{approver}', 'US04');
select test.rule(legal_entity_id => 'US04');
select pg_temp.credit('ANN', legal_entity_id => 'US04');
select pg_temp.credit('ANN', amount => 50, legal_entity_id => 'US04');
select reimbursement.enqueue_reimbursement('US04', '2025-06-30') as run \gset
select test.approve('approver', :run);
update reimbursement.customer_transactions set held_until = 'infinity' where legal_entity_id = 'US04' and amount = -50;
select test.work();
select matches(
    (select concat_ws(' ', r.state, r.error) from reimbursement.runs as r where r.run_id = :run),
    '^failed .*customer ANN: USD 150.00 .*; now: customer ANN: USD 100.00',
    'a credit that is held after the approval is not reimbursed, nor anything else of the job');
select reimbursement.retry_run(:run);
select test.approve('approver', :run);
insert into reimbursement.credit_rules values ('US04', 'credit_note', false);
select test.work();
select matches(
    (select concat_ws(' ', r.state, r.error) from reimbursement.runs as r where r.run_id = :run),
    '^failed .*not any more: customer ANN: USD 100.00', 'nor one whose type was made not refundable');

-- Masters set holds and rules, and it is written down.
select test.person('master', '{master}', 'US04') as master \gset
select test.person('clerk', '{clerk}', 'US04');
select test.as_person('master', $$
    insert into reimbursement.credit_rules values ('US04', 'payment', true, 10);
    update reimbursement.credit_rules set cooling_days = 56 where transaction_type = 'payment';
    update reimbursement.customer_transactions set held_until = '2025-07-01', hold_reason = 'disputed' where amount = -100;
    update reimbursement.customer_transactions set marked_for = null where amount = -100;
$$);
select results_eq(
    format($$ select table_name, column_name, old_value, new_value from reimbursement.changes
    where changed_by = %L order by table_name, column_name, changed_at $$, :'master'),
    $$ values
        ('credit_rules' collate "C", 'cooling_days', null, '10'), ('credit_rules', 'cooling_days', '10', '56'),
        ('credit_rules', 'is_refundable', null, 'true'),
        ('customer_transactions', 'held_until', null, '2025-07-01'),
        ('customer_transactions', 'hold_reason', null, 'disputed') $$,
    'who set a rule or a hold, and which, is written down');
select throws_ok(
    format('select test.as_person(%L, %L)', 'clerk', $$insert into reimbursement.credit_rules values ('US04', 'x')$$),
    '42501', null, 'a clerk makes no rule');
select test.as_person('clerk', 'update reimbursement.customer_transactions set held_until = null');
select is(
    (select t.held_until from reimbursement.customer_transactions as t where t.legal_entity_id = 'US04' and t.amount = -100),
    '2025-07-01', 'and lifts no hold');
select throws_ok(c.statement, c.code, null, format('refused: %s', c.statement))
from (
    values
    ($$insert into reimbursement.credit_rules values ('US04', 'x', true, -1)$$, '23514'),
    ($$insert into reimbursement.credit_rules values ('US04', '', true, 1)$$, '23514'),
    ($$insert into reimbursement.credit_rules values ('XX', 'x', true, 1)$$, '23503'),
    ($$insert into reimbursement.credit_rules values ('US04', 'payment', true, 1)$$, '23505'),
    ('truncate reimbursement.credit_rules', 'RB015')
) as c (statement, code);

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
