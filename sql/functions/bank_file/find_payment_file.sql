-- A bank file of a payment run; where it was written anew, the last one.
--
-- p_bank_account: null where the run paid from one alone.
-- Reads: payment_files. Raises: RB028 there is no such file, and why.
create or replace function reimbursement.find_payment_file(p_run_id bigint, p_format text, p_bank_account text)
returns reimbursement.payment_files
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_file reimbursement.payment_files;
    v_bank_accounts text[];
begin
    if p_format <> all (reimbursement.payment_file_formats()) then
        raise exception using errcode = 'RB028',
            message = format('"%s" is no format of bank files', p_format),
            hint = format('Give one of: %s.', array_to_string(reimbursement.payment_file_formats(), ', '));
    end if;

    select array_agg(distinct f.bank_account::text order by f.bank_account::text) into v_bank_accounts
    from reimbursement.payment_files as f
    where f.run_id = p_run_id and f.format = p_format;
    if v_bank_accounts is null then
        perform reimbursement.raise_no_payment_file(p_run_id);
    end if;
    if p_bank_account is null and cardinality(v_bank_accounts) > 1 or p_bank_account <> all (v_bank_accounts) then
        raise exception using errcode = 'RB028',
            message = case
                when p_bank_account is null
                    then format('run %s paid from several bank accounts, and each has a file', p_run_id)
                else format('run %s made no transfer from bank account "%s"', p_run_id, p_bank_account)
            end,
            hint = format('Give as bank_account: %s.', array_to_string(v_bank_accounts, ', '));
    end if;

    select f.* into v_file
    from reimbursement.payment_files as f
    where f.run_id = p_run_id and f.format = p_format
        and (p_bank_account is null or f.bank_account = p_bank_account)
    order by f.file_version desc
    limit 1;
    return v_file;
end
$$;

comment on function reimbursement.find_payment_file(bigint, text, text) is
'A bank file of a payment run; where it was written anew, the last one.';
