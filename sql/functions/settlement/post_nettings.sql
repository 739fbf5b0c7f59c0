-- Writes the settlements between debits and credits, and their ledger vouchers.
--
-- A voucher takes the amount off the debit's receivable account and dimension set, puts it on the credit's, and posts
-- the difference of the accounting parts as realized gain or loss in the credit's dimension set.
-- p_settlements: the numbers of the vouchers; null where none is needed.
-- Reads: nettings, legal_entities. Writes: settlements, ledger_entries.
create or replace function reimbursement.post_nettings(
    p_legal_entity_id text, p_settlements reimbursement.taken_numbers
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.settlements (
        legal_entity_id, debit_transaction_id, credit_transaction_id, currency, amount,
        debit_accounting_amount, credit_accounting_amount, settled_on, voucher, run_id, is_netting
    )
    select
        n.legal_entity_id, n.debit_transaction_id, n.credit_transaction_id, n.currency, n.amount,
        n.debit_accounting_amount, n.credit_accounting_amount, n.posting_date,
        reimbursement.number_text(p_settlements, n.voucher_index), n.run_id, true
    from pg_temp.nettings as n
    order by n.customer_account, n.currency;

    insert into reimbursement.ledger_entries (
        legal_entity_id, voucher, line_number, run_id, posting_date, ledger_account, posting_type, dimension_set_id,
        currency, amount, accounting_amount
    )
    select
        n.legal_entity_id,
        reimbursement.number_text(p_settlements, n.voucher_index),
        row_number() over (
            partition by n.voucher_index order by l.line, l.ledger_account, l.dimension_set_id
        ),
        n.run_id, n.posting_date, l.ledger_account, l.posting_type, l.dimension_set_id, n.currency,
        sum(l.amount), sum(l.accounting_amount)
    from pg_temp.nettings as n
    inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
    cross join lateral (
        values
        (1, n.credit_account, 'receivable', n.credit_dimension_set_id, n.amount, n.credit_accounting_amount),
        (2, n.debit_account, 'receivable', n.debit_dimension_set_id, -n.amount, -n.debit_accounting_amount),
        (
            3, le.realized_loss_account, 'realized_loss', n.credit_dimension_set_id, 0,
            greatest(n.debit_accounting_amount - n.credit_accounting_amount, 0)
        ),
        (
            4, le.realized_gain_account, 'realized_gain', n.credit_dimension_set_id, 0,
            least(n.debit_accounting_amount - n.credit_accounting_amount, 0)
        )
    ) as l (line, ledger_account, posting_type, dimension_set_id, amount, accounting_amount)
    where n.voucher_index is not null and (l.amount <> 0 or l.accounting_amount <> 0)
    group by
        n.legal_entity_id, n.run_id, n.posting_date, n.voucher_index, n.currency, l.line, l.ledger_account,
        l.posting_type, l.dimension_set_id;
end
$$;

comment on function reimbursement.post_nettings(text, reimbursement.taken_numbers) is
'Writes the settlements between debits and credits, and the ledger vouchers that move amounts between them.';
