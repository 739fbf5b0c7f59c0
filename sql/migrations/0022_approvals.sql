-- Approval: which runs wait for how many persons, who approved what, and what exactly it was that they approved.

-- What a run would do with a customer, an invoice or a reimbursement, as it is approved and compared.
--   row_key      what it is, within the run
--   row_digest   of all that is approved: payee, bank details, currency, amount, credits
--   shown        the same for people, bank details masked
create type reimbursement.approval_row as (
    job_id bigint,
    row_key text collate "C",
    row_digest text collate "C",
    shown text,
    accounting_amount numeric
);
comment on type reimbursement.approval_row is
'What a run would do with a customer, an invoice or a reimbursement, as it is approved and compared.';

alter table reimbursement.run_kinds add column approved_rows text;
comment on column reimbursement.run_kinds.approved_rows is
'The function of this schema that says what jobs of the kind would do now: called as (legal_entity_id, run_id, job_ids), it returns approval_rows. Null: runs of the kind cannot be approved.';
update reimbursement.run_kinds as k
set approved_rows = f.approved_rows
from (
    values
    ('reimbursement', 'reimbursement_rows'), ('vendor_payment', 'payment_rows'),
    ('reimbursement_reversal', 'reversal_rows'), ('payment_reversal', 'payment_reversal_rows')
) as f (kind, approved_rows)
where k.kind = f.kind;

create table reimbursement.approval_rules (
    legal_entity_id text collate "C" not null,
    kind text collate "C" not null,
    from_amount numeric not null default 0
    constraint approval_rules_from_amount_is_an_amount check ((from_amount >= 0 and from_amount < 'Infinity') is true),
    approvals integer not null default 1
    constraint approval_rules_approvals_are_one_to_three check (approvals between 1 and 3),
    primary key (legal_entity_id, kind, from_amount)
);
alter table reimbursement.approval_rules add foreign key (legal_entity_id) references reimbursement.legal_entities;
alter table reimbursement.approval_rules add foreign key (kind) references reimbursement.run_kinds;
comment on table reimbursement.approval_rules is
'How many persons have to approve a run of a kind that comes to so much or more; without a rule, none. The owner''s to write.';
comment on column reimbursement.approval_rules.from_amount is
'In accounting currency. Of the rules that a run reaches, the one with the highest counts.';
comment on column reimbursement.approval_rules.approvals is 'One to three, each of another person than who asked for the run.';

alter table reimbursement.jobs add column approval_round integer
constraint jobs_approval_round_is_counted check (approval_round >= 0);
comment on column reimbursement.jobs.approval_round is
'How often approval was asked for it; null: it needed none, 0: it needs none whatever it comes to.';
create index jobs_awaiting_approval on reimbursement.jobs (legal_entity_id, run_id)
where state = 'awaiting_approval';

create table reimbursement.run_votes (
    legal_entity_id text collate "C" not null,
    run_id bigint not null,
    vote integer not null check (vote >= 1),
    approval_round integer not null,
    approver text not null,
    approver_id oid not null,
    decision text not null constraint run_votes_decision_is_known check (decision in ('approved', 'rejected')),
    digest text not null,
    accounting_amount numeric not null,
    note text,
    at timestamptz not null default clock_timestamp(),
    primary key (legal_entity_id, run_id, vote)
);
comment on table reimbursement.run_votes is 'Who approved or rejected which run, and what it was. Read the view run_approvals.';
comment on column reimbursement.run_votes.approver is 'Who acted (acting_role).';
comment on column reimbursement.run_votes.digest is 'Of what the run would have done at that moment (run_digest).';
comment on column reimbursement.run_votes.accounting_amount is 'What the run came to at that moment.';

create table reimbursement.approved_jobs (
    legal_entity_id text collate "C" not null,
    job_id bigint not null,
    approval_round integer not null,
    run_id bigint not null,
    digest text not null,
    run_accounting_amount numeric not null,
    primary key (legal_entity_id, job_id, approval_round)
);
comment on table reimbursement.approved_jobs is
'The digest of what a job was approved for, and what its run came to: the transfer does that or nothing.';

create table reimbursement.approved_rows (
    legal_entity_id text collate "C" not null,
    job_id bigint not null,
    approval_round integer not null,
    row_key text collate "C" not null,
    row_digest text not null,
    shown text not null,
    primary key (legal_entity_id, job_id, approval_round, row_key)
);
comment on table reimbursement.approved_rows is
'The rows of what a job was approved for, so that an error can name what has changed since.';

create trigger run_votes_keep before update or delete or truncate on reimbursement.run_votes
for each statement execute function reimbursement.keep_posted_rows();
create trigger approved_jobs_keep before update or delete or truncate on reimbursement.approved_jobs
for each statement execute function reimbursement.keep_posted_rows();
create trigger approved_rows_keep before update or delete or truncate on reimbursement.approved_rows
for each statement execute function reimbursement.keep_posted_rows();

-- A batch knows whether it is one that was approved.
alter type reimbursement.reimbursement_batch add attribute approval_round integer;

-- Who asked for a run is who acted, whatever an INSERT says; the role itself is kept too, as a name can be changed.
alter table reimbursement.run_requests add column requested_by_id oid;
comment on column reimbursement.run_requests.requested_by is 'Who acted (acting_role).';
comment on column reimbursement.run_requests.requested_by_id is
'The role itself, whatever it is called; null for runs that are older than this.';
create trigger run_requests_write_requester before insert on reimbursement.run_requests
for each row execute function reimbursement.write_requester();
