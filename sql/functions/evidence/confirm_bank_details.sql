-- Confirms the bank details and the name of a vendor as they are now, all changes since the last confirmation:
-- confirm_bank_details('USMF', 'V-100').
--
-- Of a one-time vendor these are his customer's too. Whoever made one of the changes cannot confirm them, the owner
-- neither. What somebody changes at the same time is not confirmed with it. Returns nothing.
-- Reads: change_log, vendors. Writes: bank_detail_confirmations.
-- Raises: 42501 the duty master is missing, or one of the changes is his own; RB001; RB055 there is no such vendor, or
-- nothing to confirm.
create or replace function reimbursement.confirm_bank_details(legal_entity_id text, vendor_account text) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_who constant name := reimbursement.acting_role();
    v_who_id constant oid := (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who);
    v_changes bigint [];
    v_own record;
begin
    perform reimbursement.require_duty(confirm_bank_details.legal_entity_id, 'master');
    perform reimbursement.require_arguments(jsonb_build_object(
        'legal_entity_id', confirm_bank_details.legal_entity_id, 'vendor_account', confirm_bank_details.vendor_account));
    perform from reimbursement.legal_entities as le where le.legal_entity_id = confirm_bank_details.legal_entity_id;
    if not found then
        perform reimbursement.raise_unknown_legal_entity(confirm_bank_details.legal_entity_id);
    end if;
    perform from reimbursement.vendors as v
    where v.legal_entity_id = confirm_bank_details.legal_entity_id
        and v.vendor_account = confirm_bank_details.vendor_account;
    if not found then
        raise exception using errcode = 'RB055',
            message = format('legal entity "%s" has no vendor "%s"', confirm_bank_details.legal_entity_id,
                confirm_bank_details.vendor_account),
            hint = 'The table reimbursement.vendors has the accounts there are.';
    end if;

    select array_agg(c.change_id) into v_changes
    from reimbursement.unconfirmed_changes(
        confirm_bank_details.legal_entity_id, confirm_bank_details.vendor_account) as c;
    if v_changes is null then
        raise exception using errcode = 'RB055',
            message = format('the bank details of vendor "%s" of legal entity "%s" are confirmed already',
                confirm_bank_details.vendor_account, confirm_bank_details.legal_entity_id),
            hint = 'Nothing has to be done. The view reimbursement.changes shows what was changed, and when.';
    end if;
    select c.changed_at into v_own
    from reimbursement.unconfirmed_changes(
        confirm_bank_details.legal_entity_id, confirm_bank_details.vendor_account) as c
    where c.change_id = any (v_changes) and (c.changed_by = v_who or c.changed_by_id = v_who_id)
    order by c.changed_at desc
    limit 1;
    if found then
        raise exception using errcode = 'insufficient_privilege',
            message = format('permission denied: "%s" has changed the bank details of vendor "%s" himself, and nobody confirms his own changes',
                v_who, confirm_bank_details.vendor_account),
            detail = format('At %s.', v_own.changed_at),
            hint = 'Another person with the duty master has to, who made none of the changes since the last confirmation.';
    end if;
    insert into reimbursement.bank_detail_confirmations
        (legal_entity_id, vendor_account, change_id, confirmed_by, confirmed_by_id)
    select
        confirm_bank_details.legal_entity_id, confirm_bank_details.vendor_account, c.change_id, v_who, v_who_id
    from unnest(v_changes) as c (change_id)
    on conflict do nothing;
end
$$;

comment on function reimbursement.confirm_bank_details(text, text) is
'Confirms the bank details and the name of a vendor as they are now; not by whoever changed them.';
