-- Writes down that a person has looked at an exception of a bank's message, and what came of it.
--
-- note: what came of it. Nothing else changes: what has to be done is done by its own function.
-- Reads: bank_entries. Writes: bank_exception_resolutions.
-- Raises: 42501 the duty bank is missing; RB006 an argument is NULL; RB007 without a note; RB069 there is no such
-- exception, or it was resolved before.
create or replace function reimbursement.resolve_bank_exception(import_id bigint, exception_number int, note text)
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_entity text;
    v_who constant name := reimbursement.acting_role();
    v_resolved reimbursement.bank_exception_resolutions;
begin
    perform reimbursement.require_some_duty('bank');
    perform reimbursement.require_arguments(jsonb_build_object(
        'import_id', resolve_bank_exception.import_id, 'exception_number', resolve_bank_exception.exception_number));
    if coalesce(btrim(resolve_bank_exception.note), '') = '' then
        raise exception using errcode = 'RB007',
            message = 'an exception is resolved with a note, and none was given',
            hint = 'Say in note what came of it: it is kept with the exception.';
    end if;
    select e.legal_entity_id into v_entity
    from reimbursement.legal_entities as le
    cross join lateral (
        select x.legal_entity_id
        from reimbursement.bank_entries as x
        where x.legal_entity_id = le.legal_entity_id and x.import_id = resolve_bank_exception.import_id
            and x.exception_number = resolve_bank_exception.exception_number and x.problem is not null
        limit 1
    ) as e;
    if v_entity is null then
        raise exception using errcode = 'RB069',
            message = format('there is no exception %s of import %s', resolve_bank_exception.exception_number,
                resolve_bank_exception.import_id),
            hint = 'The view reimbursement.bank_exceptions lists what there is.';
    end if;
    perform reimbursement.require_duty(v_entity, 'bank');

    insert into reimbursement.bank_exception_resolutions
        (legal_entity_id, import_id, exception_number, resolved_by, resolved_by_id, note)
    values (
        v_entity, resolve_bank_exception.import_id, resolve_bank_exception.exception_number, v_who,
        (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who), btrim(resolve_bank_exception.note)
    )
    on conflict do nothing;
    if not found then
        select r.* into v_resolved
        from reimbursement.bank_exception_resolutions as r
        where r.legal_entity_id = v_entity and r.import_id = resolve_bank_exception.import_id
            and r.exception_number = resolve_bank_exception.exception_number;
        raise exception using errcode = 'RB069',
            message = format('exception %s of import %s was resolved before, by "%s" at %s',
                v_resolved.exception_number, v_resolved.import_id, v_resolved.resolved_by, v_resolved.resolved_at),
            detail = format('The note: %s', v_resolved.note),
            hint = 'What was resolved stays so.';
    end if;
end
$$;

comment on function reimbursement.resolve_bank_exception(bigint, int, text) is
'Writes down that a person has looked at an exception of a bank''s message, and what came of it.';
