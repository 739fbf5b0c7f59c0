-- The jobs that wait for a lock that another session has, and which session that is.
create or replace view reimbursement.blocked_jobs with (security_invoker = true) as
select
    b.legal_entity_id,
    b.job_id,
    b.run_id,
    b.waiting_for,
    b.waiting_since,
    b.blocker_pid,
    b.blocker_user,
    b.blocker_application,
    b.blocker_since,
    b.worker
from reimbursement.find_blocked_jobs() as b;

comment on view reimbursement.blocked_jobs is
'The running jobs that wait for a lock: on which table, since when, and which session has it, since when.';
