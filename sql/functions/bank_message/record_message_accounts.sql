-- Writes down which of our bank accounts a message is about, and refuses one that is about none, or that was sent
-- before with other bytes.
--
-- A statement is about its account, whatever it says of it; a status report about the accounts that its files are paid
-- from.
-- Reads: bank_accounts, bank_imports. Writes: bank_import_accounts.
-- Raises: 42501 the duty bank is missing in a legal entity; RB067 the same identification and account had another
-- message; RB068 it is about nothing of ours.
create or replace function reimbursement.record_message_accounts(
    p_import_id bigint, p_message reimbursement.bank_message, p_reported reimbursement.reported_entry[],
    p_found reimbursement.found_entry[]
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_written bigint;
    v_accounts record;
    v_other record;
begin
    with ibans as (
        select upper(replace(x.account_iban, ' ', '')) as account_iban
        from xmltable(
            xmlnamespaces(p_message.namespace as m), '//m:Stmt/m:Acct/m:Id/m:IBAN | //m:Ntfctn/m:Acct/m:Id/m:IBAN'
            passing p_message.skeleton
            columns account_iban text path 'normalize-space(.)'
        ) as x
        union
        select r.account_iban from unnest(p_reported) as r where p_message.message_kind <> 'pain.002'
    ),
    said as (
        select b.legal_entity_id, b.bank_account, r."position" || r.entry as entry
        from ibans as i
        inner join reimbursement.bank_accounts as b on upper(replace(b.iban, ' ', '')) = i.account_iban
        left join unnest(p_reported) as r on r.account_iban = i.account_iban
        union
        select f.legal_entity_id, f.bank_account, (f.reported)."position" || (f.reported).entry
        from unnest(p_found) as f
    )
    select
        array_agg(s.legal_entity_id order by s.legal_entity_id, s.bank_account) as legal_entities,
        array_agg(s.bank_account order by s.legal_entity_id, s.bank_account) as bank_accounts,
        array_agg(s.entries order by s.legal_entity_id, s.bank_account) as entries
    into v_accounts
    from (
        select x.legal_entity_id, x.bank_account, count(x.entry) as entries
        from said as x
        group by x.legal_entity_id, x.bank_account
    ) as s;
    if v_accounts.legal_entities is null then
        raise exception using errcode = 'RB068',
            message = format('message "%s" is about none of the bank accounts and payments here', p_message.message_id),
            detail = 'Nothing of it was imported.',
            hint = 'The IBANs of reimbursement.bank_accounts and the messages of reimbursement.bank_files are known.';
    end if;
    perform reimbursement.require_duty(e.legal_entity_id, 'bank')
    from (select distinct u.legal_entity_id from unnest(v_accounts.legal_entities) as u (legal_entity_id)) as e;

    insert into reimbursement.bank_import_accounts
        (legal_entity_id, import_id, bank_account, message_kind, message_id, entries)
    select a.legal_entity_id, p_import_id, a.bank_account, p_message.message_kind, p_message.message_id, a.entries
    from unnest(v_accounts.legal_entities, v_accounts.bank_accounts, v_accounts.entries)
        as a (legal_entity_id, bank_account, entries)
    order by a.legal_entity_id, a.bank_account
    on conflict on constraint bank_import_accounts_message_once do nothing;
    get diagnostics v_written = row_count;
    if v_written < cardinality(v_accounts.bank_accounts) then
        select a.import_id, a.legal_entity_id, a.bank_account, i.imported_by, i.imported_at into v_other
        from unnest(v_accounts.legal_entities, v_accounts.bank_accounts) as w (legal_entity_id, bank_account)
        inner join reimbursement.bank_import_accounts as a
            on a.legal_entity_id = w.legal_entity_id and a.bank_account = w.bank_account
                and a.message_kind = p_message.message_kind and a.message_id = p_message.message_id
                and a.import_id <> p_import_id
        inner join reimbursement.bank_imports as i on i.import_id = a.import_id
        limit 1;
        raise exception using errcode = 'RB067',
            message = format('message "%s" for bank account "%s" of legal entity "%s" was imported before, with other contents',
                p_message.message_id, v_other.bank_account, v_other.legal_entity_id),
            detail = format('Import %s, by "%s" at %s.', v_other.import_id, v_other.imported_by, v_other.imported_at),
            hint = 'Ask the bank which of the two it means. Nothing of this one was imported.';
    end if;
end
$$;

comment on function reimbursement.record_message_accounts(
    bigint, reimbursement.bank_message, reimbursement.reported_entry [], reimbursement.found_entry []
) is 'Writes down which of our bank accounts a message of a bank is about, and refuses what is none of ours.';
