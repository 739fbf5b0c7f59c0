-- The jobs that wait for a lock, and who has it: a row for each job and session that it waits for.
--
-- Shows what whoever acts may see: the jobs of legal entities whose books he reads, all of them with the duty operator
-- or worker. blocker_since, the beginning of the blocker's transaction, is known where the schema's owner is a member
-- of pg_read_all_stats or of the blocker's role. Reads: pg_locks, pg_stat_activity, jobs, and as has_duty.
create or replace function reimbursement.find_blocked_jobs() returns table (
    legal_entity_id text, job_id bigint, run_id bigint, waiting_for text, waiting_since timestamptz, blocker_pid int,
    blocker_user name, blocker_application text, blocker_since timestamptz, worker text
)
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
begin
    if not exists (select from reimbursement.legal_entities_with_books())
        and not reimbursement.has_duty(null, 'operator', 'worker')
    then
        return;
    end if;
    return query
    with waiting as materialized (
        select
            a.pid, (regexp_match(a.application_name, '^reimburse ([0-9]{1,18}) [0-9]{1,4}/[0-9]{1,4}$'))[1]::bigint as job_id,
            l.waitstart,
            coalesce(l.relation, (
                select t.relation from pg_catalog.pg_locks as t
                where t.pid = l.pid and t.locktype = 'tuple' and t.granted
                limit 1
            )) as relation,
            l.locktype
        from pg_catalog.pg_stat_activity as a
        inner join pg_catalog.pg_locks as l on l.pid = a.pid and not l.granted
        where a.datname = current_database() and a.application_name like 'reimburse %' and reimbursement.may_work(a.usesysid)
    )
    select
        j.legal_entity_id, j.job_id, j.run_id,
        coalesce((select c.relname::text from pg_catalog.pg_class as c where c.oid = w.relation), w.locktype),
        w.waitstart, b.pid, s.usename, s.application_name, s.xact_start, j.worker
    from waiting as w
    inner join reimbursement.jobs as j on j.job_id = w.job_id and j.state = 'running'
    cross join lateral unnest(pg_blocking_pids(w.pid)) as b (pid)
    left join pg_catalog.pg_stat_activity as s on s.pid = b.pid
    where reimbursement.has_duty(j.legal_entity_id, variadic reimbursement.reading_duties() || '{operator, worker}'::text []);
end
$$;

comment on function reimbursement.find_blocked_jobs() is
'The jobs that wait for a lock, and who has it. Read the view blocked_jobs.';
