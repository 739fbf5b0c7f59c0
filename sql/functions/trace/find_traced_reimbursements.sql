-- The reimbursements that a reference has to do with: its own number, its invoice, its customer, a payment of it, a
-- voucher that netted its credits, or a voucher that reversed one of these.
--
-- Reads: reimbursements, payments, vendor_transactions, vendor_settlements, settlements, customer_transactions,
-- reversals.
-- Writes and locks nothing.
create or replace function reimbursement.find_traced_reimbursements(p_legal_entity_id text, p_reference text)
returns text[]
language sql stable set search_path = reimbursement, pg_temp
as $$
    with vouchers as materialized (
        select p_reference as voucher
        union
        select v.reversed_voucher
        from reimbursement.reversals as v
        where v.legal_entity_id = p_legal_entity_id and v.voucher = p_reference
    ),
    found as (
        select r.reimbursement_number
        from vouchers as w
        inner join reimbursement.reimbursements as r
            on r.legal_entity_id = p_legal_entity_id and r.reimbursement_number = w.voucher
        union
        select r.reimbursement_number
        from reimbursement.reimbursements as r
        where r.legal_entity_id = p_legal_entity_id and r.invoice_number = p_reference
        union
        select r.reimbursement_number
        from reimbursement.reimbursements as r
        where r.legal_entity_id = p_legal_entity_id and r.customer_account = p_reference
        union
        select i.voucher
        from vouchers as w
        inner join reimbursement.vendor_transactions as t
            on t.legal_entity_id = p_legal_entity_id and t.voucher = w.voucher and t.transaction_type = 'payment'
        inner join reimbursement.vendor_settlements as s
            on s.legal_entity_id = p_legal_entity_id and s.debit_transaction_id = t.vendor_transaction_id
        inner join reimbursement.vendor_transactions as i
            on i.legal_entity_id = p_legal_entity_id and i.vendor_transaction_id = s.credit_transaction_id
                and i.transaction_type = 'invoice'
        union
        select d.voucher
        from vouchers as w
        inner join reimbursement.settlements as n
            on n.legal_entity_id = p_legal_entity_id and n.voucher = w.voucher
        inner join reimbursement.settlements as s
            on s.legal_entity_id = p_legal_entity_id and s.credit_transaction_id = n.credit_transaction_id
                and (s.run_id = n.run_id or (n.run_id is null and s.settlement_id > n.settlement_id))
        inner join reimbursement.customer_transactions as d
            on d.legal_entity_id = p_legal_entity_id and d.customer_transaction_id = s.debit_transaction_id
                and (d.run_id = s.run_id and d.transaction_type = 'reimbursement') is true
    )
    select array(select f.reimbursement_number from found as f)
$$;

comment on function reimbursement.find_traced_reimbursements(text, text) is
'The reimbursements that a customer account, number or voucher has to do with.';
