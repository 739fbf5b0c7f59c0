-- Finished jobs leave by partitions that are dropped: jobs and their errors lie in ranges of job_id, which only grows,
-- so that a row never moves, and a full partition grows cold by itself. What becomes of one: forget_jobs().

create table reimbursement.job_retention (
    is_only boolean primary key default true constraint job_retention_is_one_row check (is_only),
    keep_for interval default interval '400 days'
        constraint job_retention_keeps_some_time check (keep_for >= interval '0'),
    jobs_per_partition bigint not null default 2000000
        constraint job_retention_partitions_hold_jobs check (jobs_per_partition >= 1)
);
comment on table reimbursement.job_retention is
'How long jobs that have ended are kept at least: keep_jobs() writes it. Totals of runs and idempotency keys are kept for ever.';
comment on column reimbursement.job_retention.keep_for is 'Null: for ever.';
comment on column reimbursement.job_retention.jobs_per_partition is 'How many job numbers the next partition has.';
insert into reimbursement.job_retention default values;

create table reimbursement.job_partitions (
    partition_number integer primary key,
    first_job_id bigint,
    last_job_id bigint not null unique,
    state text not null default 'filling'
        constraint job_partitions_state_is_known check (state in ('filling', 'full', 'counting', 'counted', 'dropped')),
    waits_for text [],
    last_finished_at timestamptz,
    counted_through bigint,
    counted_by xid8,
    dropped_at timestamptz
) with (fillfactor = 50);
comment on table reimbursement.job_partitions is
'The ranges of job_id that jobs_N and job_errors_N hold, N being the number, and what became of each.';
comment on column reimbursement.job_partitions.first_job_id is 'Null: from the first.';
comment on column reimbursement.job_partitions.state is
'filling: numbers of it are still given; full: they are not, and all that were are there; counting: the totals of its runs go to run_totals, run by run, and count from then on; counted: all are there; dropped.';
comment on column reimbursement.job_partitions.waits_for is
'The transactions that may not have seen the latest step yet; the next one waits until they have ended.';
comment on column reimbursement.job_partitions.last_finished_at is 'When the last of its jobs ended, once all have.';
comment on column reimbursement.job_partitions.counted_through is 'The runs up to this one have their totals.';

create table reimbursement.run_totals (
    legal_entity_id text collate "C" not null,
    run_id bigint not null,
    partition_number integer not null,
    first_job_id bigint not null,
    last_job_id bigint not null,
    jobs bigint not null,
    jobs_completed bigint not null,
    jobs_failed bigint not null,
    jobs_cancelled bigint not null,
    finished_at timestamptz,
    processed bigint not null,
    skipped bigint not null,
    accounting_amount numeric not null,
    error text,
    primary key (legal_entity_id, run_id, partition_number)
);
comment on table reimbursement.run_totals is
'What became of a run''s jobs in a partition that is dropped, or is about to be. Kept for ever; the view runs adds it up.';
comment on column reimbursement.run_totals.first_job_id is 'Of the run in this partition, as last_job_id.';
create index run_totals_by_run on reimbursement.run_totals (run_id);
create trigger run_totals_keep before update or delete or truncate on reimbursement.run_totals
for each statement execute function reimbursement.keep_posted_rows();

-- What refers to a job finds it, or the totals that it is part of, and a run's request is never deleted: check_books
-- compares them. A reference would lock the other table while a partition is made or dropped.
alter table reimbursement.job_errors drop constraint job_errors_legal_entity_id_job_id_fkey;
alter table reimbursement.jobs drop constraint jobs_legal_entity_id_run_id_fkey;

-- The tables become the first partitions: nothing is copied. All that a table has beside its columns is taken over as
-- it is: defaults, checks, indexes, triggers, comments and privileges.
do $$
declare
    v_sequence text := pg_get_serial_sequence('reimbursement.jobs', 'job_id');
    v_next bigint;
    v_size constant bigint := (select r.jobs_per_partition from reimbursement.job_retention as r);
    v_last bigint;
    v_table record;
    v_statement text;
    v_name text;
    v_old regclass;
    v_view text;
