-- Creates the work tables of a run's bank files, or empties them when the transaction has them already.
--
-- They are this session's and are gone when the transaction ends. Every step reads its rows from them.
create or replace function reimbursement.create_transfer_tables() returns void
language plpgsql set search_path = reimbursement, pg_temp set client_min_messages = warning
as $$
begin
    -- What is written for each payment. batch: its block of the message, from 1..
    create temporary table if not exists transfers (
        bank_account text collate "C" not null,
        payment_number text collate "C" primary key,
        batch bigint not null,
        is_sepa boolean not null,
        execution_date date not null,
        end_to_end_id text not null,
        currency text not null,
        amount numeric not null,
        creditor_name text not null,
        creditor_iban text not null,
        creditor_bic text,
        street text,
        building text,
        postcode text,
        town text,
        country text,
        remittance text not null
    ) on commit drop;
    -- A message for each bank account that pays.
    create temporary table if not exists transfer_messages (
        bank_account text collate "C" primary key,
        message_id text not null,
        created_at timestamptz not null,
        debtor_name text not null,
        debtor_iban text not null,
        debtor_bic text,
        currency text not null,
        payments bigint not null,
        control_sum numeric not null
    ) on commit drop;
    truncate pg_temp.transfers, pg_temp.transfer_messages;
end
$$;

comment on function reimbursement.create_transfer_tables() is
'Creates the work tables of a run''s bank files, gone when the transaction ends.';
