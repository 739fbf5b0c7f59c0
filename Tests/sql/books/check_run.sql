-- check_books of one run: what that run wrote and what it touches, in the books of a company with much else in them.
-- What its rules find when the run's rows are tampered with is in check_books.sql, check_payments.sql and
-- check_reversals.sql, beside what they find in all books.
select plan(68);

select test.paid_and_reversed_books();
select results_eq(
    'select run_id, kind::text collate "default" from reimbursement.runs order by run_id',
    $$ values
    (1::bigint, 'reimbursement'), (2, 'vendor_payment'), (3, 'payment_reversal'), (4, 'vendor_payment'),
    (5, 'reimbursement_reversal'), (6, 'reimbursement'), (7, 'vendor_payment') $$,
    'runs of every kind');

-- Right runs.
select is_empty(
    format('select * from reimbursement.check_books(run_id => %s)', r.run_id),
    format('what run %s (%s) wrote is right', r.run_id, r.kind))
from reimbursement.runs as r
order by r.run_id;
select is_empty(
    $$ select * from reimbursement.check_books('US01', 1) $$, 'and so it is when its legal entity is named');
select reimbursement.enqueue_reimbursement('US02', posting_date => '2025-08-01') as waiting \gset
select is_empty(
    format('select * from reimbursement.check_books(run_id => %s)', :waiting), 'a run that waits has done nothing wrong');

-- Unknown runs.
select throws_ok(
    'select * from reimbursement.check_books(run_id => 99)', 'RB033', 'there is no run 99',
    'a run that there is not cannot be right');
select throws_ok(
    $$ select * from reimbursement.check_books('US02', 1) $$, 'RB033', 'legal entity "US02" has no run 1',
    'nor can the run of another legal entity');

-- What is wrong with a run is of this run, and of those that took its rows further. run_ids: the runs whose checks say
-- anything at all.
create function pg_temp.runs_with_violations(change text) returns bigint[]
language sql
as $$
    select array_agg(r.run_id order by r.run_id)
    from reimbursement.run_requests as r
    where test.rules_broken_by(runs_with_violations.change, run_id => r.run_id) is not null
$$;
select is(pg_temp.runs_with_violations(t.change), t.run_ids, t.fault)
from (
    values
    ('a reimbursement of less is of its run', array[6]::bigint[],
        $$update reimbursement.reimbursements set amount = amount - 1 where legal_entity_id = 'US02'$$),
    ('a voucher of a reimbursement that does not balance, too', array[6],
        $$update reimbursement.ledger_entries set amount = amount + 1, accounting_amount = accounting_amount + 1
        where legal_entity_id = 'US02' and voucher = 'RMB-00000001' and posting_type = 'receivable'$$),
    ('a payment at another rate is of its run', array[2],
        $$update reimbursement.payments set exchange_rate = 1.3 where payment_number = 'PAY-00000001' and currency = 'EUR'$$),
    ('a voucher of a payment that does not balance, too', array[4],
        $$update reimbursement.ledger_entries set accounting_amount = accounting_amount - 1
        where voucher = 'PAY-00000003' and posting_type = 'bank'$$),
    ('a bank file that was changed, too', array[7],
        $$update reimbursement.payment_files set content = content || ' ' where legal_entity_id = 'US02'$$),
    ('a reversal of another day is of its run', array[3],
        $$update reimbursement.reversals set posting_date = '2025-07-21' where voucher = 'REV-00000001'$$),
    ('a reversal that posts to another account, too', array[5],
        $$update reimbursement.ledger_entries set ledger_account = 'X' where voucher = 'REV-00000003'$$),
    ('a job that did less than it says, too', array[4],
        'update reimbursement.jobs set processed = processed + 1 where run_id = 4'),
    ('a reimbursement''s debit that is open is of its run, and of the run that took it back', array[1, 5],
        $$update reimbursement.customer_transactions set last_settled_on = null where voucher = 'RMB-00000003'$$),
    ('an invoice that was paid in part is of its run and of the runs that paid it', array[1, 2, 3, 4],
        $$update reimbursement.vendor_transactions set settled_amount = -5, settled_accounting_amount = -5
        where voucher = 'RMB-00000002' and transaction_type = 'invoice' and legal_entity_id = 'US01'$$)
) as t (fault, run_ids, change);
select is(
    test.rules_broken_by($$update reimbursement.customer_transactions set last_settled_on = '2025-01-01'
    where legal_entity_id = 'US01' and voucher = 'CN-ANN'$$, run_id => 1),
    array['last_settlement_date_is_of_a_settlement'], 'a credit that a run cleared is touched by it');
