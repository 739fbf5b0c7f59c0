-- How often an invoice was paid, what came back included.
--
-- Reads: vendor_settlements, vendor_transactions, by whole keys. Writes and locks nothing.
create or replace function reimbursement.payments_of_invoice(p_legal_entity_id text, p_vendor_transaction_id bigint)
returns table (payments bigint)
language sql stable
as $$
    select count(*)
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
        select
        from reimbursement.vendor_transactions as x
        where x.legal_entity_id = p_legal_entity_id
            and x.vendor_transaction_id between s.debit_transaction_id and s.debit_transaction_id
            and x.transaction_type = 'payment'
        order by x.vendor_transaction_id
        limit 1
    ) as t
$$;

comment on function reimbursement.payments_of_invoice(text, bigint) is
'How often an invoice was paid, what came back included.';
