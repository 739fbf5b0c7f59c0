-- Writes the bank files of a run and bank account anew, as a new message under a new number, without the payments that
-- have been reversed: rewrite_payment_file(57, 'LON-USD', 'PAY-00000012 was reversed').
--
-- Only of files that were never released; the old ones are kept, and can never be released after that.
-- reason: why, kept with it. Returns: the number of the new message.
-- Reads: payments, reversals, bank_accounts. Writes: payment_files, payment_file_rewrites. Locks: as lock_payment_file.
-- Raises: 42501 the duty bank is missing; RB006; RB007 without a reason; RB027 what a bank file cannot carry; RB028
-- there is no such file; RB030; RB058 it was released, nothing in it was reversed, or all of it was.
create or replace function reimbursement.rewrite_payment_file(run_id bigint, bank_account text, reason text)
returns text
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_file reimbursement.payment_files;
    v_who constant name := reimbursement.acting_role();
    v_reversed text[];
    v_problem text;
    v_message_id text;
begin
    perform reimbursement.require_duty(reimbursement.legal_entity_of_run(rewrite_payment_file.run_id), 'bank');
    perform reimbursement.require_arguments(jsonb_build_object(
        'run_id', rewrite_payment_file.run_id, 'bank_account', rewrite_payment_file.bank_account));
    perform from reimbursement.request_of_file(rewrite_payment_file.run_id);
    if coalesce(btrim(rewrite_payment_file.reason), '') = '' then
        raise exception using errcode = 'RB007',
            message = 'a bank file is written anew for a reason, and none was given',
            hint = 'Say in reason why: it is kept with the new message.';
    end if;
    v_file := reimbursement.find_payment_file(
        rewrite_payment_file.run_id, 'pain.001.001.09', rewrite_payment_file.bank_account);
    perform reimbursement.lock_payment_file(v_file);
    v_file := reimbursement.find_payment_file(v_file.run_id, 'pain.001.001.09', v_file.bank_account);

    v_reversed := reimbursement.reversed_in_file(v_file);
    v_problem := case
        when exists (
            select from reimbursement.payment_file_takings as t
            where t.legal_entity_id = v_file.legal_entity_id and t.run_id = v_file.run_id
                and t.bank_account = v_file.bank_account
        ) then 'was released: the bank may have it'
        when v_reversed is null then 'has no payment that was reversed'
        when cardinality(v_reversed) = v_file.payments then 'has only payments that were reversed: none is left'
    end;
    if v_problem is not null then
        raise exception using errcode = 'RB058',
            message = format('the file of run %s and bank account "%s" %s', v_file.run_id, v_file.bank_account,
                v_problem),
            hint = 'It stays as it is. The views reimbursement.payment_file_releases and vendor_payments show what became of it and of its payments.';
    end if;

    v_message_id := reimbursement.write_payment_files(
        v_file.legal_entity_id, v_file.run_id, v_file.bank_account, v_file.file_version + 1);
    insert into reimbursement.payment_file_rewrites (
        legal_entity_id, run_id, bank_account, file_version, left_out, rewritten_by, rewritten_by_id, reason
    )
    select
        v_file.legal_entity_id, v_file.run_id, v_file.bank_account, v_file.file_version + 1,
        coalesce(w.left_out, '{}') || v_reversed, v_who,
        (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who), rewrite_payment_file.reason
    from (values (1)) as one (row)
    left join reimbursement.payment_file_rewrites as w
        on w.legal_entity_id = v_file.legal_entity_id and w.run_id = v_file.run_id
            and w.bank_account = v_file.bank_account and w.file_version = v_file.file_version;
    return v_message_id;
end
$$;

comment on function reimbursement.rewrite_payment_file(bigint, text, text) is
'Writes the bank files of a run and bank account anew, under a new number, without the payments that were reversed.';
