-- Forms the reimbursements of the batch, and what each clears on every receivable account and dimension set.
--
-- The accounting amount is the amount at the posting date's rate, rounded once.
-- Reads: selected_transactions, taken_numbers, customers, vendors, legal_entities.
-- Writes: new_reimbursements, reimbursement_lines. Raises: 40001, to be tried again, when a vendor is gone.
create or replace function reimbursement.group_reimbursements(p_legal_entity_id text, p_posting_date date)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_accounting_currency constant text := (
        select le.accounting_currency from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
begin
    insert into pg_temp.new_reimbursements (
        reimbursement_index, reimbursement_number, invoice_number, customer_account, vendor_account, due_date,
        currency, amount, exchange_rate, accounting_amount, group_receivable_account, group_dimension_set_id
    )
    select
        g.reimbursement_index,
        reimbursement.format_number(r.format, r.first_number + g.reimbursement_index - 1),
        reimbursement.format_number(i.format, i.first_number + g.reimbursement_index - 1),
        g.customer_account, v.vendor_account, p_posting_date + coalesce(v.payment_terms_days, 0),
        g.currency, g.amount, g.exchange_rate,
        round(g.amount * g.exchange_rate, reimbursement.minor_unit(v_accounting_currency)),
        g.group_receivable_account, g.group_dimension_set_id
    from (
        select
            s.reimbursement_index, s.customer_account, s.currency, s.vendor_account, s.exchange_rate,
            s.group_receivable_account, s.group_dimension_set_id, sum(s.reimbursed_amount) as amount
        from pg_temp.selected_transactions as s
        where s.reimbursement_index is not null
        group by
            s.reimbursement_index, s.customer_account, s.currency, s.vendor_account, s.exchange_rate,
            s.group_receivable_account, s.group_dimension_set_id
    ) as g
    cross join lateral (
        select x.vendor_account
        from reimbursement.customers as x
        where x.legal_entity_id = p_legal_entity_id and x.customer_account = g.customer_account
        limit 1
    ) as c
    cross join lateral (
        select x.vendor_account, x.payment_terms_days
        from reimbursement.vendors as x
        where x.legal_entity_id = p_legal_entity_id and x.vendor_account = coalesce(g.vendor_account, c.vendor_account)
        limit 1
    ) as v
    inner join pg_temp.taken_numbers as r on r.sequence = 'reimbursement'
    inner join pg_temp.taken_numbers as i on i.sequence = 'vendor_invoice';
    if (select count(*) from pg_temp.new_reimbursements)
        <> (select coalesce(max(s.reimbursement_index), 0) from pg_temp.selected_transactions as s)
    then
        raise exception using errcode = 'serialization_failure',
            message = 'a vendor or a number sequence was deleted or renamed by somebody else meanwhile',
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;
    analyze pg_temp.new_reimbursements;

    insert into pg_temp.reimbursement_lines
        (reimbursement_index, receivable_account, dimension_set_id, amount, accounting_amount, customer_transaction_id)
    select
        l.reimbursement_index, l.receivable_account, l.dimension_set_id, l.amount, l.accounting_amount,
        nextval('reimbursement.customer_transactions_customer_transaction_id_seq')
    from (
        select
            s.reimbursement_index, s.receivable_account, s.dimension_set_id,
            sum(s.reimbursed_amount) as amount,
            sum(s.reimbursed_accounting_amount) as accounting_amount
        from pg_temp.selected_transactions as s
        where s.reimbursement_index is not null
        group by s.reimbursement_index, s.receivable_account, s.dimension_set_id
        order by s.reimbursement_index, s.receivable_account, s.dimension_set_id
    ) as l;
    analyze pg_temp.reimbursement_lines;
end
$$;

comment on function reimbursement.group_reimbursements(text, date) is
'Forms the reimbursements of the batch, and what each clears on every receivable account and dimension set.';
