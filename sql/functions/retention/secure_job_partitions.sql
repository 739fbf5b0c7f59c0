-- Keeps the partitions of jobs and job_errors as their tables are: the owner's, closed to everybody who names one
-- directly, and with the guards that hold for a statement, which PostgreSQL does not pass on to partitions.
--
-- Whoever reads jobs reads them through the table, whose policies hold there; a partition has none, so that its rows
-- are nobody's. What is right is left alone. Returns nothing. Reads: the catalog.
create or replace function reimbursement.secure_job_partitions() returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_partition record;
    v_grantee text;
    v_guard record;
begin
    for v_partition in
        select
            c.oid, c.oid::regclass as name, c.relrowsecurity, c.relacl, c.relowner, p.oid as parent,
            n.nspowner
        from pg_catalog.pg_inherits as i
        inner join pg_catalog.pg_class as c on c.oid = i.inhrelid
        inner join pg_catalog.pg_class as p on p.oid = i.inhparent
        inner join pg_catalog.pg_namespace as n on n.oid = p.relnamespace
        where i.inhparent in ('reimbursement.jobs'::regclass, 'reimbursement.job_errors'::regclass)
    loop
        if v_partition.relowner <> v_partition.nspowner then
            execute format('alter table %s owner to %I', v_partition.name, pg_get_userbyid(v_partition.nspowner));
        end if;
        if not v_partition.relrowsecurity then
            execute format('alter table %s enable row level security', v_partition.name);
        end if;
        for v_grantee in
            select distinct case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end
            from pg_catalog.aclexplode(v_partition.relacl) as a
            where a.grantee not in (v_partition.relowner, v_partition.nspowner)
        loop
            execute format('revoke all on %s from %I cascade', v_partition.name, v_grantee);
        end loop;
        for v_guard in
            select
                t.tgname as name, cardinality(t.tgattr::int2 []) > 0 as is_of_columns,
                t.tgtype & 16 > 0 as is_of_updates
            from pg_catalog.pg_trigger as t
            where t.tgrelid = v_partition.parent and not t.tgisinternal
                and t.tgfoid = 'reimbursement.keep_posted_rows()'::regprocedure
                and not exists (
                    select from pg_catalog.pg_trigger as x where x.tgrelid = v_partition.oid and x.tgname = t.tgname
                )
        loop
            execute format(
                'create trigger %I before %s on %s
                for each statement execute function reimbursement.keep_posted_rows()',
                v_guard.name,
                case
                    when v_guard.is_of_columns
                        then 'update of legal_entity_id, job_id, run_id, kind, batch, batch_after, batch_through'
                    when v_guard.is_of_updates then 'update or delete or truncate'
                    else 'delete or truncate'
                end,
                v_partition.name);
        end loop;
    end loop;
end
$$;

comment on function reimbursement.secure_job_partitions() is
'Keeps the partitions of jobs and job_errors closed to everybody but the owner, and under the guards of their tables.';
