-- The payments in a bank file, each with its batch there, as fill_transfers has numbered them.
--
-- Of what was reversed before the file was written, or written anew, there is nothing in it.
-- Reads: payments, reversals, payment_file_rewrites. Writes and locks nothing.
create or replace function reimbursement.payments_in_file(
    p_legal_entity_id text, p_run_id bigint, p_bank_account text, p_file_version int
) returns table (payment_number text, batch bigint)
language sql stable
as $$
    select p.payment_number, dense_rank() over (order by s.is_sepa desc)
    from (
        select x.payment_number, x.currency, x.creditor_iban
        from reimbursement.payments as x
        where x.legal_entity_id = p_legal_entity_id and x.run_id between p_run_id and p_run_id
            and x.bank_account = p_bank_account and x.is_transfer
        order by x.run_id
        offset 0
    ) as p
    cross join lateral reimbursement.is_sepa_transfer(p.currency, p.creditor_iban) as s (is_sepa)
    where not exists (
        select from reimbursement.reversals as v
        where v.legal_entity_id = p_legal_entity_id
            and v.reversed_voucher between p.payment_number and p.payment_number and not v.in_bank_file
        order by v.reversed_voucher
        offset 0
    ) and not exists (
        select from reimbursement.payment_file_rewrites as w
        where w.legal_entity_id = p_legal_entity_id and w.run_id = p_run_id and w.bank_account = p_bank_account
            and w.file_version = p_file_version and p.payment_number = any (w.left_out)
    )
$$;

comment on function reimbursement.payments_in_file(text, bigint, text, int) is
'The payments in a bank file, each with its batch there.';
