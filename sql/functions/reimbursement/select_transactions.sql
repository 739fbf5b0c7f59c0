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
-- What belongs to a customer or a currency is summed by windows, in one pass, not joined back: a join of sums has no
-- index, and is slow beyond measure where tables that were just loaded have no statistics yet.
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
            nullif(c.vendor_account, '') as named_vendor,
            coalesce(
                c.on_hold_from <= (p_choices).posting_date
                and (c.on_hold_to is null or c.on_hold_to >= (p_choices).posting_date), false
            ) as is_on_hold,
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
    rates as materialized (
        select
            c.currency,
            reimbursement.exchange_rate(p_legal_entity_id, c.currency, (p_choices).posting_date) as exchange_rate
        from (select distinct t.currency from open_transactions as t) as c
    ),
    -- What a customer has in a currency, and where on its side each transaction lies.
    balances as (
        select
            t.*,
            coalesce(sum(t.open_amount) filter (where t.is_eligible) over currency_of_customer, 0) as credits,
            coalesce(sum(t.open_amount) filter (where t.is_nettable) over currency_of_customer, 0) as debits,
            row_number() over (
                partition by t.customer_account, t.currency
                order by t.is_credit, t.due_date, t.transaction_date, t.customer_transaction_id
            ) = 1 as is_first_of_currency,
            coalesce(
                sum(t.open_amount) filter (where t.is_eligible or t.is_nettable) over (
                    side_of_currency rows between unbounded preceding and 1 preceding
                ), 0
            ) as "position"
        from open_transactions as t
        window
            currency_of_customer as (partition by t.customer_account, t.currency),
            side_of_currency as (
                partition by t.customer_account, t.currency, t.is_credit
                order by t.due_date, t.transaction_date, t.customer_transaction_id
            )
    ),
    -- Settling debits against credits leaves nothing on one of the two sides. A currency counts once for its customer.
    customers as (
        select
            b.*, r.exchange_rate, le.accounting_currency, le.minimum_reimbursement,
            least(b.credits, b.debits) as netted,
            sum(b.credits) over customer > 0 as has_credits,
            coalesce(sum(b.open_accounting_amount) filter (where b.is_eligible) over customer, 0) as credit_amount,
            coalesce(sum(b.open_accounting_amount) filter (where not b.is_credit) over customer, 0) as debit_amount,
            bool_or(not b.is_credit) over customer as has_debits,
            bool_or(b.is_marked) over customer as has_marked,
            bool_or(b.credits > b.debits) over customer as is_anything_left,
            coalesce(
                bool_or(b.last_settled_on > (p_choices).posting_date)
                    filter (
                        where b.is_eligible or (b.is_nettable and b."position" < least(b.credits, b.debits))
                    ) over customer, false
            ) as has_later_activity,
            bool_or(b.credits > 0 and r.exchange_rate is null) over customer as is_rate_missing,
            sum(
                round(
                    (b.credits - least(b.credits, b.debits)) * r.exchange_rate,
                    reimbursement.minor_unit(le.accounting_currency)
                )
            ) filter (where b.is_first_of_currency) over customer as worth
        from balances as b
        inner join rates as r on r.currency = b.currency
        inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
        window customer as (partition by b.customer_account)
    ),
    decisions as materialized (
        select
            c.*,
            coalesce(c.named_vendor, own.vendor_account) as vendor_account,
            case
                when c.is_on_hold then 'on_hold'
                when c.has_marked then 'pending_settlement'
                when c.has_debits and not (p_choices).include_open_debits then 'open_debits'
                when not c.is_anything_left then 'no_net_credit'
                when c.has_later_activity then 'later_activity'
                when c.is_rate_missing then 'no_exchange_rate'
                when c.worth < c.minimum_reimbursement then 'below_minimum'
                when coalesce(c.named_vendor, own.vendor_account) is null then null
                when v.vendor_account is null then 'vendor_missing'
                when v.hold in ('invoice', 'all') then 'vendor_on_hold'
                when v.customer_account <> c.customer_account then 'vendor_of_other_customer'
                -- A one-time vendor that was loaded without its customer is used by the one customer who names it, and
                -- only where that customer has none yet: so it always gets an owner.
                when v.is_one_time and v.customer_account is null and (
                    own.vendor_account is not null
                    or exists (
                        select from reimbursement.customers as other
                        where other.legal_entity_id = p_legal_entity_id
                            and other.vendor_account = v.vendor_account
                            and other.customer_account <> c.customer_account
                    )
                ) then 'vendor_of_other_customer'
            end as skip_reason
        from customers as c
        left join reimbursement.vendors as own
            on own.legal_entity_id = p_legal_entity_id and own.customer_account = c.customer_account
        left join reimbursement.vendors as v
            on v.legal_entity_id = p_legal_entity_id
                and v.vendor_account = coalesce(c.named_vendor, own.vendor_account)
        where c.has_credits and (c.is_eligible or c.is_nettable)
    ),
    parts as materialized (
        select
            d.*,
            -- A customer with nothing left is settled all the same, unless that would be dated before what it touches.
            case
                when d.skip_reason is null or (d.skip_reason = 'no_net_credit' and not d.has_later_activity)
                    then greatest(0, least(d.open_amount, d.netted - d."position"))
                else 0
            end as netted_amount
        from decisions as d
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
