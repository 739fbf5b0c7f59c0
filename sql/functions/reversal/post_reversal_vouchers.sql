-- Posts the opposite of every reversed voucher, line by line: the same accounts, dimension sets and amounts, with the
-- sign turned. No rate is read. A payment that the bank has executed, and that was moved to the bank's account for it,
-- is taken back from there and not from the bridging account.
--
-- Reads: new_reversals, ledger_entries, bank_entries. Writes: ledger_entries.
create or replace function reimbursement.post_reversal_vouchers(p_run_id bigint, p_posting_date date) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.ledger_entries (
        legal_entity_id, voucher, line_number, run_id, posting_date, ledger_account, posting_type, dimension_set_id,
        currency, amount, accounting_amount
    )
    select
        r.legal_entity_id, r.voucher, e.line_number, p_run_id, p_posting_date,
        case
            when r.reversed_type = 'payment' and e.posting_type = 'bank'
                then coalesce(
                    reimbursement.bank_account_moved_to(r.legal_entity_id, r.reversed_voucher), e.ledger_account)
            else e.ledger_account
        end,
        e.posting_type,
        e.dimension_set_id, e.currency, -e.amount, -e.accounting_amount
    from pg_temp.new_reversals as r
    left join lateral (
        select x.*
        from reimbursement.ledger_entries as x
        where x.legal_entity_id = r.legal_entity_id and x.voucher = r.reversed_voucher
        offset 0
    ) as e on true;
end
$$;

comment on function reimbursement.post_reversal_vouchers(bigint, date) is
'Posts the opposite of every reversed voucher, line by line.';
