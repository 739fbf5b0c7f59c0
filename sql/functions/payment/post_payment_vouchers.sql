-- Posts a ledger voucher for each payment: debit payable, credit the bank account or its bridging account.
--
-- The payable lines are those of the invoices' vouchers, in their dimension sets, so that the payable closes to zero in
-- both currencies. The bank line has the payment's accounting amount; what differs is realized exchange gain or loss,
-- of amount 0. Bank, gain and loss have no dimensions.
-- Reads: new_payments, selected_invoices, ledger_entries, legal_entities. Writes: ledger_entries.
create or replace function reimbursement.post_payment_vouchers(
    p_legal_entity_id text, p_run_id bigint, p_payment_date date, p_numbers reimbursement.taken_numbers
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
    with items as (
        select
            s.legal_entity_id, s.payment_index, 1 as line, 'payable' as posting_type, e.ledger_account,
            e.dimension_set_id, s.currency, -sum(e.amount) as amount, -sum(e.accounting_amount) as accounting_amount
        from pg_temp.selected_invoices as s
        left join lateral (
            select x.ledger_account, x.dimension_set_id, x.amount, x.accounting_amount
            from reimbursement.ledger_entries as x
            where x.legal_entity_id = s.legal_entity_id and x.voucher = s.voucher and x.posting_type = 'payable'
            offset 0
        ) as e on true
        where s.payment_index is not null
        group by s.legal_entity_id, s.payment_index, e.ledger_account, e.dimension_set_id, s.currency
        union all
        select
            p.legal_entity_id, p.payment_index, 2, 'bank', p.credited_account, 0, p.currency, -p.amount,
            -p.accounting_amount
        from pg_temp.new_payments as p
    ),
    balances as (
        select i.*, -sum(i.accounting_amount) over (partition by i.payment_index) as loss
        from items as i
        offset 0
    )
    select
        b.legal_entity_id, reimbursement.number_text(p_numbers, b.payment_index),
        row_number() over (
            partition by b.payment_index order by e.line, e.ledger_account, e.dimension_set_id
        ),
        p_run_id, p_payment_date, e.ledger_account, e.posting_type, e.dimension_set_id, b.currency, e.amount,
        e.accounting_amount
    from balances as b
    cross join lateral (
        values
        (b.line, b.posting_type, b.ledger_account, b.dimension_set_id, b.amount, b.accounting_amount),
        (3, 'realized_loss', v_entity.realized_loss_account, 0, 0, greatest(b.loss, 0)),
        (3, 'realized_gain', v_entity.realized_gain_account, 0, 0, least(b.loss, 0))
    ) as e (line, posting_type, ledger_account, dimension_set_id, amount, accounting_amount)
    -- A payment has one line on the bank, and with that one its gain or loss.
    where e.line < 3 or (b.line = 2 and e.accounting_amount <> 0);
end
$$;

comment on function reimbursement.post_payment_vouchers(
    text, bigint, date, reimbursement.taken_numbers
) is 'Posts a ledger voucher for each payment: debit payable, credit bank, realized exchange gain or loss.';
