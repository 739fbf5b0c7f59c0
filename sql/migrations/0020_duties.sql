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
