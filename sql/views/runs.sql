-- Runs as a whole, each derived from its jobs, so that whoever looks at some of them does not read all.
create or replace view reimbursement.runs with (security_invoker = true) as
select
    r.run_id,
    r.kind,
    r.legal_entity_id,
    case
        when j.running > 0 or (j.ended > 0 and j.ended < j.jobs) then 'running'
        when j.ended < j.jobs and j.awaiting_approval > 0 then 'awaiting_approval'
        when j.ended < j.jobs and j.scheduled = j.jobs then 'scheduled'
        when j.ended < j.jobs then 'ready'
        when j.failed > 0 then 'failed'
        when j.cancelled > 0 then 'cancelled'
        else 'completed'
    end as state,
    r.requested_by,
    r.requested_at,
    case when j.ended = j.jobs then j.finished_at end as finished_at,
    j.jobs,
    j.jobs_completed,
    case when r.kind = 'reimbursement' then j.processed end as customers_reimbursed,
    case when r.kind = 'reimbursement' then j.skipped end as customers_skipped,
    j.accounting_amount,
    j.error,
    r.posting_date,
    r.description,
    r.choices,
    j.processed,
    j.skipped
from reimbursement.run_requests as r
cross join lateral (
    select
        count(*) as jobs,
        count(*) filter (where q.state = 'completed') as jobs_completed,
        count(*) filter (where q.state in ('completed', 'failed', 'cancelled')) as ended,
        count(*) filter (where q.state = 'running') as running,
        count(*) filter (where q.state = 'scheduled' and q.run_at > now()) as scheduled,
        count(*) filter (where q.state = 'awaiting_approval') as awaiting_approval,
        count(*) filter (where q.state = 'failed') as failed,
        count(*) filter (where q.state = 'cancelled') as cancelled,
        max(q.finished_at) as finished_at,
        coalesce(sum(q.processed), 0) as processed,
        coalesce(sum(q.skipped), 0) as skipped,
        coalesce(sum(q.accounting_amount), 0) as accounting_amount,
        (array_agg(q.last_error order by q.state = 'failed' desc, q.job_id)
            filter (where q.last_error is not null))[1] as error
    from reimbursement.jobs as q
    where q.legal_entity_id = r.legal_entity_id and q.run_id = r.run_id
) as j
where j.jobs > 0;

comment on view reimbursement.runs is
'A run as a whole: its state and its totals so far, derived from its jobs. processed: customers reimbursed, payments made, or documents reversed; accounting_amount: their total.';
