-- Runs as a whole, each derived from its jobs, so that whoever looks at some of them does not read all. Where a run has
-- totals of a partition, they stand for its jobs there, whether these are dropped already or not.
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
        sum(p.jobs)::bigint as jobs,
        sum(p.completed)::bigint as jobs_completed,
        sum(p.completed + p.failed + p.cancelled) as ended,
        count(*) filter (where p.state = 'running') as running,
        count(*) filter (where p.state = 'scheduled' and p.run_at > now()) as scheduled,
        count(*) filter (where p.state = 'awaiting_approval') as awaiting_approval,
        sum(p.failed) as failed,
        sum(p.cancelled) as cancelled,
        max(p.finished_at) as finished_at,
        coalesce(sum(p.processed), 0)::bigint as processed,
        coalesce(sum(p.skipped), 0)::bigint as skipped,
        coalesce(sum(p.accounting_amount), 0) as accounting_amount,
        (array_agg(p.error order by p.failed > 0 desc, p.first_job_id) filter (where p.error is not null))[1] as error
    from (
        select
            1 as jobs, (q.state = 'completed')::int as completed, (q.state = 'failed')::int as failed,
            (q.state = 'cancelled')::int as cancelled, q.state, q.run_at, q.finished_at, q.processed, q.skipped,
            q.accounting_amount, q.last_error as error, q.job_id as first_job_id
        from reimbursement.jobs as q
        where q.legal_entity_id = r.legal_entity_id and q.run_id = r.run_id
            and not exists (
                select from reimbursement.run_totals as t
                where t.legal_entity_id = q.legal_entity_id and t.run_id = q.run_id
                    and q.job_id between t.first_job_id and t.last_job_id
            )
        union all
        select
            t.jobs, t.jobs_completed, t.jobs_failed, t.jobs_cancelled, null, null, t.finished_at, t.processed,
            t.skipped, t.accounting_amount, t.error, t.first_job_id
        from reimbursement.run_totals as t
        where t.legal_entity_id = r.legal_entity_id and t.run_id = r.run_id
    ) as p
) as j
where j.jobs > 0;

comment on view reimbursement.runs is
'A run as a whole: its state and its totals so far, derived from its jobs. processed: customers reimbursed, payments made, or documents reversed; accounting_amount: their total.';
