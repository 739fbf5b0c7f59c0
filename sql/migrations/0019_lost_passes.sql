-- A job that was lost together with others is lost, and runs alone from then on, as any other that was lost.

-- Only fail_job read it.
-- squawk-ignore ban-drop-column
alter table reimbursement.jobs drop column shares_pass;
comment on column reimbursement.jobs.lost_attempts is
'Attempts whose worker or backend died since the last retry_run; at most five. After the first the job is a suspect: no two suspects run side by side, nor anything of its queue and legal entity beside it.';
