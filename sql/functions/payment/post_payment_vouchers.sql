-- Posts a ledger voucher for each payment: debit payable, credit the bank account or its bridging account.
--
-- The payable lines are those of the invoices' vouchers, in their dimension sets, so that the payable closes to zero in
-- both currencies. The bank line has the payment's accounting amount; what differs is realized exchange gain or loss,
-- of amount 0. Bank, gain and loss have no dimensions.
-- Reads: new_payments, selected_invoices, ledger_entries, legal_entities. Writes: ledger_entries.
create or replace function reimbursement.post_payment_vouchers(
    p_legal_entity_id text, p_run_id bigint, p_payment_date date
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
    with payable as materialized (
        select
            s.payment_index, e.ledger_account, e.dimension_set_id, -sum(e.amount) as amount,
            -sum(e.accounting_amount) as accounting_amount
        from pg_temp.selected_invoices as s
        left join reimbursement.ledger_entries as e
            on e.legal_entity_id = p_legal_entity_id and e.voucher = s.voucher and e.posting_type = 'payable'
        where s.payment_index is not null
        group by s.payment_index, e.ledger_account, e.dimension_set_id
    ),
    differences as (
        select p.payment_index, p.accounting_amount - sum(l.accounting_amount) as loss
        from pg_temp.new_payments as p
        inner join payable as l on l.payment_index = p.payment_index
        group by p.payment_index, p.accounting_amount
    ),
    lines as (
        select
            1 as line, l.payment_index, l.ledger_account, 'payable' as posting_type, l.dimension_set_id, l.amount,
            l.accounting_amount
        from payable as l
        union all
        select 2, p.payment_index, p.credited_account, 'bank', 0, -p.amount, -p.accounting_amount
        from pg_temp.new_payments as p
        union all
        select
            3, d.payment_index,
            case when d.loss > 0 then v_entity.realized_loss_account else v_entity.realized_gain_account end,
            case when d.loss > 0 then 'realized_loss' else 'realized_gain' end,
            0, 0, d.loss
        from differences as d
        where d.loss <> 0
    )
    select
        p_legal_entity_id, p.payment_number,
        row_number() over (
            partition by n.payment_index order by n.line, n.ledger_account, n.dimension_set_id
        ),
        p_run_id, p_payment_date, n.ledger_account, n.posting_type, n.dimension_set_id, p.currency, n.amount,
        n.accounting_amount
    from lines as n
    inner join pg_temp.new_payments as p on p.payment_index = n.payment_index;
end
$$;

comment on function reimbursement.post_payment_vouchers(text, bigint, date) is
'Posts a ledger voucher for each payment: debit payable, credit bank, realized exchange gain or loss.';
