-- Ties the selected debits to the selected credits of the same customer and currency, oldest due date first on both
-- sides.
--
-- Both sides of a customer's currency are laid end to end on one line (position); wherever an item ends on either side,
-- a pair ends. The accounting parts are differences of cumulative roundings. A pair is given a voucher where it lies on
-- two receivable accounts or dimension sets, or where its accounting parts differ: one voucher a customer and currency.
-- The pairs meet their two items by hash joins, which are as quick for one as for a million.
-- Reads: selected_transactions, legal_entities. Writes: nettings.
create or replace function reimbursement.pair_nettings(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
set enable_nestloop = off set enable_hashjoin = on
as $$
declare
    v_accounting_currency constant text := (
        select le.accounting_currency from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
begin
    insert into pg_temp.nettings
    with items as (
        select
            s.*,
            row_number() over (partition by s.customer_account, s.currency, s.is_credit order by s."position") as item
        from pg_temp.selected_transactions as s
        where s.netted_amount > 0
    ),
    -- The frame ends before the rows that end at the same place, so that these rows give one and the same pair.
    pairs as (
        select distinct
            i.legal_entity_id, i.run_id, i.posting_date, i.customer_account, i.currency,
            i."position" + i.netted_amount as reaches,
            coalesce(max(i."position" + i.netted_amount) over shorter, 0) as begins,
            1 + count(*) filter (where not i.is_credit) over shorter as debit_item,
            1 + count(*) filter (where i.is_credit) over shorter as credit_item
        from items as i
        window shorter as (
            partition by i.customer_account, i.currency order by i."position" + i.netted_amount
            groups between unbounded preceding and 1 preceding
        )
    ),
    priced as (
        select
            p.legal_entity_id, p.run_id, p.posting_date, p.customer_account, p.currency,
            p.reaches - p.begins as amount,
            d.customer_transaction_id as debit_transaction_id,
            reimbursement.settled_accounting(
                d.amount, d.accounting_amount, d.settled_amount, d.settled_accounting_amount,
                d.settled_amount + p.reaches - d."position", v_accounting_currency)
            - reimbursement.settled_accounting(
                d.amount, d.accounting_amount, d.settled_amount, d.settled_accounting_amount,
                d.settled_amount + p.begins - d."position", v_accounting_currency) as debit_accounting_amount,
            d.receivable_account as debit_account, d.dimension_set_id as debit_dimension_set_id,
            c.customer_transaction_id as credit_transaction_id,
            reimbursement.settled_accounting(
                c.amount, c.accounting_amount, c.settled_amount, c.settled_accounting_amount,
                c.settled_amount - (p.begins - c."position"), v_accounting_currency)
            - reimbursement.settled_accounting(
                c.amount, c.accounting_amount, c.settled_amount, c.settled_accounting_amount,
                c.settled_amount - (p.reaches - c."position"), v_accounting_currency) as credit_accounting_amount,
            c.receivable_account as credit_account, c.dimension_set_id as credit_dimension_set_id
        from pairs as p
        inner join items as d
            on d.customer_account = p.customer_account and d.currency = p.currency
                and not d.is_credit and d.item = p.debit_item
        inner join items as c
            on c.customer_account = p.customer_account and c.currency = p.currency
                and c.is_credit and c.item = p.credit_item
    ),
    judged as (
        select
            p.*,
            (p.debit_account, p.debit_dimension_set_id, p.debit_accounting_amount)
            <> (p.credit_account, p.credit_dimension_set_id, p.credit_accounting_amount) as needs_voucher
        from priced as p
    )
    select
        j.legal_entity_id, j.run_id, j.posting_date, j.customer_account, j.currency, j.amount,
        j.debit_transaction_id, j.debit_accounting_amount, j.debit_account, j.debit_dimension_set_id,
        j.credit_transaction_id, j.credit_accounting_amount, j.credit_account, j.credit_dimension_set_id,
        case when j.needs_voucher
            then dense_rank() over (partition by j.needs_voucher order by j.customer_account, j.currency)
        end
    from judged as j;
end
$$;

comment on function reimbursement.pair_nettings(text) is
'Ties the selected debits to the selected credits, oldest due date first on both sides.';
