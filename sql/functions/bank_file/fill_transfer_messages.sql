-- Fills the work table of a run's messages to banks: one for each bank account that pays by transfer.
--
-- A message's number is the day, the run, and which of the run's bank accounts pays: 20260131-57-1. Written anew, it is
-- that with the file's version behind it: 20260131-57-1-2.
-- p_file_version: 1, or that of the files that are written anew, of the one bank account in the work table then.
-- p_written_at: when the files are written.
-- Reads: transfers, bank_accounts, legal_entities, payment_files. Writes: transfer_messages.
create or replace function reimbursement.fill_transfer_messages(
    p_legal_entity_id text, p_run_id bigint, p_file_version int, p_written_at timestamptz
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into pg_temp.transfer_messages
    select
        b.bank_account,
        case
            when p_file_version = 1 then format('%s-%s-%s', to_char(p_written_at at time zone 'UTC', 'YYYYMMDD'), p_run_id,
                row_number() over (order by b.bank_account))
            else (
                select format('%s-%s', min(f.message_id), p_file_version)
                from reimbursement.payment_files as f
                where f.legal_entity_id = p_legal_entity_id and f.run_id = p_run_id
                    and f.bank_account = b.bank_account and f.file_version = 1
            )
        end,
        p_written_at, reimbursement.transfer_text(le.name, 70), replace(b.iban, ' ', ''), b.bic, b.currency,
        t.payments, t.control_sum
    from (
        select q.bank_account, count(*) as payments, sum(q.amount) as control_sum
        from pg_temp.transfers as q
        group by q.bank_account
    ) as t
    cross join lateral (
        select x.bank_account, x.iban, x.bic, x.currency
        from reimbursement.bank_accounts as x
        where x.legal_entity_id = p_legal_entity_id and x.bank_account = t.bank_account
        limit 1
    ) as b
    inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id;
end
$$;

comment on function reimbursement.fill_transfer_messages(text, bigint, int, timestamptz) is
'Fills the work table of a run''s messages to banks: one for each bank account that pays by transfer.';
