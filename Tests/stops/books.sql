-- What the stops need in a database: books in which every step has something to do, and a way to compare all tables.

create schema stops;

-- The rows of every table at some moment, written as text.
create table stops.kept (moment text not null, table_name text not null, content text not null);

-- Every row of every table: exactly, or without what differs from one undisturbed run to the next, which is when it was
-- and in which transaction. Then the bounds of claims are left out too, for they are nothing but times.
create function stops.contents(is_exact boolean) returns table (table_name text, content text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    v_query text;
begin
    select string_agg(t.query, ' union all ') into v_query
    from (
        select
            format('select %L, row(%s)::text from reimbursement.%I', c.relname, string_agg(
                case
                    when contents.is_exact then quote_ident(a.attname)
                    when a.atttypid in ('timestamptz'::regtype, 'xid8'::regtype, 'xid'::regtype)
                        then format('%I is not null', a.attname)
                    when c.relname = 'payment_files' and a.attname = 'content'
                        then $re$regexp_replace(content, '<CreDtTm>[^<]*', '', 'g')$re$
                    when c.relname = 'payment_files' and a.attname = 'sha256' then 'length(sha256)'
                    else quote_ident(a.attname)
                end, ', ' order by a.attnum), c.relname) as query
        from pg_class as c
        join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'reimbursement'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
            and (contents.is_exact or c.relname <> 'claim_bounds')
        group by c.relname
    ) as t;
    return query execute v_query;
end
$$;

-- Keeps the rows as they are: before, exactly; completed, without times.
create function stops.keep(moment text) returns void
language sql
as $$
    insert into stops.kept (moment, table_name, content)
    select keep.moment, c.table_name, c.content from stops.contents(keep.moment = 'before') as c
$$;

-- In what the rows are other than at a moment: + what is there now, - what was there then.
create function stops.differences(moment text) returns setof text
language sql
as $$
    with now_there as materialized (
        select c.table_name, c.content from stops.contents(differences.moment = 'before') as c
    ),
    then_there as materialized (
        select k.table_name, k.content from stops.kept as k where k.moment = differences.moment
    )
    (
        select format('+ %s %s', n.table_name, n.content)
        from (table now_there except all table then_there) as n
        order by 1
    )
    union all
    (
        select format('- %s %s', t.table_name, t.content)
        from (table then_there except all table now_there) as t
        order by 1
    )
$$;

-- Sequences are no part of a transaction: each attempt is to number its rows as the first one would have.
create table stops.sequences as
select format('%I.%I', s.schemaname, s.sequencename) as sequence, s.last_value
from pg_sequences as s
where false;

create function stops.keep_sequences() returns void
language sql
as $$
    insert into stops.sequences
    select format('%I.%I', s.schemaname, s.sequencename), s.last_value
    from pg_sequences as s
    where s.schemaname = 'reimbursement'
$$;

create function stops.set_sequences() returns void
language sql
as $$
    select setval(s.sequence::regclass, coalesce(s.last_value, 1), s.last_value is not null) from stops.sequences as s
$$;

-- Two companies, one of which has customers for every step: with a vendor and without, in two currencies, with cents
-- that are rounded, over dimension sets, with debits to be netted wholly and in part; and some whom a run skips.
create function stops.companies() returns void
language plpgsql
as $$
begin
    perform test.company(minimum_reimbursement => 1);
    perform test.bank_account();
    perform test.bank_account('EURO', 'EUR');
    perform test.rate('EUR', 1.1);
    perform test.rate('EUR', 1.2375, '2025-06-15');
    perform test.rate('EUR', 1.3, '2025-07-10');
    perform test.vendor('V-CAT', iban => 'GB29NWBK60161331926819', payment_terms_days => 10);
    perform test.payee('ANN', 100.37, 'EUR', dimensions => '{"Department": "010"}');
    perform test.credit('ANN', 33.31, 'EUR', dimensions => '{"Department": "020"}');
    perform test.credit('ANN', 12);
    perform test.payee('BOB', 20.01);
    perform test.payee('CAT', 30, vendor_account => 'V-CAT', iban => 'GB29NWBK60161331926819');
    perform test.payee('DAN', 50, dimensions => '{"Department": "010"}');
    perform test.debit('DAN', 10, dimensions => '{"Department": "020"}');
    perform test.payee('EVE', 5);
    perform test.debit('EVE', 8, dimensions => '{"Department": "020"}');
    perform test.payee('FAY', 7, iban => null);
    perform test.payee('LOW', 0.5);
    perform test.customer('OFF', on_hold_from => '2025-01-01');
    perform test.credit('OFF', 9);
    perform test.company(legal_entity_id => 'US02');
    perform test.payee('ANN', 10, legal_entity_id => 'US02');
    perform test.payee('BOB', 11, legal_entity_id => 'US02');
end
$$;

create function stops.enqueue(
    customer_filter text default null, batches int default 1, legal_entity_id text default 'US01',
    max_attempts int default 5
) returns bigint
language sql
as $$
    select reimbursement.enqueue_reimbursement(
        legal_entity_id => enqueue.legal_entity_id, posting_date => '2025-06-30', include_open_debits => true,
        net_open_debits => true, customer_filter => enqueue.customer_filter, batches => enqueue.batches,
        max_attempts => enqueue.max_attempts)
$$;

-- Enqueues a run as above and carries it out.
create function stops.reimburse() returns bigint
language sql
as $$
    select test.run_to_the_end(stops.enqueue())
$$;

-- Claims what is ready for a worker, in passes of up to ten, and has it begin.
create function stops.begin(passes int default 1) returns void
language plpgsql
as $$
begin
    create temporary table claimed on commit drop as
    select c.legal_entity_id, c.job_id, c.attempt from reimbursement.claim_passes('first', begin.passes, 10) as c;
    perform reimbursement.begin_jobs(c.legal_entity_id, array[c.job_id], array[c.attempt]) from claimed as c;
end
$$;

-- The jobs that run, as the queue's functions take them: legal entity, ids, attempts.
create function stops.running() returns text
language sql
as $$
    select format(
        '%L, %L::bigint[], %L::int[]', j.legal_entity_id, array_agg(j.job_id order by j.job_id),
        array_agg(j.attempt order by j.job_id))
    from reimbursement.jobs as j
    where j.state = 'running'
    group by j.legal_entity_id
$$;

-- Vendor payments need an approval, and there is somebody to give it.
create function stops.need_approval() returns void
language plpgsql
as $$
begin
    if not exists (select from pg_roles as r where r.rolname = 'anna') then
        create role anna login;
    end if;
    grant usage on schema reimbursement, stops to anna;
    insert into reimbursement.approval_rules (legal_entity_id, kind) values ('US01', 'vendor_payment');
    perform reimbursement.grant_duty('anna', 'approver', 'US01');
end
$$;

-- Anna's vote for the latest run.
create function stops.approve() returns void
language plpgsql
as $$
declare
    v_run_id constant bigint := (select max(r.run_id) from reimbursement.run_requests as r);
begin
    perform set_config('role', 'anna', true);
    perform reimbursement.approve_run(v_run_id);
    perform set_config('role', 'none', true);
end
$$;
