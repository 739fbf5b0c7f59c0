-- A transfer of many customers costs as many times one: in books with many currencies, dimension sets and open debits
-- too, whatever the planner knew of the tables when the session planned its statements. Compared are buffers.
select plan(34);

select test.no_autovacuum();
select test.company();
create function pg_temp.buffers(
    customer_filter text, summarize_customer boolean default true, net_open_debits boolean default false
) returns bigint
language sql
as $$
    select test.buffers_of_run(reimbursement.enqueue_reimbursement(
        'US01', '2025-06-30', customer_filter => buffers.customer_filter,
        summarize_customer => buffers.summarize_customer, include_open_debits => buffers.net_open_debits,
        net_open_debits => buffers.net_open_debits))
$$;

-- Five customers; the planner learns of them, and the session plans every statement, of each way to reimburse.
select test.credit(format('A%s', i), i * 10) from generate_series(1, 12) as i;
select test.debit(format('A%s', i), 1) from generate_series(9, 12) as i;
analyze;
select pg_temp.buffers('A1'), pg_temp.buffers('A2'), pg_temp.buffers('A5', summarize_customer => false),
    pg_temp.buffers('A6', summarize_customer => false), pg_temp.buffers('A9', net_open_debits => true),
    pg_temp.buffers('A10', net_open_debits => true);
select pg_temp.buffers('A3') as small, pg_temp.buffers('A7', summarize_customer => false) as small_split,
    pg_temp.buffers('A11', net_open_debits => true) as small_netted \gset

-- Twenty currencies with a rate a month, three hundred dimension sets, and for each state of the planner's knowledge (a
-- to d): a customer, 20 and 200 customers with two credits each, twice; and three who owe 4, 40 and 400 invoices.
create temporary table currencies as
select c.currency, c.number - 1 as number
from unnest(string_to_array('EUR GBP CHF JPY CAD AUD SEK NOK DKK PLN CZK HUF RON TRY MXN BRL INR CNY SGD HKD', ' '))
    with ordinality as c (currency, number);
insert into reimbursement.exchange_rates (legal_entity_id, currency, valid_from, rate)
select 'US01', c.currency, m, 1 + c.number / 10.0
from currencies as c, generate_series('2023-01-01'::date, '2025-06-01', interval '1 month') as m;
create temporary table dimensions as
select i - 1 as number, reimbursement.dimension_set('US01', jsonb_build_object('Department', i::text)) as dimension_set_id
from generate_series(1, 300) as i;
create temporary table many as
select format('%s-%s-%s-%s', s.state, w.way, n.customers, to_char(i, 'FM000')) as customer_account, i
from (values ('a'), ('b'), ('c'), ('d')) as s (state), (values ('whole'), ('split')) as w (way),
    (values (1), (20), (200)) as n (customers), generate_series(1, n.customers) as i;
create temporary table owing as
select format('%s-owes-%s', s.state, n.debits) as customer_account, n.debits
from (values ('a'), ('b'), ('c'), ('d')) as s (state), (values (4), (40), (400)) as n (debits);
insert into reimbursement.customers (legal_entity_id, customer_account, name)
select 'US01', m.customer_account, 'Customer' from many as m
union all
select 'US01', o.customer_account, 'Customer' from owing as o
union all
select 'US01', format('Z%s', i), 'Customer' from generate_series(1, 2000) as i;
insert into reimbursement.customer_transactions (
    legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount, dimension_set_id
)
select 'US01', m.customer_account, 'credit_note', 'CN', '2025-05-01'::date, c.currency, -10000, d.dimension_set_id
from many as m, generate_series(1, 2) as k, currencies as c, dimensions as d
where c.number = (m.i + k) % 20 and d.number = (m.i * 7 + k) % 300
union all
select
    'US01', o.customer_account, t.type, t.type, '2025-05-01', c.currency, t.amount, d.dimension_set_id
from owing as o, generate_series(1, o.debits) as k, (values ('invoice', 90), ('credit_note', -100)) as t (type, amount),
    currencies as c, dimensions as d
where c.number = k % 2 and d.number = (k * 7) % 300
union all
select 'US01', format('Z%s', i), 'credit_note', 'CN', '2025-05-01', 'USD', -100, 0 from generate_series(1, 2000) as i;

-- What one costs, against a company of twelve; and what ten times as many cost.
create function pg_temp.costs(state text, knowledge text, small bigint, small_split bigint, small_netted bigint)
returns setof text
language plpgsql
as $$
declare
    v_way text;
    v_few bigint;
    v_small bigint;
begin
    foreach v_way in array array['whole', 'split'] loop
        v_small := case v_way when 'whole' then costs.small else costs.small_split end;
        return next cmp_ok(
            pg_temp.buffers(format('%s-%s-1-*', costs.state, v_way), v_way = 'whole'), '<=', v_small * 2,
            format('one customer, %s, %s', v_way, costs.knowledge));
        v_few := pg_temp.buffers(format('%s-%s-20-*', costs.state, v_way), v_way = 'whole');
        return next cmp_ok(v_few, '<=', v_small * 25, format('twenty, %s, %s', v_way, costs.knowledge));
        return next cmp_ok(
            pg_temp.buffers(format('%s-%s-200-*', costs.state, v_way), v_way = 'whole'), '<=', v_few * 12,
            format('two hundred cost ten times twenty, %s, %s', v_way, costs.knowledge));
    end loop;
    v_few := pg_temp.buffers(format('%s-owes-40', costs.state), true, true);
    return next cmp_ok(
        pg_temp.buffers(format('%s-owes-4', costs.state), true, true), '<=', costs.small_netted * 3,
        format('who owes a few invoices, %s', costs.knowledge));
    return next cmp_ok(
        pg_temp.buffers(format('%s-owes-400', costs.state), true, true), '<=', v_few * 12,
        format('who owes four hundred costs ten times who owes forty, %s', costs.knowledge));
end
$$;
select pg_temp.costs('a', 'as it was planned for a few', :small, :small_split, :small_netted);
discard plans;
select pg_temp.buffers('Z1'), pg_temp.buffers('Z2', summarize_customer => false), pg_temp.buffers('Z3', net_open_debits => true);
select pg_temp.costs('b', 'planned when a few were all that is known', :small, :small_split, :small_netted);
select test.forget_statistics();
discard plans;
select pg_temp.buffers('Z4'), pg_temp.buffers('Z5', summarize_customer => false), pg_temp.buffers('Z6', net_open_debits => true);
select pg_temp.costs('c', 'on tables never analyzed', :small, :small_split, :small_netted);
analyze;
select pg_temp.buffers('Z7'), pg_temp.buffers('Z8', summarize_customer => false), pg_temp.buffers('Z9', net_open_debits => true);
select pg_temp.costs('d', 'on tables analyzed', :small, :small_split, :small_netted);

select is(
    (select count(distinct r.currency) from reimbursement.reimbursement_report as r), 21::bigint,
    'in all currencies something was reimbursed');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
