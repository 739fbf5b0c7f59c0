-- The roles of docker-compose.yml: run once, when the database is new, by 10-roles.sh; harmless when run again.
--
-- psql sets the variables migrate_password, worker_password, clerk_password and approver_password.

select 'create role reimburse_owner nologin' as statement
where not exists (select from pg_roles as p where p.rolname = 'reimburse_owner')
union all
select format('create role %I login', r.name)
from unnest('{reimburse_migrate, reimburse_worker, clerk, approver}'::text []) as r (name)
where not exists (select from pg_roles as p where p.rolname = r.name)
\gexec

-- Owns the database and the schema, and what functions do they do as it: nobody can log in as it.
select format('alter database %I owner to reimburse_owner', current_database())
\gexec
-- So that the view blocked_jobs can say since when a session has been holding a job up.
grant pg_read_all_stats to reimburse_owner;
-- reimburse_migrate installs and updates the schema, gives duties, closes periods: whoever has it may do everything.
grant reimburse_owner to reimburse_migrate;
-- reimburse_worker carries jobs out, and can do nothing else. Two people, as examples: the clerk asks for runs, the
-- approver looks at them.
select format('alter role %I password %L', r.name, r.password) as statement
from (
    values
    ('reimburse_migrate', :'migrate_password'), ('reimburse_worker', :'worker_password'),
    ('clerk', :'clerk_password'), ('approver', :'approver_password')
) as r (name, password)
\gexec
