-- The roles of docker-compose.yml: run once, when the database is new, by 10-roles.sh; harmless when run again.
--
-- psql sets the variables migrate_password, worker_password, clerk_password and approver_password.

select 'create role reimburse_owner nologin' as statement
where not exists (select from pg_roles where rolname = 'reimburse_owner')
union all
select format('create role %I login', r.name)
from unnest('{reimburse_migrate, reimburse_worker, clerk, approver}'::text []) as r (name)
where not exists (select from pg_roles where rolname = r.name)
\gexec

-- Owns the database and the schema, and what functions do they do as it: nobody can log in as it.
alter database :"DBNAME" owner to reimburse_owner;
-- So that the view blocked_jobs can say since when a session has been holding a job up.
grant pg_read_all_stats to reimburse_owner;
-- Installs and updates the schema, gives duties, closes periods: whoever has this role may do everything.
grant reimburse_owner to reimburse_migrate;
alter role reimburse_migrate password :'migrate_password';
-- Carries jobs out, and can do nothing else.
alter role reimburse_worker password :'worker_password';
-- Two people, as examples: one asks for runs, the other looks at them.
alter role clerk password :'clerk_password';
alter role approver password :'approver_password';
