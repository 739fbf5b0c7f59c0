-- Posts a ledger voucher for each reimbursement: debit receivable, credit payable, in the same dimension sets.
--
-- A receivable line has the accounting amounts that were cleared there. A payable line, one a dimension set, has its
-- share of the reimbursement's accounting amount by cumulative rounding. What differs, by rate or by rounding, is
-- realized exchange gain or loss in that dimension set, of amount 0.
-- Reads: new_reimbursements, reimbursement_lines, legal_entities. Writes: ledger_entries.
create or replace function reimbursement.post_reimbursement_vouchers(
    p_legal_entity_id text, p_run_id bigint, p_posting_date date
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
    with reached as (
        select
            l.reimbursement_index, l.dimension_set_id, sum(l.amount) as amount,
            sum(l.accounting_amount) as cleared,
            sum(sum(l.amount)) over (partition by l.reimbursement_index order by l.dimension_set_id) as reaches
        from pg_temp.reimbursement_lines as l
        group by l.reimbursement_index, l.dimension_set_id
    ),
    shared as (
        select
            d.reimbursement_index, d.dimension_set_id, d.amount, d.cleared,
            reimbursement.prorate(r.accounting_amount, d.reaches, r.amount, v_entity.accounting_currency)
            - reimbursement.prorate(r.accounting_amount, d.reaches - d.amount, r.amount, v_entity.accounting_currency)
            as payable
        from reached as d
        inner join pg_temp.new_reimbursements as r on r.reimbursement_index = d.reimbursement_index
    ),
    lines as (
        select
            1 as line, l.reimbursement_index, l.receivable_account as ledger_account, 'receivable' as posting_type,
            l.dimension_set_id, l.amount, l.accounting_amount
        from pg_temp.reimbursement_lines as l
        union all
        select
            2, s.reimbursement_index, v_entity.payable_account, 'payable', s.dimension_set_id, -s.amount, -s.payable
        from shared as s
        union all
        select
            3, s.reimbursement_index,
            case when s.payable > s.cleared then v_entity.realized_loss_account else v_entity.realized_gain_account end,
            case when s.payable > s.cleared then 'realized_loss' else 'realized_gain' end,
            s.dimension_set_id, 0, s.payable - s.cleared
        from shared as s
        where s.payable <> s.cleared
    )
    select
        p_legal_entity_id, r.reimbursement_number,
        row_number() over (
            partition by n.reimbursement_index order by n.line, n.ledger_account, n.dimension_set_id
        ),
        p_run_id, p_posting_date, n.ledger_account, n.posting_type, n.dimension_set_id, r.currency, n.amount,
        n.accounting_amount
    from lines as n
    inner join pg_temp.new_reimbursements as r on r.reimbursement_index = n.reimbursement_index;
end
$$;

comment on function reimbursement.post_reimbursement_vouchers(text, bigint, date) is
'Posts a ledger voucher for each reimbursement: debit receivable, credit payable, realized exchange gain or loss.';
