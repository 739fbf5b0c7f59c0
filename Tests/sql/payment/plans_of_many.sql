-- A payment of many vendors costs as many times one, and so does one of many invoices: with many currencies, bank accounts
-- and dimension sets too, whatever the planner knew of the tables when the session planned its statements. Compared are
-- buffers.
select plan(30);

select test.no_autovacuum();
select test.company(), test.bank_account();
create function pg_temp.buffers(vendor_filter text, pay_per text default 'invoice') returns bigint
language sql
as $$
    select test.buffers_of_run(reimbursement.enqueue_vendor_payment(
        'US01', '2025-07-15', vendor_filter => buffers.vendor_filter, pay_per => buffers.pay_per))
$$;

-- Five invoices; the planner learns of them, and the session plans every statement, of each way to pay.
select test.invoices(1, 20);
analyze;
select pg_temp.buffers('V0001'), pg_temp.buffers('V0002'), pg_temp.buffers('V0003', 'vendor'),
    pg_temp.buffers('V0004', 'vendor');
select pg_temp.buffers('V0005') as small, pg_temp.buffers('V0006', 'vendor') as small_joined \gset

-- Twenty currencies with a rate a month and a bank account each, three hundred dimension sets, and for each state of the
-- planner's knowledge (a to d): a vendor, 20 and 200 vendors with two invoices each, twice; and who has 40 and 400.
create temporary table currencies as
select c.currency, c.number - 1 as number
from unnest(string_to_array('EUR GBP CHF JPY CAD AUD SEK NOK DKK PLN CZK HUF RON TRY MXN BRL INR CNY SGD HKD', ' '))
    with ordinality as c (currency, number);
insert into reimbursement.exchange_rates (legal_entity_id, currency, valid_from, rate)
select 'US01', c.currency, m, 1 + c.number / 10.0
from currencies as c, generate_series('2023-01-01'::date, '2025-07-01', interval '1 month') as m;
insert into reimbursement.bank_accounts (legal_entity_id, bank_account, name, currency, iban, bic)
select 'US01', 'BANK-' || c.currency, 'Bank', c.currency, b.iban, b.bic
from currencies as c, reimbursement.bank_accounts as b;
create temporary table dimensions as
select i - 1 as number, reimbursement.dimension_set('US01', jsonb_build_object('Department', i::text)) as dimension_set_id
from generate_series(1, 300) as i;
create temporary table many as
select format('%s-%s-%s-%s', s.state, w.way, n.vendors, to_char(i, 'FM000')) as account, i, 2 as invoices
from (values ('a'), ('b'), ('c'), ('d')) as s (state), (values ('single'), ('joined')) as w (way),
    (values (1), (20), (200)) as n (vendors), generate_series(1, n.vendors) as i
union all
select format('%s-has-%s', s.state, n.invoices), 1, n.invoices
from (values ('a'), ('b'), ('c'), ('d')) as s (state), (values (40), (400)) as n (invoices);
insert into reimbursement.vendors (legal_entity_id, vendor_account, name, iban)
select 'US01', m.account, 'Vendor', 'DE89370400440532013000' from many as m;
insert into reimbursement.customers (legal_entity_id, customer_account, name, vendor_account)
select 'US01', m.account, 'Customer', m.account from many as m;
insert into reimbursement.customer_transactions (
    legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount, dimension_set_id
)
select 'US01', m.account, 'credit_note', 'CN', '2025-05-01', c.currency, -10000, d.dimension_set_id
from many as m, generate_series(1, m.invoices) as k, currencies as c, dimensions as d
where c.number = (m.i + k) % 20 and d.number = (m.i * 7 + k) % 300;
-- One reimbursement for each dimension set.
select test.reimburse(customer_filter => '*-*', summarize_customer => false);

-- What one costs, against books of twenty; and what ten times as many cost.
create function pg_temp.costs(state text, knowledge text, small bigint, small_joined bigint) returns setof text
language plpgsql
as $$
declare
    v_pay_per text;
    v_way text;
    v_few bigint;
    v_small bigint;
begin
    foreach v_pay_per in array array['invoice', 'vendor'] loop
        v_way := case v_pay_per when 'invoice' then 'single' else 'joined' end;
        v_small := case v_pay_per when 'invoice' then costs.small else costs.small_joined end;
        return next cmp_ok(
            pg_temp.buffers(format('%s-%s-1-*', costs.state, v_way), v_pay_per), '<=', v_small * 4 + 100,
            format('one vendor, per %s, %s', v_pay_per, costs.knowledge));
        v_few := pg_temp.buffers(format('%s-%s-20-*', costs.state, v_way), v_pay_per);
        return next cmp_ok(v_few, '<=', v_small * 25, format('twenty, per %s, %s', v_pay_per, costs.knowledge));
        return next cmp_ok(
            pg_temp.buffers(format('%s-%s-200-*', costs.state, v_way), v_pay_per), '<=', v_few * 12,
            format('two hundred cost ten times twenty, per %s, %s', v_pay_per, costs.knowledge));
    end loop;
    v_few := pg_temp.buffers(format('%s-has-40', costs.state), 'vendor');
    return next cmp_ok(
        pg_temp.buffers(format('%s-has-400', costs.state), 'vendor'), '<=', v_few * 12,
        format('four hundred invoices of one vendor cost ten times forty, %s', costs.knowledge));
end
$$;
select pg_temp.costs('a', 'as it was planned for a few', :small, :small_joined);
discard plans;
select pg_temp.buffers('V0011'), pg_temp.buffers('V0012', 'vendor');
select pg_temp.costs('b', 'planned when a few were all that is known', :small, :small_joined);
select test.forget_statistics();
discard plans;
select pg_temp.buffers('V0013'), pg_temp.buffers('V0014', 'vendor');
select pg_temp.costs('c', 'on tables never analyzed', :small, :small_joined);
analyze;
select pg_temp.buffers('V0015'), pg_temp.buffers('V0016', 'vendor');
select pg_temp.costs('d', 'on tables analyzed', :small, :small_joined);

select is(
    (select count(*) from reimbursement.vendor_transactions as t where t.transaction_type = 'invoice'
        and t.open_amount <> 0 and t.vendor_account like '%-%'), 0::bigint,
    'all of their invoices were paid');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
