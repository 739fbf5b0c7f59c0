-- The payments in a bank file that have been reversed since it was written; null: none.
--
-- Reads: payments, reversals, payment_file_rewrites.
create or replace function reimbursement.reversed_in_file(p_file reimbursement.payment_files) returns text[]
language sql stable
as $$
    select array_agg(p.payment_number::text order by p.payment_number)
    from reimbursement.payments as p
    inner join reimbursement.reversals as r
        on r.legal_entity_id = p.legal_entity_id and r.reversed_voucher = p.payment_number
    where p.legal_entity_id = (p_file).legal_entity_id and p.run_id = (p_file).run_id
        and p.bank_account = (p_file).bank_account and p.is_transfer and r.in_bank_file
        and not exists (
            select from reimbursement.payment_file_rewrites as w
            where w.legal_entity_id = (p_file).legal_entity_id and w.run_id = (p_file).run_id
                and w.bank_account = (p_file).bank_account and w.file_version = (p_file).file_version
                and p.payment_number = any (w.left_out)
        )
$$;

comment on function reimbursement.reversed_in_file(reimbursement.payment_files) is
'The payments in a bank file that have been reversed since it was written.';
