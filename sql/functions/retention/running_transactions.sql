-- The transactions of this database that are under way, this one apart, to find out later whether any still is.
--
-- By their virtual ids, which everybody may see, and which those have too that only read; what was prepared for a
-- commit in two steps by its own. The server's own, such as autovacuum, read no runs and write no jobs. Reads:
-- pg_locks, pg_stat_activity, pg_prepared_xacts.
create or replace function reimbursement.running_transactions() returns text []
language sql volatile set search_path = reimbursement, pg_temp
as $$
    select coalesce(array_agg(t.id), '{}')
    from (
        select l.virtualtransaction as id
        from pg_catalog.pg_locks as l
        inner join pg_catalog.pg_stat_activity as a on a.pid = l.pid and a.datname = current_database()
        where l.locktype = 'virtualxid' and l.granted and l.pid <> pg_backend_pid() and a.usesysid is not null
        union all
        select 'prepared ' || x.transaction::text
        from pg_catalog.pg_prepared_xacts as x
        where x.database = current_database()
    ) as t
$$;

comment on function reimbursement.running_transactions() is
'The transactions of this database that are under way, this one apart.';
