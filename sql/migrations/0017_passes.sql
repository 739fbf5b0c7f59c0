-- Many small jobs of one legal entity are carried out by one pass over the work tables, in one transaction.

-- What a pass did for one of its jobs. The amount is in accounting currency.
create type reimbursement.job_outcome as (
    legal_entity_id text collate "C",
    job_id bigint,
    processed integer,
    skipped integer,
    accounting_amount numeric
);
comment on type reimbursement.job_outcome is 'What a pass did for one of its jobs.';

alter table reimbursement.run_kinds add column is_shared boolean not null default false;
comment on column reimbursement.run_kinds.is_shared is
'Whether one pass carries out many small jobs: transfer is then called as (legal_entity_id, job_ids) and returns a job_outcome for each that it carried out.';
comment on column reimbursement.run_kinds.transfer is
'The function of this schema that carries out a job of the kind: called as (legal_entity_id, run_id, job_id), it returns a job_result; where is_shared, as that column says.';
update reimbursement.run_kinds set is_shared = true where kind = 'reimbursement';

alter table reimbursement.jobs add column is_small boolean not null default false;
comment on column reimbursement.jobs.is_small is
'Whether it names a hundred accounts at most, each by itself: such jobs may be carried out together.';
alter table reimbursement.jobs add column shares_pass boolean not null default false;
comment on column reimbursement.jobs.shares_pass is
'Whether its latest attempt was claimed together with others. If that is lost, it is tried again by itself and no loss is counted.';

-- A job is found by its key or by its run, never by its legal entity alone.
drop index reimbursement.jobs_by_run;
create index jobs_by_run on reimbursement.jobs (run_id, legal_entity_id);
