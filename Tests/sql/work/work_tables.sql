-- The work tables of a transfer are the session's, made once, and nobody else's.
select plan(17);

select test.company();
select test.credit(format('C%s', i), i) from generate_series(1, 9) as i;
create table claimed (legal_entity_id text, job_id bigint, run_id bigint, attempt int, kind text);
create function pg_temp.claim(customer_filter text) returns void
language sql
as $$
    select reimbursement.enqueue_reimbursement('US01', '2025-06-30', customer_filter => claim.customer_filter);
    delete from claimed;
    insert into claimed select c.* from reimbursement.claim_jobs('worker', 9) as c;
$$;
create function pg_temp.carry_out() returns void
language sql
as $$
    select reimbursement.execute_job(c.legal_entity_id, c.job_id, c.attempt) from claimed as c
$$;
create function pg_temp.temporary_tables() returns text
language sql
as $$
    select string_agg(c.relname || ' ' || c.oid || ' ' || c.relfilenode, ', ' order by c.relname) from pg_class as c
    where c.relnamespace = pg_my_temp_schema()
$$;

-- A table of the user's that has the name of one.
create temporary table nettings (note text);
insert into nettings values ('mine');
select pg_temp.claim('C1');
select throws_ok('select pg_temp.carry_out()', 'RB031', null, 'a table of the user''s is not taken for a work table');
select results_eq('select n.note from pg_temp.nettings as n', array['mine'], 'nor is it touched');
select is_empty('select * from reimbursement.reimbursements', 'and nothing is written');
drop table pg_temp.nettings;

-- One of the same type, with a trigger of the user's on it.
select $$ create temporary table nettings of reimbursement.netting $$ \gexec
create function pg_temp.interfere() returns trigger
language plpgsql
as $$
begin
    raise exception 'somebody else''s function ran';
end
$$;
create trigger interfere before insert on pg_temp.nettings for each statement execute function pg_temp.interfere();
select throws_ok('select pg_temp.carry_out()', 'RB031', null, 'nor is one that has a trigger, whatever its type');
drop table pg_temp.nettings;
select $$ create temporary table nettings of reimbursement.netting $$ \gexec
create unique index on pg_temp.nettings ((customer_account || currency));
select throws_ok('select pg_temp.carry_out()', 'RB031', null, 'or an index');
drop table pg_temp.nettings;
create temporary view nettings as select 1 as one;
select throws_ok('select pg_temp.carry_out()', 'RB031', null, 'a view is none either');
drop view pg_temp.nettings;

select lives_ok('select pg_temp.carry_out()', 'without them the job is carried out');
select is_empty('select * from pg_temp.selected_transactions', 'the work tables are empty afterwards');
select is_empty('select * from pg_temp.reimbursement_lines', 'all of them');
select set_config('test.tables', pg_temp.temporary_tables(), false);
select pg_temp.claim('C2'), pg_temp.carry_out(), pg_temp.claim('C3'), pg_temp.carry_out();
select is(pg_temp.temporary_tables(), current_setting('test.tables'),
    'the next transfers of the session have the same tables, and no system catalog grows');

-- A transfer that fails.
select pg_temp.claim('C4');
update reimbursement.number_sequences set format = 'OTV-00#' where sequence = 'one_time_vendor';
insert into reimbursement.vendors (legal_entity_id, vendor_account, name)
select 'US01', format('OTV-00%s', s.next_number), 'Taken' from reimbursement.number_sequences as s
where s.legal_entity_id = 'US01' and s.sequence = 'one_time_vendor';
select throws_ok('select pg_temp.carry_out()', 'RB013', null, 'a transfer fails');
select is_empty('select * from pg_temp.selected_transactions', 'and leaves no row behind');
update reimbursement.number_sequences set next_number = next_number + 1 where sequence = 'one_time_vendor';
select lives_ok('select pg_temp.carry_out()', 'the next one does not see it');

-- Settlements and transfers of one transaction.
select test.credit('C5', 20, voucher => 'CN'), test.debit('C5', 12, voucher => 'INV');
select pg_temp.claim('C5');
select reimbursement.settle_transactions('US01', d.customer_transaction_id, c.customer_transaction_id, 12, '2025-06-30')
from reimbursement.customer_transactions as d, reimbursement.customer_transactions as c
where d.voucher = 'INV' and c.voucher = 'CN';
select pg_temp.carry_out();
select results_eq(
    $$ select r.amount from reimbursement.reimbursement_report as r where r.customer_account = 'C5' $$, array[13.00],
    'what a settlement outside of runs leaves is reimbursed');

-- A session that was cleaned up, as a pooler does.
select pg_temp.claim('C6');
drop table pg_temp.selected_transactions, pg_temp.nettings, pg_temp.reimbursement_lines;
select lives_ok($$ select reimbursement.execute_job(c.legal_entity_id, c.job_id, c.attempt) from public.claimed as c $$,
    'a session that lost its temporary tables makes new ones');

-- A large transfer gives its room back.
select test.credit(format('L%s', i), 1) from generate_series(1, 5000) as i;
select reimbursement.enqueue_reimbursement('US01', '2025-06-30');
select reimbursement.execute_job(c.legal_entity_id, c.job_id, c.attempt) from reimbursement.claim_jobs('worker', 9) as c;
select ok(pg_relation_size('pg_temp.selected_transactions') <= 64 * 8192, 'the room of a large transfer is given back');
select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
