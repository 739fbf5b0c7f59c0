-- Locks the bank files of a run and bank account, and the payments in them: until the transaction ends nobody else
-- releases or rewrites them, and none of the payments is reversed.
--
-- Locks: payment_files, for no key update; the payments' vendor transactions, for share, in the order of their ids.
create or replace function reimbursement.lock_payment_file(p_file reimbursement.payment_files) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    perform from reimbursement.payment_files as f
    where f.legal_entity_id = p_file.legal_entity_id and f.run_id = p_file.run_id
        and f.bank_account = p_file.bank_account
    order by f.format, f.file_version
    for no key update;
    perform from reimbursement.vendor_transactions as t
    where t.legal_entity_id = p_file.legal_entity_id and t.transaction_type = 'payment' and t.voucher = any (array(
        select p.payment_number
        from reimbursement.payments as p
        where p.legal_entity_id = p_file.legal_entity_id and p.run_id = p_file.run_id
            and p.bank_account = p_file.bank_account and p.is_transfer
    ))
    order by t.vendor_transaction_id
    for share;
end
$$;

comment on function reimbursement.lock_payment_file(reimbursement.payment_files) is
'Locks the bank files of a run and bank account, and the payments in them.';
