-- Writes the bank files of a payment run whose payments are all posted: every format, for every bank account that pays.
--
-- It is called once, in the transaction of the run's last job, so that a run has all of its payments in its files or is
-- not done. A run without payments by transfer has no file.
-- p_bank_account and p_file_version: given, the files of this bank account are written anew, under a new number.
-- Returns: the number of the message, where one bank account is given.
-- Writes: payment_files, payment_file_changes. Raises: RB027 what a bank file cannot carry, RB031 when the session has
-- tables named as the work tables.
create or replace function reimbursement.write_payment_files(
    p_legal_entity_id text, p_run_id bigint, p_bank_account text default null, p_file_version int default 1
) returns text
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_written_at constant timestamptz := date_trunc('second', clock_timestamp());
    v_message_id text;
begin
    perform reimbursement.open_work_tables('transfers', 'transfer_messages');
    perform reimbursement.fill_transfers(p_legal_entity_id, p_run_id, p_bank_account, v_written_at);
    perform reimbursement.fill_transfer_messages(p_legal_entity_id, p_run_id, p_file_version, v_written_at);
    perform reimbursement.check_transfer_messages(p_legal_entity_id);
    if p_file_version = 1 then
        perform reimbursement.record_transfer_changes(p_legal_entity_id, p_run_id);
    end if;

    insert into reimbursement.payment_files (
        legal_entity_id, run_id, format, bank_account, message_id, payments, control_sum, content, sha256, created_at,
        file_version
    )
    select
        p_legal_entity_id, p_run_id, f.format, m.bank_account, m.message_id, m.payments, m.control_sum, c.content,
        encode(sha256(convert_to(c.content, 'UTF8')), 'hex'), m.created_at, p_file_version
    from pg_temp.transfer_messages as m
    cross join unnest(reimbursement.payment_file_formats()) as f (format)
    cross join lateral (
        select case f.format
            when 'csv' then reimbursement.credit_transfer_csv(m.bank_account)
            else reimbursement.credit_transfer_message(p_legal_entity_id, f.format, m.bank_account)
        end as content
        offset 0
    ) as c;
    if p_bank_account is not null then
        select m.message_id into v_message_id from pg_temp.transfer_messages as m;
    end if;
    perform reimbursement.close_work_tables('transfers', 'transfer_messages');
    return v_message_id;
end
$$;

comment on function reimbursement.write_payment_files(text, bigint, text, int) is
'Writes the bank files of a payment run: every format, for every bank account that pays.';
