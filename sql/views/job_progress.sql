-- How far the running jobs are, seen from outside of their transactions.
create or replace view reimbursement.job_progress with (security_invoker = true) as
select
    j.legal_entity_id,
    j.run_id,
    j.job_id,
    j.attempt,
    p.step,
    p.steps,
    k.steps[p.step] as step_name,
    j.claimed_at as since,
    j.worker
from (
    select
        s.parts[1]::bigint as job_id,
        max(s.parts[2]::integer) as step,
        s.parts[3]::integer as steps
    from (
        select regexp_match(a.application_name, '^reimburse (\d{1,18}) (\d{1,4})/(\d{1,4})$') as parts
        from pg_stat_activity as a
        where a.datname = current_database() and a.application_name like 'reimburse %'
            and reimbursement.may_work(a.usesysid)
    ) as s
    where s.parts is not null
    group by s.parts[1], s.parts[3]
) as p
inner join reimbursement.jobs as j on j.job_id = p.job_id and j.state = 'running'
inner join reimbursement.run_kinds as k
    on k.kind = j.kind and cardinality(k.steps) = p.steps and p.step between 1 and p.steps;

comment on view reimbursement.job_progress is
'The step that each running job has reached, before it commits; since: when its attempt was claimed.';
