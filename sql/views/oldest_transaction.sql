-- The oldest transaction that is open in the database, and what it holds back: no row that has been dead since it began
-- can be cleaned away.
--
-- Whose it is and since when is shown to members of pg_read_all_stats, and to the role itself.
create or replace view reimbursement.oldest_transaction with (security_invoker = true) as
select
    a.pid,
    a.usename as username,
    a.application_name,
    a.state,
    a.xact_start as since,
    age(a.backend_xmin) as transactions_held_back,
    (
        select sum(t.n_dead_tup)::bigint
        from pg_catalog.pg_stat_user_tables as t
        where t.schemaname = 'reimbursement'
    ) as dead_rows
from pg_catalog.pg_stat_activity as a
where a.datname = current_database() and a.pid <> pg_backend_pid() and a.xact_start is not null
order by a.xact_start
limit 1;

comment on view reimbursement.oldest_transaction is
'The oldest transaction that is open in the database: whose, since when, how many transactions it holds back from being cleaned up after, and the dead rows in the schema.';
