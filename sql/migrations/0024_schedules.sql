-- Recurring runs.

-- A cron expression: what each of its fields names. is_either_day: a day that matches month_days or week_days counts,
-- else one that matches both.
create type reimbursement.cron_times as (
    minutes integer [],
    hours integer [],
    month_days integer [],
    months integer [],
    week_days integer [],
    is_either_day boolean
);
comment on type reimbursement.cron_times is 'A cron expression: what each of its five fields names; Sunday is 0.';

alter table reimbursement.run_kinds add column enqueue_function text;
comment on column reimbursement.run_kinds.enqueue_function is
'The function of this schema that enqueues a run of the kind; null where such runs do not recur.';
update reimbursement.run_kinds set enqueue_function = 'enqueue_reimbursement' where kind = 'reimbursement';
update reimbursement.run_kinds set enqueue_function = 'enqueue_vendor_payment' where kind = 'vendor_payment';

create table reimbursement.run_schedules (
    legal_entity_id text collate "C" not null references reimbursement.legal_entities,
    schedule text collate "C" not null
        constraint run_schedules_name_is_a_word check (schedule ~ '^[A-Za-z0-9_.-]{1,40}$'),
    kind text not null references reimbursement.run_kinds,
    cron text not null,
    choices jsonb not null default '{}'
        constraint run_schedules_choices_have_names check (jsonb_typeof(choices) = 'object'),
    on_missed text not null default 'once'
        constraint run_schedules_on_missed_is_known check (on_missed in ('once', 'skip')),
    is_enabled boolean not null default true,
    scheduled_by regrole not null,
    scheduled_at timestamptz not null default now(),
    next_slot timestamptz,
    last_slot timestamptz,
    last_run_id bigint,
    last_error text,
    firing xid8,
    primary key (legal_entity_id, schedule)
);
create index run_schedules_due on reimbursement.run_schedules (next_slot) where is_enabled;
comment on table reimbursement.run_schedules is 'Recurring runs. Read the view schedules; schedule_run() writes it.';
comment on column reimbursement.run_schedules.cron is 'When, by the clock of the legal entity''s time zone: five fields, as cron has them.';
comment on column reimbursement.run_schedules.choices is 'Arguments of the enqueue function of the kind, by name.';
comment on column reimbursement.run_schedules.on_missed is
'What becomes of slots that nobody enqueued within ten minutes: the latest one is made up for (once), or none (skip).';
comment on column reimbursement.run_schedules.next_slot is 'When it comes true next; null: never again.';
comment on column reimbursement.run_schedules.scheduled_by is
'In whose name its runs are asked for: the role itself, whatever it is called. Without the duty its runs are not enqueued.';
comment on column reimbursement.run_schedules.firing is
'The transaction that is enqueueing its slot, for as long as it does.';
comment on column reimbursement.run_schedules.last_error is 'Why its latest slot could not be enqueued; null where it could.';
