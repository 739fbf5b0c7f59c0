-- Takes a bank file to send it to the bank, and writes down who did and when: release_payment_file(57).
--
-- format: pain.001.001.09, pain.001.001.03 or csv. bank_account: which one's, where the run paid from several.
-- reason: why, needed where the file, or another format of the same message, was released before, because the bank may
-- pay both.
-- Returns: the stored bytes. Reads: payment_files, payments, reversals, approval_rules.
-- Writes: payment_file_takings. Locks: as lock_payment_file.
-- Raises: 42501 the duty bank is missing, or whoever asked for the run takes its file though the legal entity has rules
-- of approval for payments; RB006; RB028 there is no such file; RB030 the transaction is not READ COMMITTED; RB056 a
-- reason is missing; RB057 a payment in it was reversed. Then nothing is written down and nothing is released.
create or replace function reimbursement.release_payment_file(
    run_id bigint, format text default 'pain.001.001.09', bank_account text default null, reason text default null
) returns text
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_request reimbursement.run_requests;
    v_file reimbursement.payment_files;
    v_who constant name := reimbursement.acting_role();
    v_who_id constant oid := (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who);
    v_reversed text[];
    v_taken record;
begin
    perform reimbursement.require_duty(reimbursement.legal_entity_of_run(release_payment_file.run_id), 'bank');
    perform reimbursement.require_arguments(jsonb_build_object(
        'run_id', release_payment_file.run_id, 'format', release_payment_file.format));
    v_request := reimbursement.request_of_file(release_payment_file.run_id);
    if reimbursement.has_approval_rules(v_request.legal_entity_id, 'vendor_payment')
        and (v_request.requested_by = v_who or v_request.requested_by_id = v_who_id)
    then
        raise exception using errcode = 'insufficient_privilege',
            message = format('permission denied: run %s was asked for by "%s", who does not take its file to the bank',
                release_payment_file.run_id, v_request.requested_by),
            detail = format('Legal entity "%s" has rules of approval for payments.', v_request.legal_entity_id),
            hint = 'Another person with the duty bank has to.';
    end if;
    v_file := reimbursement.find_payment_file(
        release_payment_file.run_id, release_payment_file.format, release_payment_file.bank_account);
    perform reimbursement.lock_payment_file(v_file);
    v_file := reimbursement.find_payment_file(
        release_payment_file.run_id, release_payment_file.format, v_file.bank_account);

    v_reversed := reimbursement.reversed_in_file(v_file);
    if v_reversed is not null then
        raise exception using errcode = 'RB057',
            message = format('the file of run %s and bank account "%s" has payments that have been reversed: %s%s',
                v_file.run_id, v_file.bank_account, array_to_string(v_reversed[:20], ', '),
                case when cardinality(v_reversed) > 20 then format(' and %s more', cardinality(v_reversed) - 20) end),
            detail = 'The bank would pay them all the same.',
            hint = format('If it was never released, have it written anew with reimbursement.rewrite_payment_file(%s, %L, reason).', v_file.run_id, v_file.bank_account);
    end if;
    select max(t.taking) as takings, max(t.released_at) as released_at into v_taken
    from reimbursement.payment_file_takings as t
    where t.legal_entity_id = v_file.legal_entity_id and t.run_id = v_file.run_id
        and t.bank_account = v_file.bank_account;
    if v_taken.takings > 0 and coalesce(btrim(release_payment_file.reason), '') = '' then
        raise exception using errcode = 'RB056',
            message = format('the file of run %s and bank account "%s" was released before, at %s',
                v_file.run_id, v_file.bank_account, v_taken.released_at),
            detail = format('Message %s, in whatever format: a bank that gets it twice may pay twice.', v_file.message_id),
            hint = 'Say in reason why it is needed again. The view reimbursement.payment_file_releases has who took it.';
    end if;
    insert into reimbursement.payment_file_takings (
        legal_entity_id, run_id, bank_account, taking, file_version, format, released_by, released_by_id, reason
    )
    values (
        v_file.legal_entity_id, v_file.run_id, v_file.bank_account, coalesce(v_taken.takings, 0) + 1,
        v_file.file_version, v_file.format, v_who, v_who_id, nullif(btrim(release_payment_file.reason), '')
    );
    return v_file.content;
end
$$;

comment on function reimbursement.release_payment_file(bigint, text, text, text) is
'Takes a bank file to send it to the bank, and writes down who did and when. Returns the stored bytes.';
