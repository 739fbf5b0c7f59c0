-- Undoes the settlements on the customer's side: a settlement of negative amount for each.
--
-- The two work tables meet by a hash join, which is as quick for one as for a million.
-- Reads: undone_settlements, new_reversals. Writes: settlements.
create or replace function reimbursement.undo_settlements(p_run_id bigint, p_posting_date date) returns void
language plpgsql set search_path = reimbursement, pg_temp set enable_nestloop = off
as $$
begin
    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount, debit_accounting_amount,
        credit_accounting_amount, settled_on, voucher, undoes_settlement_id, run_id, is_netting
    )
    select
        s.legal_entity_id, s.debit_transaction_id, s.credit_transaction_id, s.currency, -s.amount,
        -s.debit_accounting_amount, -s.credit_accounting_amount, p_posting_date,
        case when s.is_netting then r.voucher end, s.settlement_id, p_run_id, s.is_netting
    from pg_temp.undone_settlements as s
    left join pg_temp.new_reversals as r on r.reversed_voucher = s.reversed_voucher
    order by s.settlement_id;
end
$$;

comment on function reimbursement.undo_settlements(bigint, date) is
'Undoes settlements on the customer''s side by settlements of negative amount.';
