-- Duties: what a role may do in a legal entity, or in all of them.

create table reimbursement.duty_grants (
    legal_entity_id text collate "C",
    duty text collate "C" not null
        constraint duty_grants_duty_is_known check (duty in (
            'clerk', 'payer', 'approver', 'bank', 'master', 'auditor', 'operator', 'worker'
        )),
    role_id regrole not null,
    granted_by name not null default reimbursement.acting_role(),
    granted_at timestamptz not null default now(),
    constraint duty_grants_are_given_once unique nulls not distinct (legal_entity_id, duty, role_id),
    constraint duty_grants_operators_and_workers_serve_all
        check (duty not in ('operator', 'worker') or legal_entity_id is null)
);
alter table reimbursement.duty_grants add foreign key (legal_entity_id) references reimbursement.legal_entities;
comment on table reimbursement.duty_grants is
'The duties of roles, by grant_duty() and revoke_duty(). Read the view duties.';
comment on column reimbursement.duty_grants.legal_entity_id is 'Where; null: in all legal entities, those to come too.';
comment on column reimbursement.duty_grants.role_id is
'The role itself, whatever it is called: a new role of the name of a dropped one has none of its duties.';
comment on column reimbursement.duty_grants.granted_by is 'Who gave it (acting_role).';

-- A run is asked for by whoever acts, as approvals and logs have it.
alter table reimbursement.run_requests alter column requested_by set default reimbursement.acting_role();

-- Who may ask for a run of a kind, and steer it.
alter table reimbursement.run_kinds add column duty text collate "C";
comment on column reimbursement.run_kinds.duty is 'The duty that enqueues, retries and cancels runs of the kind: clerk or payer.';
update reimbursement.run_kinds
set duty = case when kind in ('vendor_payment', 'payment_reversal') then 'payer' else 'clerk' end;
alter table reimbursement.run_kinds add constraint run_kinds_have_a_duty
check ((duty in ('clerk', 'payer')) is true);

-- What the claim of a job that was lost locks, and nobody else can: see claim_passes.
create table reimbursement.queue_gates (
    is_gate boolean primary key check (is_gate)
);
comment on table reimbursement.queue_gates is
'Its one row is locked by a claim of a job that was lost, for as long as the claim takes: see claim_passes.';
insert into reimbursement.queue_gates (is_gate) values (true);

-- A job that is running was claimed at some time, or it would keep the claims waiting.
update reimbursement.jobs set claimed_at = now() where claimed_at in ('infinity', '-infinity');
alter table reimbursement.jobs add constraint jobs_claimed_at_some_time
check (claimed_at is null or isfinite(claimed_at));
