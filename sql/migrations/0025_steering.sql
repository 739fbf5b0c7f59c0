-- Steering: runs that are cancelled, queues that pause.

-- A running job has its row locked until it ends, so that a wish to cancel it is a row of its own, which is only ever
-- inserted.
create table reimbursement.cancel_requests (
    legal_entity_id text collate "C" not null,
    run_id bigint not null,
    reason text,
    requested_by text not null,
    requested_at timestamptz not null default clock_timestamp(),
    primary key (legal_entity_id, run_id),
    foreign key (legal_entity_id, run_id) references reimbursement.run_requests
);
comment on table reimbursement.cancel_requests is
'Runs that are to be cancelled, or were: cancel_run() writes it. Rows are only ever added.';
create trigger cancel_requests_keep before update or delete or truncate on reimbursement.cancel_requests
for each statement execute function reimbursement.keep_posted_rows();

create table reimbursement.paused_queues (
    queue text collate "C" primary key,
    reason text,
    paused_by text not null,
    paused_at timestamptz not null default now()
);
comment on table reimbursement.paused_queues is
'Queues of which nothing is claimed until they are resumed: pause_queue() and resume_queue() write it.';

-- What ended within an hour is found without reading all that ever did: rows end about as they come, so that a summary
-- for each range of pages is enough, and a job that ends pays nothing for it.
create index jobs_finished on reimbursement.jobs using brin (finished_at)
with (pages_per_range = 16, autosummarize = on);

-- A run is found by its number, whatever its legal entity, and the latest without reading all.
create index run_requests_by_number on reimbursement.run_requests (run_id);

-- A first loss is nearly always the worker's or its host's. What may have been the job's own fault is run alone.
alter table reimbursement.jobs add column is_suspect boolean not null default false;
update reimbursement.jobs set is_suspect = true where lost_attempts > 0 and state in ('ready', 'running');
comment on column reimbursement.jobs.is_suspect is
'Whether it runs alone, as it was lost twice, or lost as the server crashed: see claim_passes.';
comment on column reimbursement.jobs.lost_attempts is
'Attempts whose worker or backend died since the last retry_run; at most five.';
drop index reimbursement.jobs_lost;
create index jobs_suspect on reimbursement.jobs (queue) where state = 'ready' and is_suspect;
