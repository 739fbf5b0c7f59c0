-- Decides who is reimbursed: the one selection that preview and transfer share (product rules 2 and 3).
--
-- Returns a row per open credit that is eligible, with its customer's skip_reason or null; and, where debits are
-- netted, a row per debit that is settled. Amounts in rows are positive parts of the open amount, in the
-- transaction's currency:
--   position           what is open before it, on its side and in its currency, oldest due date first
--   netted_amount      settled against the other side
--   reimbursed_amount  what is left of a credit and is reimbursed; reimbursed_accounting_amount is its accounting part
-- group_receivable_account and group_dimension_set_id are null where the customer is summarized.
-- credit_amount and debit_amount are the customer's, in accounting currency, before any netting.
-- Only customers above p_customer_after and up to p_customer_through (null: no bound).
-- Reads: customers, customer_transactions, vendors, exchange_rates, legal_entities. Writes and locks nothing.
create or replace function reimbursement.select_transactions(
    p_legal_entity_id text,
    p_choices reimbursement.reimbursement_choices,
    p_customer_after text default null,
    p_customer_through text default null
) returns table (
    customer_account text,
    customer_transaction_id bigint,
    is_credit boolean,
    transaction_date date,
    currency text,
    receivable_account text,
    dimension_set_id bigint,
    group_receivable_account text,
    group_dimension_set_id bigint,
    amount numeric,
    accounting_amount numeric,
    settled_amount numeric,
    settled_accounting_amount numeric,
    last_settled_on date,
    "position" numeric,
    netted_amount numeric,
    reimbursed_amount numeric,
    reimbursed_accounting_amount numeric,
    exchange_rate numeric,
    vendor_account text,
    is_new_vendor boolean,
    skip_reason text,
    credit_amount numeric,
    debit_amount numeric
)
language sql stable
as $$
    with filters as materialized (
        select
            reimbursement.parse_account_filter((p_choices).customer_filter, 'customer_filter') as customers,
            reimbursement.parse_account_filter((p_choices).customer_group_filter, 'customer_group_filter') as groups
    ),
    -- Every open transaction that has a say: of the credits only those of the run's currency, of the debits all.
    open_transactions as materialized (
        select
            t.customer_account, t.customer_transaction_id, t.currency, t.receivable_account, t.dimension_set_id,
            t.transaction_date, t.due_date, t.amount, t.accounting_amount, t.settled_amount,
            t.settled_accounting_amount, t.last_settled_on, abs(t.open_amount) as open_amount,
            abs(t.open_accounting_amount) as open_accounting_amount,
            t.amount < 0 as is_credit,
            t.marked_for is not null as is_marked,
            t.amount < 0 and t.transaction_date <= (p_choices).credits_through as is_eligible,
            (p_choices).net_open_debits and t.amount > 0 and t.transaction_date <= (p_choices).posting_date
            as is_nettable
        from reimbursement.customer_transactions as t
        inner join reimbursement.customers as c
            on c.legal_entity_id = p_legal_entity_id and c.customer_account = t.customer_account
        cross join filters as f
        where t.legal_entity_id = p_legal_entity_id
            and t.settled_amount <> t.amount
            and (t.amount > 0 or (p_choices).currency is null or t.currency = (p_choices).currency)
            and (p_customer_after is null or t.customer_account > p_customer_after)
            and (p_customer_through is null or t.customer_account <= p_customer_through)
            and (
                (p_choices).customer_filter is null
                or reimbursement.matches_filter(reimbursement.fold_account(c.customer_account), f.customers)
            )
            and (
                (p_choices).customer_group_filter is null
                or reimbursement.matches_filter(reimbursement.fold_account(c.customer_group), f.groups)
            )
    ),
    -- What a customer has in a currency. Settling debits against credits leaves nothing on one of the two sides.
    balances as materialized (
        select
            t.customer_account, t.currency,
            coalesce(sum(t.open_amount) filter (where t.is_eligible), 0) as credits,
            least(
                coalesce(sum(t.open_amount) filter (where t.is_eligible), 0),
                coalesce(sum(t.open_amount) filter (where t.is_nettable), 0)
            ) as netted,
            coalesce(sum(t.open_accounting_amount) filter (where t.is_eligible), 0) as credit_amount,
            coalesce(sum(t.open_accounting_amount) filter (where not t.is_credit), 0) as debit_amount,
            bool_or(not t.is_credit) as has_debits,
            bool_or(t.is_marked) as is_marked,
            coalesce(max(t.last_settled_on) filter (where t.is_eligible) > (p_choices).posting_date, false)
            or (
                coalesce(max(t.last_settled_on) filter (where t.is_nettable) > (p_choices).posting_date, false)
                and bool_or(t.is_eligible)
            ) as has_later_activity
        from open_transactions as t
        group by t.customer_account, t.currency
    ),
    rates as materialized (
        select
            b.currency,
            reimbursement.exchange_rate(p_legal_entity_id, b.currency, (p_choices).posting_date) as exchange_rate
        from (select distinct w.currency from balances as w) as b
    ),
    totals as (
        select
            b.customer_account,
            sum(b.credit_amount) as credit_amount,
            sum(b.debit_amount) as debit_amount,
            bool_or(b.has_debits) as has_debits,
            bool_or(b.is_marked) as is_marked,
            bool_or(b.has_later_activity) as has_later_activity,
            bool_or(b.credits > b.netted) as is_anything_left,
            bool_or(b.credits > 0 and r.exchange_rate is null) as is_rate_missing,
            sum(round((b.credits - b.netted) * r.exchange_rate, reimbursement.minor_unit(le.accounting_currency)))
            as accounting_amount,
            le.minimum_reimbursement
        from balances as b
        inner join rates as r on r.currency = b.currency
        inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
        group by b.customer_account, le.minimum_reimbursement
        having sum(b.credits) > 0
    ),
    decisions as (
        select
            a.customer_account, a.credit_amount, a.debit_amount, a.has_later_activity,
            coalesce(nullif(c.vendor_account, ''), own.vendor_account) as vendor_account,
            case
                when c.on_hold_from <= (p_choices).posting_date
                    and (c.on_hold_to is null or c.on_hold_to >= (p_choices).posting_date) then 'on_hold'
                when a.is_marked then 'pending_settlement'
                when a.has_debits and not (p_choices).include_open_debits then 'open_debits'
                when not a.is_anything_left then 'no_net_credit'
                when a.has_later_activity then 'later_activity'
                when a.is_rate_missing then 'no_exchange_rate'
                when a.accounting_amount < a.minimum_reimbursement then 'below_minimum'
                when coalesce(nullif(c.vendor_account, ''), own.vendor_account) is null then null
                when v.vendor_account is null then 'vendor_missing'
                when v.hold in ('invoice', 'all') then 'vendor_on_hold'
                when v.customer_account <> a.customer_account then 'vendor_of_other_customer'
                -- A one-time vendor that was loaded, and that two customers name, belongs to neither.
                when v.is_one_time and v.customer_account is null and exists (
                    select from reimbursement.customers as other
                    where other.legal_entity_id = p_legal_entity_id
                        and other.vendor_account = v.vendor_account and other.customer_account <> a.customer_account
                ) then 'vendor_of_other_customer'
            end as skip_reason
        from totals as a
        inner join reimbursement.customers as c
            on c.legal_entity_id = p_legal_entity_id and c.customer_account = a.customer_account
        left join reimbursement.vendors as own
            on own.legal_entity_id = p_legal_entity_id and own.customer_account = a.customer_account
        left join reimbursement.vendors as v
            on v.legal_entity_id = p_legal_entity_id
                and v.vendor_account = coalesce(nullif(c.vendor_account, ''), own.vendor_account)
    ),
    positions as (
        select
            t.customer_transaction_id,
            coalesce(sum(t.open_amount) over (
                partition by t.customer_account, t.currency, t.is_credit
                order by t.due_date, t.transaction_date, t.customer_transaction_id
                rows between unbounded preceding and 1 preceding
            ), 0) as "position"
        from open_transactions as t
        where (p_choices).net_open_debits and (t.is_eligible or t.is_nettable)
    ),
    parts as (
        select
            t.*, d.vendor_account, d.skip_reason, d.credit_amount, d.debit_amount, r.exchange_rate,
            le.accounting_currency,
            coalesce(p."position", 0) as "position",
            -- A customer with nothing left is settled all the same, unless that would be dated before what it touches.
            case
                when d.skip_reason is null or (d.skip_reason = 'no_net_credit' and not d.has_later_activity)
                    then greatest(0, least(t.open_amount, b.netted - coalesce(p."position", 0)))
                else 0
            end as netted_amount
        from open_transactions as t
        inner join decisions as d on d.customer_account = t.customer_account
        inner join balances as b on b.customer_account = t.customer_account and b.currency = t.currency
        inner join rates as r on r.currency = t.currency
        inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
        left join positions as p on p.customer_transaction_id = t.customer_transaction_id
        where t.is_eligible or t.is_nettable
    )
    select
        t.customer_account, t.customer_transaction_id, t.is_credit, t.transaction_date, t.currency,
        t.receivable_account, t.dimension_set_id,
        case when not (p_choices).summarize_customer then t.receivable_account end,
        case when not (p_choices).summarize_customer then t.dimension_set_id end,
        t.amount, t.accounting_amount, t.settled_amount, t.settled_accounting_amount, t.last_settled_on,
        t."position", t.netted_amount,
        case when t.is_credit and t.skip_reason is null then t.open_amount - t.netted_amount else 0 end,
        case
            when t.is_credit and t.skip_reason is null then reimbursement.settled_accounting(
                t.amount, t.accounting_amount, t.settled_amount, t.settled_accounting_amount,
                t.settled_amount - t.netted_amount, t.accounting_currency) - t.accounting_amount
            else 0
        end,
        t.exchange_rate, t.vendor_account, t.vendor_account is null, t.skip_reason, t.credit_amount, t.debit_amount
    from parts as t
    where t.is_credit or t.netted_amount > 0
$$;

comment on function reimbursement.select_transactions(text, reimbursement.reimbursement_choices, text, text) is
'Decides who is reimbursed: the selection that preview and transfer share. Writes nothing.';
