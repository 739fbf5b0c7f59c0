-- Posts a ledger voucher for each reimbursement: debit receivable, credit payable, in the same dimension sets.
--
-- A receivable line has the accounting amounts that were cleared there. A payable line, one a dimension set, has its
-- share of the reimbursement's accounting amount by cumulative rounding. What differs, by rate or by rounding, is
-- realized exchange gain or loss in that dimension set, of amount 0.
-- Reads: reimbursement_lines, legal_entities. Writes: ledger_entries.
create or replace function reimbursement.post_reimbursement_vouchers(
    p_legal_entity_id text, p_reimbursements reimbursement.taken_numbers
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_entity reimbursement.legal_entities;
begin
    select le.* into v_entity from reimbursement.legal_entities as le where le.legal_entity_id = p_legal_entity_id;

    insert into reimbursement.ledger_entries (
        legal_entity_id, voucher, line_number, run_id, posting_date, ledger_account, posting_type, dimension_set_id,
        currency, amount, accounting_amount
    )
    select
        l.legal_entity_id, reimbursement.number_text(p_reimbursements, l.reimbursement_index),
        row_number() over (
            partition by l.reimbursement_index order by e.line, e.ledger_account, l.dimension_set_id
        ),
        l.run_id, l.posting_date, e.ledger_account, e.posting_type, l.dimension_set_id, l.currency, e.amount,
        e.accounting_amount
    from pg_temp.reimbursement_lines as l
    cross join lateral (
        values
        (1, 'receivable', l.receivable_account, l.amount, l.accounting_amount),
        (2, 'payable', v_entity.payable_account, -l.payable_amount, -l.payable_accounting_amount),
        (
            3, 'realized_loss', v_entity.realized_loss_account, 0::numeric,
            greatest(l.payable_accounting_amount - l.cleared_accounting_amount, 0)
        ),
        (
            3, 'realized_gain', v_entity.realized_gain_account, 0::numeric,
            least(l.payable_accounting_amount - l.cleared_accounting_amount, 0)
        )
    ) as e (line, posting_type, ledger_account, amount, accounting_amount)
    where e.amount <> 0 or e.accounting_amount <> 0;
end
$$;

comment on function reimbursement.post_reimbursement_vouchers(text, reimbursement.taken_numbers) is
'Posts a ledger voucher for each reimbursement: debit receivable, credit payable, realized exchange gain or loss.';
