-- One reimbursement a customer and currency, or one a customer, currency, receivable account and dimension set.
select plan(11);

create function pg_temp.credits(legal_entity_id text) returns void
language sql
as $$
    select test.company(minimum_reimbursement => 100, legal_entity_id => credits.legal_entity_id);
    select test.rate('EUR', 2, legal_entity_id => credits.legal_entity_id);
    select
        test.credit(
            'ANN', c.amount, c.currency, dimensions => c.dimensions, receivable_account => c.receivable_account,
            legal_entity_id => credits.legal_entity_id)
    from (
        values
        (100, 'USD', jsonb '{"Department": "010", "CostCenter": "007"}', '130100'),
        (20, 'USD', jsonb '{"CostCenter": "007", "Department": "010"}', '130100'),
        (5, 'USD', jsonb '{"Department": "020"}', '130100'),
        (0.5, 'USD', jsonb '{"Department": "020"}', '130200'),
        (7, 'EUR', jsonb '{"Department": "020"}', '130100'),
        (1, 'USD', jsonb '{}', '130100')
    ) as c (amount, currency, dimensions, receivable_account)
$$;

create function pg_temp.reimbursements()
returns table (currency text, dimensions jsonb, amount numeric, accounting_amount numeric)
language sql
as $$
    select r.currency, r.dimensions, r.amount, r.accounting_amount
    from reimbursement.reimbursement_report as r
    where r.run_id = test.last_run()
    order by r.currency, r.amount
$$;

select pg_temp.credits('ON');
select test.reimburse(summarize_customer => true, legal_entity_id => 'ON');
select results_eq(
    'select * from pg_temp.reimbursements()',
    $$ values ('EUR', null::jsonb, 7.00, 14.00), ('USD', null, 126.50, 126.50) $$,
    'summarized: one reimbursement a currency, of no one dimension set');
select is(
    (select count(distinct vendor_account) from reimbursement.reimbursement_report where legal_entity_id = 'ON'),
    1::bigint, 'of one vendor');
select results_eq(
    $$ select * from test.voucher('RMB-00000002', 'ON') $$,
    $$ values
        ('130100', null, 1.00, 1.00), ('130100', '010', 120.00, 120.00), ('130100', '020', 5.00, 5.00),
        ('130200', '020', 0.50, 0.50),
        ('200100', null, -1.00, -1.00), ('200100', '010', -120.00, -120.00), ('200100', '020', -5.50, -5.50) $$,
    'its voucher clears every receivable account and dimension set, and owes in the same dimension sets');
select is(
    (
        select count(*) from reimbursement.customer_transactions
        where legal_entity_id = 'ON' and voucher = 'RMB-00000002' and open_amount = 0
    ),
    4::bigint, 'with a customer transaction, closed, for each receivable account and dimension set');
select is(
    (select count(*) from reimbursement.settlements where legal_entity_id = 'ON'),
    6::bigint, 'and a settlement for every credit');

select pg_temp.credits('OFF');
select test.reimburse(summarize_customer => false, legal_entity_id => 'OFF');
select results_eq(
    'select * from pg_temp.reimbursements()',
    $$ values
        ('EUR', jsonb '{"Department": "020"}', 7.00, 14.00),
        ('USD', '{"Department": "020"}', 0.50, 0.50), ('USD', '{}', 1.00, 1.00),
        ('USD', '{"Department": "020"}', 5.00, 5.00),
        ('USD', '{"CostCenter": "007", "Department": "010"}', 120.00, 120.00) $$,
    'not summarized: one a currency, receivable account and dimension set, whatever the order of the dimensions');
select is(
    (select count(distinct invoice_number) from reimbursement.reimbursement_report where legal_entity_id = 'OFF'),
    5::bigint, 'each has its invoice');
select is(
    (select count(distinct vendor_account) from reimbursement.reimbursement_report where legal_entity_id = 'OFF'),
    1::bigint, 'and all have one vendor');
select is(
    (select amount from reimbursement.reimbursement_report where legal_entity_id = 'OFF' and amount < 1), 0.5,
    'a small group of a customer who qualifies is paid: the minimum is a matter of the customer');

select test.company(legal_entity_id => 'TWO');
select test.credit('ANN', 1, legal_entity_id => 'TWO');
select test.credit('BOB', 1, legal_entity_id => 'TWO');
select test.reimburse(legal_entity_id => 'TWO');
select results_eq(
    'select customer_account, amount from test.outcome()', $$ values ('ANN', 1.00), ('BOB', 1.00) $$,
    'two customers are never one reimbursement');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
