-- Recurring runs, each with its slots.
create or replace view reimbursement.schedules with (security_invoker = true) as
select
    s.legal_entity_id,
    s.schedule,
    s.kind,
    s.cron,
    s.choices,
    s.on_missed,
    s.is_enabled,
    s.last_slot,
    s.last_run_id,
    case when s.is_enabled then s.next_slot end as next_slot,
    s.last_error,
    coalesce(r.rolname::text, s.scheduled_by::oid::text) as scheduled_by,
    s.scheduled_at
from reimbursement.run_schedules as s
left join pg_catalog.pg_roles as r on r.oid = s.scheduled_by;

comment on view reimbursement.schedules is
'Recurring runs: when they come true, their latest slot with its run or why it has none, and their next slot.';
