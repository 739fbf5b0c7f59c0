-- The payments of an invoice that came back from an account: returned by the bank, reversed by a person with a return
-- code, or rejected for a reason of the account itself.
--
-- p_plain_iban: the account, as plain_iban writes it. What was never sent, or was rejected for another reason (a file
-- that the bank could not read), has not come back from the account.
-- Reads: vendor_settlements, vendor_transactions, payments, reversals, each by a whole key. Writes and locks nothing.
create or replace function reimbursement.returned_payments(
    p_legal_entity_id text, p_vendor_transaction_id bigint, p_plain_iban text
) returns table (payment_number text, reversed_on date, return_code text, is_rejection boolean)
language sql stable
as $$
    select p.payment_number, v.posting_date, v.return_code, v.is_rejection
    from (
        select x.debit_transaction_id
        from reimbursement.vendor_settlements as x
        where x.legal_entity_id = p_legal_entity_id
            and x.credit_transaction_id between p_vendor_transaction_id and p_vendor_transaction_id
            and x.undoes_vendor_settlement_id is null
        order by x.credit_transaction_id
        offset 0
    ) as s
    cross join lateral (
        select x.voucher
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = p_legal_entity_id
            and x.vendor_transaction_id between s.debit_transaction_id and s.debit_transaction_id
        order by x.vendor_transaction_id
        limit 1
    ) as t
    cross join lateral (
        select x.payment_number, x.creditor_iban, x.is_transfer
        from reimbursement.payments as x
        where x.legal_entity_id = p_legal_entity_id and x.payment_number between t.voucher and t.voucher
        order by x.payment_number
        limit 1
    ) as p
    cross join lateral (
        select x.posting_date, x.return_code, x.is_rejection
        from reimbursement.reversals as x
        where x.legal_entity_id = p_legal_entity_id
            and x.reversed_voucher between p.payment_number and p.payment_number
        order by x.reversed_voucher
        limit 1
    ) as v
    where p.is_transfer and reimbursement.plain_iban(p.creditor_iban) = p_plain_iban
        and v.return_code is not null and (not v.is_rejection or v.return_code in ('AC01', 'AC04', 'AC06'))
$$;

comment on function reimbursement.returned_payments(text, bigint, text) is
'The payments of an invoice that came back from an account.';
