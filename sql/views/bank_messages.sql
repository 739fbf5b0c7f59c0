-- The messages of banks that were imported: a row a message and legal entity.
--
-- entries is all that the message says of the legal entity's accounts; what is neither matched nor an exception is none
-- of its payments (salaries, fees). The owner's view: it filters for itself, by who acts, once a statement.
create or replace view reimbursement.bank_messages
with (security_barrier = true, security_invoker = false) as
select
    i.import_id,
    a.legal_entity_id,
    i.message_type,
    i.message_id,
    i.imported_by,
    i.imported_at,
    a.entries,
    e.matched,
    e.exceptions,
    i.message_date,
    a.bank_accounts,
    e.reversal_run_id
from (
    select
        x.legal_entity_id, x.import_id, sum(x.entries) as entries,
        array_agg(x.bank_account::text order by x.bank_account) as bank_accounts
    from reimbursement.bank_import_accounts as x
    group by x.legal_entity_id, x.import_id
) as a
inner join reimbursement.bank_imports as i on i.import_id = a.import_id
cross join lateral (
    select
        count(distinct x.entry) filter (where x.problem is null) as matched,
        count(*) filter (where x.problem is not null) as exceptions,
        max(x.reversal_run_id) as reversal_run_id
    from reimbursement.bank_entries as x
    where x.legal_entity_id = a.legal_entity_id and x.import_id = a.import_id
) as e
where a.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.bank_messages is
'One row a message of a bank and legal entity: who imported it, how much it says, what was matched, and the exceptions.';
