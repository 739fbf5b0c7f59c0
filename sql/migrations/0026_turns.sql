-- Turns among legal entities, limits, timeouts, and the workers that are there.

-- A claim looks at each list of waiting jobs for itself, so that a legal entity that has ten thousand of them keeps
-- nobody waiting.
drop index reimbursement.jobs_waiting;
create index jobs_waiting on reimbursement.jobs (queue, priority, legal_entity_id, run_at, job_id)
where state in ('scheduled', 'ready');

drop index reimbursement.jobs_suspect;
create index jobs_suspect on reimbursement.jobs (queue, state) where state in ('ready', 'running') and is_suspect;

create table reimbursement.waiting_lists (
    queue text collate "C" not null,
    priority integer not null,
    legal_entity_id text collate "C" not null,
    begun_at timestamptz not null default clock_timestamp(),
    primary key (queue, priority, legal_entity_id)
);
comment on table reimbursement.waiting_lists is
'The lists that claims look at, one for each queue, priority and legal entity that has jobs which wait, or had some within the hour.';
insert into reimbursement.waiting_lists (queue, priority, legal_entity_id)
select distinct j.queue, j.priority, j.legal_entity_id from reimbursement.jobs as j where j.state in ('scheduled', 'ready');

-- Where another session has held a snapshot for an hour, an index still has what an hour of jobs left in it. So now and
-- then a claim writes down how far back others need not look, and whoever puts a job before that says so by a row.
create table reimbursement.claim_bounds (
    claim_bound_id bigint generated always as identity primary key,
    queue text collate "C" not null,
    at timestamptz not null default clock_timestamp(),
    waiting_from timestamptz,
    running_from timestamptz,
    is_whole boolean not null default false,
    constraint claim_bounds_say_something check (waiting_from is not null or running_from is not null)
);
create index claim_bounds_by_time on reimbursement.claim_bounds (at, queue);
comment on table reimbursement.claim_bounds is
'Before which time nothing of a queue waits, and nothing of any queue runs: as a claim has found, which knows both, or for one job. Rows are only added, and forgotten after a minute.';
comment on column reimbursement.claim_bounds.is_whole is 'Whether that claim looked from the very beginning, as one does every ten seconds.';

create table reimbursement.claim_turns (
    queue text collate "C" not null,
    turn bigint generated always as identity,
    legal_entity_id text collate "C" not null,
    primary key (queue, turn)
);
comment on table reimbursement.claim_turns is
'Which legal entity of several had the latest turn in a queue: the next comes after it. Rows are only added, and forgotten after some thousand.';

-- What was cancelled just now is looked at once more by whoever looks for lost jobs.
create index cancel_requests_by_time on reimbursement.cancel_requests (requested_at);

create table reimbursement.job_limits (
    queue text collate "C" not null constraint job_limits_queue_is_a_name check (queue ~ '^[A-Za-z0-9_.-]{1,40}$'),
    legal_entity_id text collate "C" not null references reimbursement.legal_entities,
    running integer constraint job_limits_running_is_not_negative check (running >= 0),
    waiting integer constraint job_limits_waiting_is_not_negative check (waiting >= 0),
    primary key (queue, legal_entity_id),
    constraint job_limits_limit_something check (running is not null or waiting is not null)
);
comment on table reimbursement.job_limits is
'How many jobs of a legal entity may run at the same time in a queue, and how many may wait there. Written by operators.';
comment on column reimbursement.job_limits.running is 'At most so many run; 0: none. Null: as many as there are slots.';
comment on column reimbursement.job_limits.waiting is
'Nothing more is enqueued while so many have not ended. Null: no limit.';

alter table reimbursement.jobs add column begun_at timestamptz;
comment on column reimbursement.jobs.begun_at is
'When its worker had the transfer begin, which the row''s lock shows from then on; null while it is only claimed, or where the worker does not say.';
alter table reimbursement.jobs add column missing_since timestamptz;
comment on column reimbursement.jobs.missing_since is
'When its transfer was first found to be gone: its worker has a moment to say itself what became of it.';
alter table reimbursement.jobs add column timeout interval
constraint jobs_timeout_is_some_time check (timeout > interval '0');
comment on column reimbursement.jobs.timeout is
'How long an attempt may take, waiting included; then it has failed. Null: as long as it takes.';

create table reimbursement.connected_workers (
    worker text primary key,
    queue text collate "C" not null,
    slots integer not null check (slots >= 1),
    seen_every interval not null,
    version text not null,
    started_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
comment on table reimbursement.connected_workers is 'The workers that say that they are there. Read the view workers.';
comment on column reimbursement.connected_workers.seen_every is 'How often it says so.';

create trigger jobs_wait_in_a_list after insert on reimbursement.jobs
referencing new table as new_jobs
for each statement execute function reimbursement.note_new_jobs();
create trigger jobs_are_found after update on reimbursement.jobs
for each row when (reimbursement.is_out_of_sight(
    old.queue, old.priority, new.queue, new.priority, new.state, new.run_at, new.claimed_at
)) execute function reimbursement.note_job();
create constraint trigger run_requests_are_found after insert on reimbursement.run_requests
deferrable initially deferred for each row execute function reimbursement.note_late_run();
