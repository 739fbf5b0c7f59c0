-- A bank file of a payment run, exactly as it was written when the run was done: payment_file(57).
--
-- format: pain.001.001.09, pain.001.001.03 or csv. bank_account: which one's, where the run paid from several.
-- Warns when payments in the file have been reversed since; the file stays as it is.
-- It is for reading: what goes to the bank is taken with release_payment_file. A file that was written anew is the new
-- one. Reads: as find_payment_file and reversed_in_file.
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
    v_file reimbursement.payment_files;
    v_reversed text[];
begin
    perform reimbursement.require_duty(
        (select r.legal_entity_id from reimbursement.run_requests as r where r.run_id = payment_file.run_id), 'auditor');
    perform reimbursement.require_arguments(
        jsonb_build_object('run_id', payment_file.run_id, 'format', payment_file.format));
    v_file := reimbursement.find_payment_file(payment_file.run_id, payment_file.format, payment_file.bank_account);
    v_reversed := reimbursement.reversed_in_file(v_file);
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
