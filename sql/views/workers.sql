-- The workers that are there: that have said so within three of their turns and ten seconds.
create or replace view reimbursement.workers with (security_invoker = true) as
select
    w.worker,
    w.queue,
    w.slots,
    coalesce(r.running, 0) as running,
    w.started_at,
    w.seen_at,
    w.version
from reimbursement.connected_workers as w
left join (
    select j.worker, count(*) as running from reimbursement.jobs as j where j.state = 'running' group by j.worker
) as r on r.worker = w.worker
where w.seen_at > now() - (3 * w.seen_every + interval '10 seconds');

comment on view reimbursement.workers is
'The workers that are connected: on which queue, with how many slots, and how many jobs they have claimed that its reader may see.';
