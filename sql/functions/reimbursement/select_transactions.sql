-- Decides who is reimbursed: the one selection that preview and transfer share (product rules 2 and 3).
--
-- p_batches: what is asked for. p_accounts and p_account_batches: the customers that were locked, and the batch of each
-- by its place; null: all whom the batches name, for the preview.
-- A credit waits, and is not eligible, while it is held, cools, or is of a type that is not refundable (credit_rules):
-- on the posting date or on the day of the transfer, so that neither of the two evades it.
-- Returns a row per open credit that is eligible, with its customer's skip_reason or null, of a customer all of whose
-- credits wait a row for each of them; and, where debits are netted, a row per debit that is settled. Amounts in rows
-- are positive parts of the open amount, in the transaction's currency:
--   position           what is open before it, on its side and in its currency, oldest due date first
--   netted_amount      settled against the other side
--   reimbursed_amount  what is left of a credit and is reimbursed; reimbursed_accounting_amount is its accounting part
-- group_receivable_account and group_dimension_set_id are null where the customer is summarized.
-- credit_amount and debit_amount are the customer's, in accounting currency, before any netting.
-- Every table is looked up by a whole key, for one customer at a time: the limit or the offset of each look-up keeps it
-- so, whatever the planner knows of tables that were just loaded. What belongs to a customer or a currency is summed by
-- windows, in one pass, not joined back. An offset of 0 also keeps a step apart whose result is used more than once.
-- Reads: customers, customer_transactions, vendors, exchange_rates, legal_entities, credit_rules. Writes and locks
-- nothing.
create or replace function reimbursement.select_transactions(
    p_legal_entity_id text,
    p_batches reimbursement.reimbursement_batch [],
    p_accounts text [] default null,
    p_account_batches bigint [] default null
) returns setof reimbursement.selected_transaction
language sql stable
as $$
    with entity as materialized (
        select
            le.accounting_currency, reimbursement.minor_unit(le.accounting_currency) as decimals,
            le.minimum_reimbursement, le.one_time_payment_terms_days
        from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    ),
    -- Rules are few: one object of types and days that the statement reads once. What is not refundable cools for ever.
    rules as materialized (
        select
            jsonb_object_agg(
                r.transaction_type, case when r.is_refundable then r.cooling_days else 2147483647 end
            ) as cooling_days
        from reimbursement.credit_rules as r
        where r.legal_entity_id = p_legal_entity_id
    ),
    named as (
        select k.customer_account, k.batch
        from unnest(p_accounts, p_account_batches) as k (customer_account, batch)
        union all
        select f.customer_account, f.batch
        from reimbursement.find_customers(p_legal_entity_id, p_batches) as f
        where p_accounts is null
    ),
    -- A customer: whom to pay, and what he owes.
    customers as (
        select
            b.job_id, b.run_id, b.posting_date, b.credits_through, b.summarize_customer, b.include_open_debits,
            b.net_open_debits, b.currency as run_currency, b.due_in_days,
            least(b.posting_date, b.transfer_date) as first_day, c.customer_account,
            c.vendor_account as named_vendor, c.is_on_hold, o.vendor_account as own_vendor,
            v.vendor_account as found_vendor, v.hold as vendor_hold,
            v.is_one_time as vendor_is_one_time, v.customer_account as vendor_customer, v.payment_terms_days,
            d.debit_amount, d.has_debits, d.has_marked_debits
        from named as n
        inner join unnest(p_batches) with ordinality as b on b.ordinality = n.batch
        cross join lateral (
            select
                x.customer_account, nullif(x.vendor_account, '') as vendor_account,
                coalesce(
                    (
                        x.on_hold_from <= b.posting_date
                        and (x.on_hold_to is null or x.on_hold_to >= b.posting_date)
                    )
                    or (
                        x.on_hold_from <= b.transfer_date
                        and (x.on_hold_to is null or x.on_hold_to >= b.transfer_date)
                    ), false
                ) as is_on_hold
            from reimbursement.customers as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = n.customer_account
                and (
                    p_accounts is not null
                    or reimbursement.matches_filter(reimbursement.fold_account(x.customer_group), b.customer_groups)
                )
            limit 1
        ) as c
        left join lateral (
            select x.vendor_account
            from reimbursement.vendors as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = c.customer_account
                and x.customer_account is not null
            limit 1
        ) as o on true
        left join lateral (
            select x.vendor_account, x.hold, x.is_one_time, x.customer_account, x.payment_terms_days
            from reimbursement.vendors as x
            where x.legal_entity_id = p_legal_entity_id
                and x.vendor_account = coalesce(c.vendor_account, o.vendor_account)
            limit 1
        ) as v on true
        cross join lateral (
            select
                coalesce(sum(x.accounting_amount - x.settled_accounting_amount), 0) as debit_amount,
                count(*) > 0 as has_debits, coalesce(bool_or(x.marked_for is not null), false) as has_marked_debits
            from reimbursement.customer_transactions as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = c.customer_account
                and x.amount > 0 and x.settled_amount <> x.amount
        ) as d
    ),
    -- Every open transaction that has a say: the credits of the run's currency, and the debits that may be netted.
    open_transactions as materialized (
        select
            c.*, t.*, abs(t.amount - t.settled_amount) as open_amount,
            abs(t.accounting_amount - t.settled_accounting_amount) as open_accounting_amount,
            t.amount < 0 as is_credit,
            t.amount < 0 and t.transaction_date <= c.credits_through as is_looked_at,
            t.amount < 0 and t.transaction_date <= c.credits_through and not t.waits as is_eligible
        from customers as c
        cross join lateral (
            select
                x.customer_transaction_id, x.ctid as row_version, x.currency, x.receivable_account,
                x.dimension_set_id, x.transaction_date, x.due_date, x.amount, x.accounting_amount, x.settled_amount,
                x.settled_accounting_amount, x.last_settled_on, x.marked_for is not null as is_marked,
                coalesce(x.held_until >= c.first_day, false)
                or coalesce(
                    c.first_day - x.transaction_date
                    <= nullif(((select r.cooling_days from rules as r) ->> x.transaction_type)::int, 0), false
                ) as waits
            from reimbursement.customer_transactions as x
            where x.legal_entity_id = p_legal_entity_id
                and reimbursement.fold_account(x.customer_account) = reimbursement.fold_account(c.customer_account)
                and x.customer_account = c.customer_account
                and x.amount < 0 and x.settled_amount <> x.amount
                and (c.run_currency is null or x.currency = c.run_currency)
            union all
            select
                x.customer_transaction_id, x.ctid as row_version, x.currency, x.receivable_account,
                x.dimension_set_id, x.transaction_date, x.due_date, x.amount, x.accounting_amount, x.settled_amount,
                x.settled_accounting_amount, x.last_settled_on, false, false
            from reimbursement.customer_transactions as x
            where c.net_open_debits and x.legal_entity_id = p_legal_entity_id
                and x.customer_account = c.customer_account
                and x.amount > 0 and x.settled_amount <> x.amount
                and x.transaction_date <= c.posting_date
                and (c.run_currency is null or x.currency = c.run_currency)
            offset 0
        ) as t
    ),
    rates as materialized (
        select
            c.currency, c.posting_date,
            reimbursement.exchange_rate(p_legal_entity_id, c.currency, c.posting_date) as exchange_rate
        from (select distinct t.currency, t.posting_date from open_transactions as t) as c
    ),
    -- What a customer has in a currency, and where on its side each transaction lies.
    balances as (
        select
            t.*,
            coalesce(sum(t.open_amount) filter (where t.is_eligible) over currency_of_customer, 0) as credits,
            coalesce(sum(t.open_amount) filter (where not t.is_credit) over currency_of_customer, 0) as debits,
            row_number() over (
                partition by t.customer_account, t.currency
                order by t.is_credit, t.due_date, t.transaction_date, t.customer_transaction_id
            ) = 1 as is_first_of_currency,
            coalesce(
                sum(t.open_amount) filter (where t.is_eligible or not t.is_credit) over (
                    side_of_currency rows between unbounded preceding and 1 preceding
                ), 0
            ) as "position",
            (
                select r.exchange_rate from rates as r
                where r.currency = t.currency and r.posting_date = t.posting_date
            ) as exchange_rate
        from open_transactions as t
        window
            currency_of_customer as (partition by t.customer_account, t.currency),
            side_of_currency as (
                partition by t.customer_account, t.currency, t.is_credit
                order by t.due_date, t.transaction_date, t.customer_transaction_id
            )
    ),
    -- Settling debits against credits leaves nothing on one of the two sides. A currency counts once for its customer.
    sums as (
        select
            b.*, e.accounting_currency, e.minimum_reimbursement, e.one_time_payment_terms_days,
            least(b.credits, b.debits) as netted,
            bool_or(b.is_looked_at) over customer as has_credits,
            sum(b.credits) over customer > 0 as has_eligible_credits,
            coalesce(sum(b.open_accounting_amount) filter (where b.is_eligible) over customer, 0) as credit_amount,
            bool_or(b.is_marked or b.has_marked_debits) over customer as has_marked,
            bool_or(b.credits > b.debits) over customer as is_anything_left,
            coalesce(
                bool_or(b.last_settled_on > b.posting_date)
                    filter (
                        where b.is_eligible or (not b.is_credit and b."position" < least(b.credits, b.debits))
                    ) over customer, false
            ) as has_later_activity,
            bool_or(b.credits > 0 and b.exchange_rate is null) over customer as is_rate_missing,
            sum(round((b.credits - least(b.credits, b.debits)) * b.exchange_rate, e.decimals))
                filter (where b.is_first_of_currency) over customer as worth
        from balances as b
        cross join entity as e
        window customer as (partition by b.customer_account)
    ),
    decisions as (
        select
            s.*,
            coalesce(s.named_vendor, s.own_vendor) as vendor_account,
            case
                when s.is_on_hold then 'on_hold'
                when s.has_marked then 'pending_settlement'
                when not s.has_eligible_credits then 'credits_held'
                when s.has_debits and not s.include_open_debits then 'open_debits'
                when not s.is_anything_left then 'no_net_credit'
                when s.has_later_activity then 'later_activity'
                when s.is_rate_missing then 'no_exchange_rate'
                when s.worth < s.minimum_reimbursement then 'below_minimum'
                when coalesce(s.named_vendor, s.own_vendor) is null then null
                when s.found_vendor is null then 'vendor_missing'
                when s.vendor_hold in ('invoice', 'all') then 'vendor_on_hold'
                when s.vendor_customer <> s.customer_account then 'vendor_of_other_customer'
                -- A one-time vendor that was loaded without its customer is used by the one customer who names it, and
                -- only where that customer has none yet: so it always gets an owner.
                when s.vendor_is_one_time and s.vendor_customer is null and (
                    s.own_vendor is not null
                    or exists (
                        select from reimbursement.customers as x
                        where x.legal_entity_id = p_legal_entity_id
                            and x.vendor_account = s.found_vendor and x.customer_account <> s.customer_account
                        offset 0
                    )
                ) then 'vendor_of_other_customer'
            end as skip_reason
        from sums as s
        where s.has_credits
            and (s.is_eligible or not s.is_credit or (s.is_looked_at and not s.has_eligible_credits))
        offset 0
    ),
    parts as (
        select
            d.*,
            -- A customer with nothing left is settled all the same, unless that would be dated before what it touches.
            case
                when d.skip_reason is null or (d.skip_reason = 'no_net_credit' and not d.has_later_activity)
                    then greatest(0, least(d.open_amount, d.netted - d."position"))
                else 0
            end as netted_amount
        from decisions as d
        offset 0
    ),
    left_over as (
        select
            p.*,
            case when p.is_credit and p.skip_reason is null then p.open_amount - p.netted_amount else 0 end
            as reimbursed_amount,
            case when not p.summarize_customer then p.receivable_account end as group_receivable_account,
            case when not p.summarize_customer then p.dimension_set_id end as group_dimension_set_id
        from parts as p
        where p.is_credit or p.netted_amount > 0
        offset 0
    )
    select
        p_legal_entity_id, l.job_id, l.run_id, l.posting_date, l.customer_account, l.customer_transaction_id,
        l.row_version, l.is_credit, l.transaction_date, l.currency, l.receivable_account, l.dimension_set_id,
        l.group_receivable_account, l.group_dimension_set_id, l.amount, l.accounting_amount, l.settled_amount,
        l.settled_accounting_amount, l.last_settled_on, l."position", l.netted_amount, l.reimbursed_amount,
        case
            when l.reimbursed_amount = 0 then 0
            when l.netted_amount = 0 then l.open_accounting_amount
            else reimbursement.settled_accounting(
                l.amount, l.accounting_amount, l.settled_amount, l.settled_accounting_amount,
                l.settled_amount - l.netted_amount, l.accounting_currency) - l.accounting_amount
        end,
        l.exchange_rate, l.vendor_account,
        case
            when l.due_in_days is not null then l.due_in_days
            when l.vendor_account is null then l.one_time_payment_terms_days
            else coalesce(l.payment_terms_days, 0)
        end,
        l.vendor_account is null, l.named_vendor is null, l.vendor_is_one_time and l.vendor_customer is null,
        l.skip_reason, l.credit_amount, l.debit_amount,
        case when l.reimbursed_amount > 0 then dense_rank() over (
            partition by l.reimbursed_amount > 0
            order by l.customer_account, l.currency, l.group_receivable_account, l.group_dimension_set_id
        ) end,
        case when l.reimbursed_amount > 0 then dense_rank() over (
            partition by l.reimbursed_amount > 0
            order by
                l.customer_account, l.currency, l.group_receivable_account, l.group_dimension_set_id,
                l.receivable_account, l.dimension_set_id
        ) end
    from left_over as l
$$;

comment on function reimbursement.select_transactions(
    text, reimbursement.reimbursement_batch [], text [], bigint []
) is 'Decides who is reimbursed: the selection that preview and transfer share. Writes nothing.';
