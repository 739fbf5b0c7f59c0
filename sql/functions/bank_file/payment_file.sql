-- A bank file of a payment run, exactly as it was written when the run was done: payment_file(57).
--
-- format: pain.001.001.09, pain.001.001.03 or csv. bank_account: which one's, where the run paid from several.
-- Warns when payments in the file have been reversed since; the file stays as it is.
-- Reads: payment_files, payments, reversals.
-- Raises: RB006 NULL was given for run_id or format, RB028 there is no such file, and why; 42501 the duty auditor is
-- missing.
create or replace function reimbursement.payment_file(
    run_id bigint, format text default 'pain.001.001.09', bank_account text default null
) returns text
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_file record;
    v_bank_accounts text[];
    v_reversed text[];
begin
    perform reimbursement.require_duty(
        (select r.legal_entity_id from reimbursement.run_requests as r where r.run_id = payment_file.run_id), 'auditor');
    perform reimbursement.require_arguments(
        jsonb_build_object('run_id', payment_file.run_id, 'format', payment_file.format));
    if payment_file.format <> all (reimbursement.payment_file_formats()) then
        raise exception using errcode = 'RB028',
            message = format('"%s" is no format of bank files', payment_file.format),
            hint = format('Give one of: %s.', array_to_string(reimbursement.payment_file_formats(), ', '));
    end if;

    select array_agg(f.bank_account::text order by f.bank_account) into v_bank_accounts
    from reimbursement.payment_files as f
    where f.run_id = payment_file.run_id and f.format = payment_file.format;
    if v_bank_accounts is null then
        perform reimbursement.raise_no_payment_file(payment_file.run_id);
    end if;
    if payment_file.bank_account is null and cardinality(v_bank_accounts) > 1
        or payment_file.bank_account <> all (v_bank_accounts)
    then
        raise exception using errcode = 'RB028',
            message = case
                when payment_file.bank_account is null
                    then format('run %s paid from several bank accounts, and each has a file', payment_file.run_id)
                else format('run %s made no transfer from bank account "%s"', payment_file.run_id,
                    payment_file.bank_account)
            end,
            hint = format('Give as bank_account: %s.', array_to_string(v_bank_accounts, ', '));
    end if;

    select f.legal_entity_id, f.bank_account, f.content into v_file
    from reimbursement.payment_files as f
    where f.run_id = payment_file.run_id and f.format = payment_file.format
        and (payment_file.bank_account is null or f.bank_account = payment_file.bank_account);
    select array_agg(p.payment_number::text order by p.payment_number) into v_reversed
    from reimbursement.payments as p
    inner join reimbursement.reversals as r
        on r.legal_entity_id = p.legal_entity_id and r.reversed_voucher = p.payment_number
    where p.legal_entity_id = v_file.legal_entity_id and p.run_id = payment_file.run_id
        and p.bank_account = v_file.bank_account and p.is_transfer and r.in_bank_file;
    if v_reversed is not null then
        raise warning using
            message = format('the file of run %s has payments that have been reversed since: %s%s', payment_file.run_id,
                array_to_string(v_reversed[:20], ', '),
                case when cardinality(v_reversed) > 20 then format(' and %s more', cardinality(v_reversed) - 20) end),
            hint = 'Take them out at the bank, or do not send the file: what the bank pays is not what the books say.';
    end if;
    return v_file.content;
end
$$;

comment on function reimbursement.payment_file(bigint, text, text) is
'A bank file of a payment run, exactly as it was written; warns when payments in it have been reversed since.';
