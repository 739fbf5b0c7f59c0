-- Queues: what waits, what runs, and what has ended within an hour.
create or replace view reimbursement.queues with (security_invoker = true) as
select
    coalesce(q.queue, p.queue) as queue,
    p.queue is not null as is_paused,
    p.paused_by,
    p.reason as pause_reason,
    coalesce(q.scheduled, 0) as scheduled,
    coalesce(q.ready, 0) as ready,
    coalesce(q.waiting_retry, 0) as waiting_retry,
    coalesce(q.running, 0) as running,
    q.oldest_ready_at,
    coalesce(q.completed_last_hour, 0) as completed_last_hour,
    coalesce(q.failed_last_hour, 0) as failed_last_hour
from (
    select
        j.queue,
        count(*) filter (where j.state = 'scheduled' and j.run_at > now()) as scheduled,
        count(*) filter (where j.state in ('scheduled', 'ready') and j.run_at <= now()) as ready,
        count(*) filter (where j.state = 'ready' and j.run_at > now()) as waiting_retry,
        count(*) filter (where j.state = 'running') as running,
        min(j.run_at) filter (where j.state in ('scheduled', 'ready') and j.run_at <= now()) as oldest_ready_at,
        count(*) filter (where j.state = 'completed') as completed_last_hour,
        count(*) filter (where j.state = 'failed') as failed_last_hour
    from (
        select w.queue, w.state, w.run_at from reimbursement.jobs as w where w.state in ('scheduled', 'ready')
        union all
        select r.queue, r.state, r.run_at from reimbursement.jobs as r where r.state = 'running'
        union all
        select e.queue, e.state, e.run_at from reimbursement.jobs as e
        where e.finished_at > now() - interval '1 hour' and e.state in ('completed', 'failed')
    ) as j
    group by j.queue
) as q
full join reimbursement.paused_queues as p on p.queue = q.queue;

comment on view reimbursement.queues is
'Queues that have jobs which wait, run or ended within an hour, and those that are paused. waiting_retry: ready for another attempt, later.';
