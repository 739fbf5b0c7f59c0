-- What is asked or done of one customer reads what is his, however large the company has grown since the session planned
-- it, and whatever the planner knows of it. Compared is how many rows are read.
select plan(12);

select test.no_autovacuum();
select test.company(minimum_reimbursement => 10);
insert into reimbursement.credit_rules values ('US01', 'prepayment', false, 0), ('US01', 'direct_debit', true, 56);
create function pg_temp.explained(customer_account text) returns bigint
language sql
as $$
    select test.rows_read_by(format(
        'select reimbursement.explain_customer(%L, %L, %L, include_open_debits => true, net_open_debits => true)', 'US01',
        explained.customer_account, '2025-06-30'))
$$;
create function pg_temp.settled(customer_account text) returns bigint
language sql
as $$
    select test.rows_read_by(format(
        'select reimbursement.settle_transactions(%L, %s, %s, 1, %L)', 'US01',
        test.debit(settled.customer_account, 1), test.credit(settled.customer_account, 1), '2025-06-30'))
$$;
-- Somebody whose one-time vendor follows.
create function pg_temp.followed(customer_account text) returns bigint
language plpgsql
as $$
begin
    perform test.credit(followed.customer_account, 100);
    perform test.reimburse(customer_filter => followed.customer_account, include_open_debits => true);
    update reimbursement.customers as c set name = 'New'
    where c.legal_entity_id = 'US01' and c.customer_account = followed.customer_account;
    perform test.credit(followed.customer_account, 100);
    return test.rows_read_by_run(reimbursement.enqueue_reimbursement(
        'US01', '2025-06-30', customer_filter => followed.customer_account, include_open_debits => true));
end
$$;
select test.credit(format('A%s', i), 10) from generate_series(1, 5) as i;
select test.debit('A1', 10);
analyze;
select pg_temp.explained('A1'), pg_temp.settled('A2'), pg_temp.followed('A3');
select pg_temp.explained('A1') as explained, pg_temp.settled('A2') as settled, pg_temp.followed('A4') as followed \gset

insert into reimbursement.customers (legal_entity_id, customer_account, name)
select 'US01', format('B%s', to_char(i, 'FM00000')), 'Customer' from generate_series(1, 4000) as i;
insert into reimbursement.customer_transactions
    (legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount, held_until)
select
    'US01', format('B%s', to_char(n.i, 'FM00000')), t.type, 'X', '2025-05-01', 'USD', t.amount,
    case when n.i % 2 = 0 and t.amount < 0 then 'infinity'::date end
from generate_series(1, 4000) as n (i), (values ('invoice', 10), ('prepayment', -10)) as t (type, amount);
insert into reimbursement.vendors (legal_entity_id, vendor_account, name, is_one_time, run_id, customer_account)
select 'US01', format('X%s', to_char(i, 'FM00000')), 'Vendor', true, 1, format('B%s', to_char(i, 'FM00000'))
from generate_series(2001, 4000) as i;

create function pg_temp.costs(state text, explained bigint, settled bigint, followed bigint, first int) returns setof text
language plpgsql
as $$
declare
    v_customer constant text := format('B%s', to_char(costs.first, 'FM00000'));
begin
    return next cmp_ok(
        pg_temp.explained(v_customer), '<=', costs.explained * 2 + 20, format('explained: %s', costs.state));
    return next cmp_ok(pg_temp.settled(v_customer), '<=', costs.settled * 2 + 20, format('settled: %s', costs.state));
    return next cmp_ok(pg_temp.followed(v_customer), '<=', costs.followed * 2 + 20, format('followed: %s', costs.state));
end
$$;
select pg_temp.costs('as it was planned for a few', :explained, :settled, :followed, 1);
discard plans;
select pg_temp.costs('planned when a few were all that is known', :explained, :settled, :followed, 2);
select test.forget_statistics();
discard plans;
select pg_temp.costs('on tables never analyzed', :explained, :settled, :followed, 3);
analyze;
select pg_temp.costs('on tables analyzed', :explained, :settled, :followed, 4);

select * from finish();
