-- Jobs that do not run, and why: what waits, and what runs but waits for a lock.
--
-- The reasons in the order in which they are looked for, and no_free_slot for what is about to be claimed. A job that
-- is due and for which a slot has been free for some seconds has its row locked by somebody.
create or replace view reimbursement.waiting_jobs with (security_invoker = true) as
with suspects as materialized (
    select s.queue, s.legal_entity_id
    from reimbursement.jobs as s
    where s.state = 'ready' and s.is_suspect and s.run_at <= now()
    union
    select s.queue, s.legal_entity_id from reimbursement.jobs as s where s.state = 'running' and s.is_suspect
),

running as materialized (
    select r.queue, r.legal_entity_id, count(*) as jobs
    from reimbursement.jobs as r
    where r.state = 'running'
    group by r.queue, r.legal_entity_id
),

slots as materialized (
    select w.queue, sum(w.slots) as slots
    from reimbursement.connected_workers as w
    where w.seen_at > now() - (3 * w.seen_every + interval '10 seconds')
    group by w.queue
),

busy as materialized (
    select r.queue, sum(r.jobs) as jobs from running as r group by r.queue
),

waiting as (
    select
        j.legal_entity_id, j.job_id, j.run_id, j.queue, j.state, j.run_at, s.legal_entity_id is not null as has_suspect
    from reimbursement.jobs as j
    left join suspects as s on s.queue = j.queue and s.legal_entity_id = j.legal_entity_id
    where j.state in ('scheduled', 'ready')
)

select
    w.legal_entity_id, w.job_id, w.run_id, w.queue, w.state, w.run_at,
    case
        when w.run_at > now() and w.state = 'scheduled' then 'scheduled'
        when w.run_at > now() then 'retry'
        when exists (select from reimbursement.paused_queues as p where p.queue = w.queue) then 'queue_paused'
        when s.slots is null then 'no_worker'
        when w.has_suspect then 'suspect_runs_alone'
        when l.running <= coalesce(r.jobs, 0) then 'entity_at_limit'
        when s.slots > coalesce(b.jobs, 0) and w.run_at < now() - interval '5 seconds' then 'locked'
        else 'no_free_slot'
    end as why
from waiting as w
left join slots as s on s.queue = w.queue
left join busy as b on b.queue = w.queue
left join reimbursement.job_limits as l on l.queue = w.queue and l.legal_entity_id = w.legal_entity_id
left join running as r on r.queue = w.queue and r.legal_entity_id = w.legal_entity_id
union all
select a.legal_entity_id, a.job_id, a.run_id, a.queue, a.state, a.run_at, 'awaiting_approval'
from reimbursement.jobs as a
where a.state = 'awaiting_approval'
union all
select distinct b.legal_entity_id, b.job_id, b.run_id, j.queue, j.state, j.run_at, 'locked'
from reimbursement.blocked_jobs as b
inner join reimbursement.jobs as j on j.legal_entity_id = b.legal_entity_id and j.job_id = b.job_id;

comment on view reimbursement.waiting_jobs is
'Jobs that do not run, and why: scheduled, awaiting_approval, retry, queue_paused, no_worker, suspect_runs_alone, entity_at_limit, no_free_slot, or locked (see blocked_jobs).';