select is(
    test.rules_broken_by($$update reimbursement.customer_transactions set last_settled_on = '2025-01-01'
    where legal_entity_id = 'US01' and voucher = 'INV-EVE'$$, run_id => 1),
    array['last_settlement_date_is_of_a_settlement'], 'and so is a debit that it netted');
select ok(
    'settlement_is_undone_by_its_opposite' = any(test.rules_broken_by(
        'update reimbursement.settlements set amount = amount + 1 where run_id = 5 and amount < 0 and not is_netting',
        run_id => 5)),
    'a reversal wrote the settlements that undo those of a reimbursement');

-- A row that is gone is missed by what is left, if not by the rule that names it in all books.
select ok(test.rules_broken_by(t.change, run_id => t.run_id) is not null, t.fault)
from (
    values
    ('a reimbursement without its voucher is missed by its run', 1,
        $$update reimbursement.ledger_entries set voucher = 'X' where voucher = 'RMB-00000001'$$),
    ('a netting without its voucher is missed by its run', 1,
        'update reimbursement.settlements set voucher = null where run_id = 1'),
    ('a one-time vendor who is gone is missed by the run that made him', 1,
        $$delete from reimbursement.vendors where vendor_account = 'OTV-00000002' and legal_entity_id = 'US01'$$),
    ('a payment that is gone is missed by its run', 4,
        $$delete from reimbursement.payments where payment_number = 'PAY-00000003'$$),
    ('a reversal that is gone is missed by its run', 3,
        $$delete from reimbursement.reversals where voucher = 'REV-00000001'$$)
) as t (fault, run_id, change);

-- No foreign key ties a settlement to its debit and its credit.
select ok(test.rules_broken_by(t.change, run_id => b.run_id) is not null, format('%s: %s', b.books, t.fault))
from (
    values
    ('a reimbursement settles a debit that is not there', 6,
        $$update reimbursement.settlements set debit_transaction_id = -1 where legal_entity_id = 'US02'
        and settlement_id = (select min(s.settlement_id) from reimbursement.settlements as s where s.run_id = 6)$$),
    ('a reimbursement settles a credit that is not there', 6,
        $$update reimbursement.settlements set credit_transaction_id = -1 where legal_entity_id = 'US02'
        and settlement_id = (select min(s.settlement_id) from reimbursement.settlements as s where s.run_id = 6)$$),
    ('a netting settles a debit that is not there', 1,
        'update reimbursement.settlements set debit_transaction_id = -1 where run_id = 1 and is_netting'),
    ('a netting settles a credit that is not there', 1,
        'update reimbursement.settlements set credit_transaction_id = -1 where run_id = 1 and is_netting'),
    ('a reversal settles a debit that is not there', 5,
        'update reimbursement.settlements set debit_transaction_id = -1 where run_id = 5'),
    ('a payment settles an invoice that is not there', 7,
        'update reimbursement.vendor_settlements set credit_transaction_id = -1 where run_id = 7'),
    ('an invoice of the run is paid by a debit that is not there', 6,
        'update reimbursement.vendor_settlements set debit_transaction_id = -1 where run_id = 7')
) as t (fault, run_id, change)
cross join lateral (values ('in all books', null), ('in those of the run', t.run_id)) as b (books, run_id);

-- How many blocks a check reads, its second time: the first one reads the catalogs.
create function pg_temp.blocks_of(run_id bigint) returns bigint
language plpgsql
as $$
declare
    v_plan json;