begin
    lock table reimbursement.jobs, reimbursement.job_errors in access exclusive mode;
    select string_agg(distinct format('view %s', d.objid::regclass), ', ') into v_view
    from (
        select r.ev_class as objid
        from pg_catalog.pg_depend as p
        inner join pg_catalog.pg_rewrite as r on r.oid = p.objid
        where p.classid = 'pg_rewrite'::regclass
            and p.refobjid in ('reimbursement.jobs'::regclass, 'reimbursement.job_errors'::regclass)
    ) as d
    inner join pg_catalog.pg_class as c on c.oid = d.objid
    where c.relnamespace <> 'reimbursement'::regnamespace
        or not exists (select from reimbursement.installed_objects as i where i.kind = 'view' and i.name = c.relname);
    if v_view is not null then
        raise exception using errcode = 'dependent_objects_still_exist',
            message = format('reimbursement.jobs becomes a partitioned table, and is read by %s', v_view),
            hint = 'Drop what reads it, migrate, and make it again.';
    end if;

    execute format('select s.last_value + s.is_called::int from %s as s', v_sequence) into v_next;
    select greatest(v_next, max(j.job_id) + 1) into v_next from reimbursement.jobs as j;
    v_last := (greatest(v_next - 1, 1) + v_size - 1) / v_size * v_size;
    alter table reimbursement.jobs alter column job_id drop identity;

    for v_table in
        select t.name, t.comment, t.triggers, t.indexes, t.grants, t.policies
        from (values ('jobs'), ('job_errors')) as n (name)
        cross join lateral (
            select
                n.name, obj_description(c.oid, 'pg_class') as comment,
                array(
                    select pg_get_triggerdef(g.oid) from pg_catalog.pg_trigger as g
                    where g.tgrelid = c.oid and not g.tgisinternal order by g.tgname
                ) as triggers,
                array(
                    select pg_get_indexdef(i.indexrelid) from pg_catalog.pg_index as i
                    where i.indrelid = c.oid and not i.indisprimary order by i.indexrelid
                ) as indexes,
                array(
                    select format('grant %s on reimbursement.%I to %s%s',
                        a.privilege_type || coalesce(' (' || quote_ident(a.attname) || ')', ''), n.name,
                        case a.grantee when 0 then 'public' else a.grantee::regrole::text end,
                        case when a.is_grantable then ' with grant option' else '' end)
                    from (
                        select null as attname, x.* from pg_catalog.aclexplode(c.relacl) as x
                        union all
                        select t.attname, x.*
                        from pg_catalog.pg_attribute as t
                        cross join lateral pg_catalog.aclexplode(t.attacl) as x
                        where t.attrelid = c.oid and not t.attisdropped
                    ) as a
                    where a.grantee <> c.relowner
                ) as grants,
                array(select p.polname from pg_catalog.pg_policy as p where p.polrelid = c.oid) as policies
            from pg_catalog.pg_class as c
            where c.relnamespace = 'reimbursement'::regnamespace and c.relname = n.name
        ) as t
    loop
        v_old := format('reimbursement.%I', v_table.name)::regclass;
        foreach v_name in array v_table.policies loop
            execute format('drop policy %I on %s', v_name, v_old);
        end loop;
        for v_name in
            select g.tgname from pg_catalog.pg_trigger as g where g.tgrelid = v_old and not g.tgisinternal
        loop
            execute format('drop trigger %I on %s', v_name, v_old);
        end loop;
        for v_name in
            select c.relname
            from pg_catalog.pg_index as i
            inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
            where i.indrelid = v_old
        loop
            execute format('alter index reimbursement.%I rename to %I', v_name,
                v_table.name || '_1' || substr(v_name, length(v_table.name) + 1));
        end loop;
        execute format('alter table %s rename to %I', v_old, v_table.name || '_1');
        execute format(
            'create table reimbursement.%I (like %s including defaults including constraints including comments,
                primary key (%s)) partition by range (job_id)',
            v_table.name, v_old, case v_table.name when 'jobs' then 'legal_entity_id, job_id'
                else 'legal_entity_id, job_id, attempt' end);
        execute format('comment on table reimbursement.%I is %L', v_table.name, v_table.comment);
        execute format('alter table reimbursement.%I attach partition %s for values from (minvalue) to (%s)',
            v_table.name, v_old, v_last + 1);
        foreach v_statement in array v_table.indexes || v_table.triggers || v_table.grants loop
            execute v_statement;
        end loop;
        execute format('alter table reimbursement.%I enable row level security', v_table.name);
        for v_name in
            select distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end
            from pg_catalog.pg_class as c
            cross join lateral pg_catalog.aclexplode(c.relacl) as a
            where c.oid = v_old and a.grantee <> c.relowner
        loop
            execute format('revoke all on %s from %s cascade', v_old, v_name);
        end loop;
    end loop;
    execute format('alter table reimbursement.jobs alter column job_id
        add generated by default as identity (start with %s)', v_next);
    insert into reimbursement.job_partitions (partition_number, last_job_id) values (1, v_last);
end
$$;

-- Partitions in which nothing waits or runs are not looked into by claims, unless a job of theirs is taken up again.
alter table reimbursement.claim_bounds add column jobs_from bigint;
comment on column reimbursement.claim_bounds.jobs_from is
'In whose partition, and after it, all lies that waits or runs, of whatever queue: as a claim has found that looked from the very beginning; or a job that lies before. Null: as it was; where no such claim says so, from the first.';
drop trigger jobs_are_found on reimbursement.jobs;
create trigger jobs_are_found after update on reimbursement.jobs
for each row when (
    reimbursement.is_out_of_sight(
        old.queue, old.priority, new.queue, new.priority, new.state, new.run_at, new.claimed_at
    )
    or old.state in ('failed', 'awaiting_approval') and new.state in ('scheduled', 'ready')
) execute function reimbursement.note_job();
