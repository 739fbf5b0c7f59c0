-- The way back from what the bank answers.

do $$
declare
    v_lost text;
begin
    select format('%s messages of banks', count(*)) into v_lost
    from reimbursement.bank_imports
    having count(*) > 0;
    if v_lost is not null then
        raise exception using errcode = 'object_in_use',
            message = format('taking this migration back would lose %s', v_lost),
            hint = 'Stay at this version.';
    end if;
end
$$;

drop view if exists reimbursement.bank_messages, reimbursement.bank_answers, reimbursement.bank_exceptions
cascade;
drop table reimbursement.bank_exception_resolutions, reimbursement.bank_entries,
reimbursement.bank_import_accounts, reimbursement.bank_imports cascade;
drop type reimbursement.judged_entry, reimbursement.found_entry, reimbursement.reported_entry,
reimbursement.bank_message cascade;
drop index reimbursement.payment_files_by_message, reimbursement.bank_accounts_by_iban;
alter table reimbursement.ledger_entries drop constraint ledger_entries_posting_type_is_known;
alter table reimbursement.ledger_entries add constraint ledger_entries_posting_type_is_known
check (posting_type in ('receivable', 'payable', 'bank', 'realized_gain', 'realized_loss'));
alter table reimbursement.ledger_entries drop constraint ledger_entries_gain_and_loss_have_no_amount;
alter table reimbursement.ledger_entries add constraint ledger_entries_gain_and_loss_have_no_amount
check (posting_type in ('receivable', 'payable', 'bank') or (amount = 0 and accounting_amount <> 0));
delete from reimbursement.number_sequences where sequence = 'bank';
comment on table reimbursement.number_sequences is
'Numbers without gaps: reimbursement, vendor_invoice, one_time_vendor, settlement, payment, reversal.';
alter table reimbursement.legal_entities drop column bank_charges_account;