begin
    for i in 1..2 loop
        execute format(
            'explain (analyze, buffers, format json) select * from reimbursement.check_books(run_id => %s)',
            coalesce(blocks_of.run_id::text, 'null')) into v_plan;
    end loop;
    return (v_plan #>> '{0,Plan,Shared Hit Blocks}')::bigint + (v_plan #>> '{0,Plan,Shared Read Blocks}')::bigint;
end
$$;
-- In small books, what a run of one customer costs, and its payment.
select test.payee('FIRST', 10, legal_entity_id => 'US02');
select test.reimburse(customer_filter => 'FIRST', legal_entity_id => 'US02') as first \gset
select test.pay(legal_entity_id => 'US02') as first_paid \gset
select pg_temp.blocks_of(:first) as first_blocks, pg_temp.blocks_of(:first_paid) as first_paid_blocks \gset

-- In books with five thousand reimbursements of others, a run of one customer is read by its keys.
insert into reimbursement.customers (legal_entity_id, customer_account, name, iban)
select 'US02', 'MANY-' || n, 'Customer ' || n, 'DE89370400440532013000' from generate_series(1, 5000) as n;
insert into reimbursement.customer_transactions (
    legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount
)
select 'US02', 'MANY-' || n, 'credit_note', 'LOAD', '2025-05-01', 'USD', -10 from generate_series(1, 5000) as n;
select test.reimburse(customer_filter => 'MANY*', legal_entity_id => 'US02') as many \gset
select test.pay(legal_entity_id => 'US02') as many_paid \gset
select test.payee('ONE', 10, legal_entity_id => 'US02');
select test.reimburse(customer_filter => 'ONE', legal_entity_id => 'US02') as one \gset
select test.pay(legal_entity_id => 'US02') as one_paid \gset
select test.reverse_payments(
    array[(select p.payment_number from reimbursement.payments as p where p.run_id = :one_paid)],
    legal_entity_id => 'US02') as one_returned \gset
select test.reverse(run_id => :one, legal_entity_id => 'US02') as one_reversed \gset

select pg_temp.blocks_of(null) as all_blocks \gset
select ok(
    pg_temp.blocks_of(t.run_id) < :all_blocks / 5, format('the check of %s reads its rows and not the books', t.run))
from (
    values ('a reimbursement', :one), ('a payment', :one_paid), ('a returned payment', :one_returned),
    ('a reversal', :one_reversed)
) as t (run, run_id);
select cmp_ok(
    pg_temp.blocks_of(t.run_id), '<=', t.small * 3 + 100,
    format('%s of one customer is checked as in small books, as it was planned for these', t.run))
from (values ('a reimbursement', :one, :first_blocks::bigint), ('a payment', :one_paid, :first_paid_blocks))
    as t (run, run_id, small);
select cmp_ok(
    pg_temp.blocks_of(t.run_id), '<=', :all_blocks::bigint * 2,
    format('%s that is nearly all the books is checked by reading them whole, as it was planned for these', t.run))
from (values ('a reimbursement', :many), ('a payment', :many_paid)) as t (run, run_id);
analyze;
select ok(
    pg_temp.blocks_of(t.run_id) < :all_blocks / 5, format('and with statistics, that of %s too', t.run))
from (
    values ('a reimbursement', :one), ('a payment', :one_paid), ('a returned payment', :one_returned),
    ('a reversal', :one_reversed)
) as t (run, run_id);
select cmp_ok(
    pg_temp.blocks_of(t.run_id), '<=', t.small * 3 + 100,
    format('%s of one customer is checked as in small books, with statistics', t.run))
from (values ('a reimbursement', :one, :first_blocks::bigint), ('a payment', :one_paid, :first_paid_blocks))
    as t (run, run_id, small);
select cmp_ok(
    pg_temp.blocks_of(t.run_id), '<=', :all_blocks::bigint * 2,
    format('%s that is nearly all the books is checked by reading them whole, with statistics', t.run))
from (values ('a reimbursement', :many), ('a payment', :many_paid)) as t (run, run_id);
select test.forget_statistics();
discard plans;
select cmp_ok(
    pg_temp.blocks_of(t.run_id), '<=', t.small * 3 + 100,
    format('%s of one customer is checked as in small books, on tables never analyzed', t.run))
from (values ('a reimbursement', :one, :first_blocks::bigint), ('a payment', :one_paid, :first_paid_blocks))
    as t (run, run_id, small);
select cmp_ok(
    pg_temp.blocks_of(t.run_id), '<=', :all_blocks::bigint * 2,
    format('%s that is nearly all the books is checked by reading them whole, on tables never analyzed', t.run))
from (values ('a reimbursement', :many), ('a payment', :many_paid)) as t (run, run_id);
select is_empty(format('select * from reimbursement.check_books(run_id => %s)', r), format('run %s is right', r))
from unnest(array[:many, :many_paid, :one, :one_paid]) as r;
select test.require_right_books();

select * from finish();
