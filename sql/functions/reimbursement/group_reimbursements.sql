-- Forms the reimbursements of the pass: what each clears on every receivable account and dimension set, and what it
-- owes.
--
-- The accounting amount is the amount at the posting date's rate, rounded once. A dimension set has its share of it by
-- cumulative rounding.
-- Reads: selected_transactions, legal_entities. Writes: reimbursement_lines.
create or replace function reimbursement.group_reimbursements(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_accounting_currency constant text := (
        select le.accounting_currency from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
    v_decimals constant int := reimbursement.minor_unit(v_accounting_currency);
begin
    insert into pg_temp.reimbursement_lines
    with lines as (
        select
            s.legal_entity_id, s.job_id, s.run_id, s.posting_date, s.customer_account, s.vendor_account,
            s.is_new_vendor, s.is_vendor_to_write_back, s.is_vendor_without_customer, s.reimbursement_index,
            s.line_index, s.payment_terms_days, s.currency, s.exchange_rate, s.group_receivable_account,
            s.group_dimension_set_id, s.receivable_account, s.dimension_set_id,
            sum(s.reimbursed_amount) as amount, sum(s.reimbursed_accounting_amount) as accounting_amount
        from pg_temp.selected_transactions as s
        where s.reimbursed_amount > 0
        group by
            s.legal_entity_id, s.job_id, s.run_id, s.posting_date, s.customer_account, s.vendor_account,
            s.is_new_vendor, s.is_vendor_to_write_back, s.is_vendor_without_customer, s.reimbursement_index,
            s.line_index, s.payment_terms_days, s.currency, s.exchange_rate, s.group_receivable_account,
            s.group_dimension_set_id, s.receivable_account, s.dimension_set_id
    ),
    placed as (
        select
            l.*,
            lag(l.customer_account) over in_order is distinct from l.customer_account as is_first_of_customer,
            lag(l.reimbursement_index) over in_order is distinct from l.reimbursement_index
            as is_first_of_reimbursement,
            row_number() over (
                partition by l.reimbursement_index, l.dimension_set_id order by l.line_index
            ) = 1 as is_first_of_dimension_set,
            sum(l.amount) over (partition by l.reimbursement_index) as reimbursed_amount,
            sum(l.amount) over (partition by l.reimbursement_index, l.dimension_set_id) as payable_amount,
            sum(l.accounting_amount) over (partition by l.reimbursement_index, l.dimension_set_id) as cleared,
            sum(l.amount) over (
                partition by l.reimbursement_index order by l.dimension_set_id range unbounded preceding
            ) as reaches
        from lines as l
        window in_order as (order by l.line_index)
    ),
    priced as (
        select
            p.*, round(p.reimbursed_amount * p.exchange_rate, v_decimals) as reimbursed_accounting_amount,
            count(*) filter (where p.is_first_of_customer and p.is_new_vendor) over (
                order by p.line_index rows unbounded preceding
            ) as new_vendor_index
        from placed as p
    )
    select
        p.legal_entity_id, p.job_id, p.run_id, p.posting_date, p.customer_account, p.vendor_account,
        case when p.is_new_vendor then p.new_vendor_index end, p.is_first_of_customer, p.is_vendor_to_write_back,
        p.is_vendor_without_customer, p.reimbursement_index, p.is_first_of_reimbursement, p.line_index,
        p.posting_date + p.payment_terms_days, p.currency, p.exchange_rate, p.reimbursed_amount,
        p.reimbursed_accounting_amount, p.group_receivable_account, p.group_dimension_set_id, p.receivable_account,
        p.dimension_set_id, p.amount, p.accounting_amount,
        case when p.is_first_of_dimension_set then p.payable_amount end,
        case when p.is_first_of_dimension_set then
            reimbursement.prorate(
                p.reimbursed_accounting_amount, p.reaches, p.reimbursed_amount, v_accounting_currency)
            - reimbursement.prorate(
                p.reimbursed_accounting_amount, p.reaches - p.payable_amount, p.reimbursed_amount,
                v_accounting_currency)
        end,
        case when p.is_first_of_dimension_set then p.cleared end
    from priced as p;
end
$$;

comment on function reimbursement.group_reimbursements(text) is
'Forms the reimbursements of the pass: what each clears on every receivable account and dimension set, and what it owes.';
