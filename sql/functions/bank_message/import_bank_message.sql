-- Imports what a bank sent: a payment status report (pain.002), a statement (camt.053) or a notification (camt.054).
--
-- content: the whole message, as text. In one transaction it brings the payments' statuses forward, posts what moved
-- from the bridging account to the bank and back, and enqueues the reversal of what was rejected or returned
-- (payment_reversal, one run a legal entity). What cannot be told for sure is an exception for a person to look at
-- (resolve_bank_exception), and the rest of the message is carried out.
-- Returns: the import. The same message again is that import again, for ever.
-- Writes: bank_imports, bank_import_accounts, bank_entries, ledger_entries, number_sequences, run_requests, jobs.
-- Locks: as take_bank_entries, legal entity by legal entity; the same message at the same time waits.
-- Raises: 42501 the duty bank is missing, in one of the legal entities that it is about; RB002; RB006; RB030 the
-- transaction is not READ COMMITTED; RB060 its day is too far ahead; RB066 it cannot be read, and where; RB067 another
-- message with its identification was imported for the same account; RB068 it is about nobody's account and payments
-- here; RB078. Then nothing is written.
create or replace function reimbursement.import_bank_message(content text) returns bigint
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_sha256 constant text := encode(sha256(convert_to(content, 'UTF8')), 'hex');
    v_who constant name := reimbursement.acting_role();
    v_message reimbursement.bank_message;
    v_import_id bigint;
    v_reported reimbursement.reported_entry[];
    v_found reimbursement.found_entry[];
    v_numbered int[] := array[0, 0];
    v_entity text;
begin
    perform reimbursement.require_some_duty('bank');
    perform reimbursement.require_arguments(jsonb_build_object('content', v_sha256));
    if current_setting('transaction_isolation') <> 'read committed' then
        perform reimbursement.raise_not_read_committed(
            'a message of a bank is not imported', 'It has to see what became of the payments while it waits for them.');
    end if;
    select i.import_id into v_import_id from reimbursement.bank_imports as i where i.sha256 = v_sha256;
    if found then
        return v_import_id;
    end if;

    v_message := reimbursement.read_bank_message(content);
    insert into reimbursement.bank_imports (sha256, message_type, message_id, message_date, imported_by, imported_by_id)
    values (
        v_sha256, v_message.message_type, v_message.message_id, v_message.message_date, v_who,
        (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who)
    )
    on conflict (sha256) do nothing
    returning import_id into v_import_id;
    if v_import_id is null then
        return (select i.import_id from reimbursement.bank_imports as i where i.sha256 = v_sha256);
    end if;

    v_reported := array(
        select r
        from reimbursement.read_status_report(content, v_message) as r
        where v_message.message_kind = 'pain.002'
        union all
        select r
        from reimbursement.read_account_entries(content, v_message) as r
        where v_message.message_kind <> 'pain.002'
    );
    v_found := array(select f from reimbursement.find_reported_payments(v_reported) as f);
    perform reimbursement.record_message_accounts(v_import_id, v_message, v_reported, v_found);
    for v_entity in
        select distinct a.legal_entity_id
        from reimbursement.bank_import_accounts as a
        where a.import_id = v_import_id
        order by a.legal_entity_id
    loop
        v_numbered := reimbursement.take_bank_entries(
            v_entity, v_import_id, v_message,
            array(select f from unnest(v_found) as f where f.legal_entity_id = v_entity), v_numbered);
    end loop;
    return v_import_id;
end
$$;

comment on function reimbursement.import_bank_message(text) is
'Imports what a bank sent (pain.002, camt.053, camt.054): statuses, movements, returns, exceptions. Returns the import.';
