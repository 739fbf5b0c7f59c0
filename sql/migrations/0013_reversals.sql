-- Reversals: what was posted taken back by posting the opposite.

create table reimbursement.reversals (
    legal_entity_id text collate "C" not null,
    voucher text collate "C" not null,
    run_id bigint not null,
    job_id bigint not null,
    reversed_type text not null
        constraint reversals_type_is_known check (reversed_type in ('reimbursement', 'netting', 'payment')),
    reversed_voucher text collate "C" not null,
    posting_date date not null,
    reason text not null check (reason <> ''),
    in_bank_file boolean,
    primary key (legal_entity_id, voucher),
    constraint reversals_once_per_voucher unique (legal_entity_id, reversed_voucher)
);
create index reversals_by_run on reimbursement.reversals (legal_entity_id, run_id);
comment on table reimbursement.reversals is
'One row a voucher that was reversed: a reimbursement''s, a payment''s, or a netting''s, and the voucher with the opposite entries.';
comment on column reimbursement.reversals.in_bank_file is
'Whether the payment was in a bank file when it was reversed; otherwise no file has it. Null for what is no payment.';

create table reimbursement.reimbursement_skips (
    legal_entity_id text collate "C" not null,
    run_id bigint not null,
    reimbursement_number text collate "C" not null,
    job_id bigint not null,
    customer_account text collate "C" not null,
    skip_reason text not null
        constraint reimbursement_skips_reason_is_known check (skip_reason in ('paid', 'already_reversed')),
    primary key (legal_entity_id, run_id, reimbursement_number)
);
comment on table reimbursement.reimbursement_skips is
'Reimbursements that the reversal of a run left alone, and why. Read the view skipped_reimbursements.';

-- A credit can be reimbursed and reopened on one day, each time by another run.
alter table reimbursement.customer_transactions add column last_run_id bigint;
comment on column reimbursement.customer_transactions.last_run_id is
'The run of its latest settlement or reopening; null where that was outside of runs.';

-- A run's reimbursements, a batch of customers at a time.
drop index reimbursement.reimbursements_by_run;
create index reimbursements_by_run on reimbursement.reimbursements (legal_entity_id, run_id, customer_account);

-- What a run settled, and what it wrote under one voucher.
create index settlements_by_run on reimbursement.settlements (legal_entity_id, run_id) where run_id is not null;
drop index reimbursement.customer_transactions_by_run;
create index customer_transactions_by_run on reimbursement.customer_transactions (legal_entity_id, run_id, voucher)
where run_id is not null;

-- A row of the preview: a reimbursement that would be reversed, or left alone.
create type reimbursement.reversal_preview as (
    reimbursement_number text,
    customer_account text,
    invoice_number text,
    currency text,
    amount numeric,
    accounting_amount numeric,
    skip_reason text
);
comment on type reimbursement.reversal_preview is
'A reimbursement that a reversal would take back, or leave alone, and why.';

-- A row of trace(): one step of what became of a credit.
create type reimbursement.trace_step as (
    step text,
    reference text,
    voucher text,
    date date,
    currency text,
    amount numeric
);
comment on type reimbursement.trace_step is 'One step of what became of a credit, with its voucher; debits are positive.';

-- Legal entities that are there already get what set_up_legal_entity gives a new one.
insert into reimbursement.number_sequences (legal_entity_id, sequence, format)
select e.legal_entity_id, 'reversal', 'REV-########' from reimbursement.legal_entities as e
on conflict do nothing;

insert into reimbursement.run_kinds (kind, transfer, steps) values
(
    'reimbursement_reversal', 'reverse_reimbursements',
    array['lock customers', 'select reimbursements', 'take numbers', 'undo settlements', 'close transactions', 'post ledger']
),
(
    'payment_reversal', 'reverse_payments',
    array['select payments', 'take numbers', 'undo settlements', 'close transactions', 'post ledger']
);

-- For trace(): which runs settled a customer's debits without reimbursing him, what was settled outside of runs, and
-- what a voucher settled.
create index customer_skips_by_customer on reimbursement.customer_skips (legal_entity_id, customer_account);
create index settlements_outside_of_runs on reimbursement.settlements (legal_entity_id, settlement_id)
where run_id is null;
create index settlements_by_voucher on reimbursement.settlements (legal_entity_id, voucher) where voucher is not null;
