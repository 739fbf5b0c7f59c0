-- Undoes the settlements of the reversed payments: a settlement of negative amount for each, and the invoices are open
-- again. The payment is closed by its reversal instead.
--
-- Reads: documents_to_reverse, vendor_settlements. Writes: vendor_settlements, vendor_transactions.
create or replace function reimbursement.undo_vendor_settlements(
    p_legal_entity_id text, p_run_id bigint, p_posting_date date
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.vendor_settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on, undoes_vendor_settlement_id, run_id
    )
    select
        p_legal_entity_id, s.debit_transaction_id, s.credit_transaction_id, s.currency, -s.amount,
        -s.debit_accounting_amount, -s.credit_accounting_amount, p_posting_date, s.vendor_settlement_id, p_run_id
    from pg_temp.documents_to_reverse as d
    left join reimbursement.vendor_settlements as s
        on s.legal_entity_id = p_legal_entity_id and s.debit_transaction_id = d.vendor_transaction_id
    order by s.vendor_settlement_id;

    update reimbursement.vendor_transactions as t
    set
        settled_amount = t.settled_amount + s.amount,
        settled_accounting_amount = t.settled_accounting_amount + s.credit_accounting_amount,
        last_settled_on = p_posting_date
    from pg_temp.documents_to_reverse as d
    left join reimbursement.vendor_settlements as s
        on s.legal_entity_id = p_legal_entity_id and s.debit_transaction_id = d.vendor_transaction_id
            and s.undoes_vendor_settlement_id is null
    where t.legal_entity_id = p_legal_entity_id and t.vendor_transaction_id = s.credit_transaction_id;
end
$$;

comment on function reimbursement.undo_vendor_settlements(text, bigint, date) is
'Undoes the settlements of the reversed payments by settlements of negative amount.';
