-- What of a customer's hold and transactions keeps his credits from being reimbursed by a batch: no_open_credit,
-- on_hold, pending_settlement, credits_held, open_debits, later_activity, each with the rows behind it.
--
-- place: of the reason in the order of skip reasons. credits_held is there too where only some of the credits wait.
-- Reads: customers, what open_credits_of and open_debits_of read.
create or replace function reimbursement.explain_transactions(
    p_legal_entity_id text, p_customer_account text, p_batch reimbursement.reimbursement_batch
) returns table (place int, reason text, found jsonb, remedy text)
language sql stable
as $$
    with credits as materialized (
        select c.*, c.is_looked_at and c.waits_for = '{}' as is_eligible
        from reimbursement.open_credits_of(p_legal_entity_id, p_customer_account, p_batch) as c
    ),
    debits as materialized (
        select d.* from reimbursement.open_debits_of(p_legal_entity_id, p_customer_account, p_batch) as d
    ),
    eligible as (
        select c.currency, sum(c.open_amount) as credits
        from credits as c
        where c.is_eligible
        group by c.currency
    )
    select
        1, 'no_open_credit',
        (
            select coalesce(
                jsonb_agg(
                    jsonb_build_object(
                        'voucher', c.voucher, 'transaction_date', c.transaction_date, 'currency', c.currency,
                        'open_amount', c.open_amount
                    ) order by c.transaction_date, c.customer_transaction_id
                ), '[]')
            from credits as c
        ),
        format('Nothing is open that is dated up to %s%s: load or reopen a credit, or give a later cut-off or another currency.',
            (p_batch).credits_through, ' in ' || (p_batch).currency)
    where not exists (select from credits as c where c.is_looked_at)
    union all
    select
        2, 'on_hold',
        jsonb_build_array(jsonb_build_object(
            'on_hold_from', x.on_hold_from, 'on_hold_to', x.on_hold_to, 'posting_date', (p_batch).posting_date,
            'transfer_date', (p_batch).transfer_date)),
        'End the hold (customers.on_hold_to) before both the posting date and the day of the transfer.'
    from reimbursement.customers as x
    where x.legal_entity_id = p_legal_entity_id and x.customer_account = p_customer_account
        and (
            (
                x.on_hold_from <= (p_batch).posting_date
                and (x.on_hold_to is null or x.on_hold_to >= (p_batch).posting_date)
            )
            or (
                x.on_hold_from <= (p_batch).transfer_date
                and (x.on_hold_to is null or x.on_hold_to >= (p_batch).transfer_date)
            )
        )
    union all
    select
        3, 'pending_settlement',
        jsonb_agg(
            jsonb_build_object(
                'voucher', m.voucher, 'transaction_type', m.transaction_type, 'currency', m.currency,
                'open_amount', m.open_amount, 'marked_for', m.marked_for
            ) order by m.customer_transaction_id
        ),
        'Post or cancel these settlements, or empty marked_for of the transactions.'
    from (
        select
            c.customer_transaction_id, c.voucher, c.transaction_type, c.currency, -c.open_amount as open_amount,
            c.marked_for
        from credits as c
        where c.marked_for is not null
        union all
        select d.customer_transaction_id, d.voucher, d.transaction_type, d.currency, d.open_amount, d.marked_for
        from debits as d
        where d.marked_for is not null
    ) as m
    having count(*) > 0
    union all
    select
        4, 'credits_held',
        jsonb_agg(
            jsonb_strip_nulls(jsonb_build_object(
                'voucher', c.voucher, 'transaction_type', c.transaction_type, 'transaction_date', c.transaction_date,
                'currency', c.currency, 'open_amount', c.open_amount, 'open_accounting_amount',
                c.open_accounting_amount, 'waits_for', c.waits_for,
                'held_until', case when 'held' = any (c.waits_for) then c.held_until end,
                'hold_reason', case when 'held' = any (c.waits_for) then c.hold_reason end,
                'cooling_until', case when 'cooling' = any (c.waits_for) then c.cooling_until end
            )) order by c.customer_transaction_id
        ),
        concat_ws(' ',
            case when bool_or('held' = any (c.waits_for))
                then 'Held: post and run after held_until, or set an earlier one in customer_transactions.' end,
            case when bool_or('cooling' = any (c.waits_for))
                then 'Cooling: post and run after cooling_until; the days are those of credit_rules.' end,
            case when bool_or('not_refundable' = any (c.waits_for))
                then 'Not refundable: settle it against an invoice (settle_transactions), or change credit_rules.' end,
            case when exists (select from eligible) then 'His other credits are not held up.' end)
    from credits as c
    where c.is_looked_at and c.waits_for <> '{}'
    having count(*) > 0
    union all
    select
        5, 'open_debits',
        jsonb_agg(
            jsonb_build_object(
                'voucher', d.voucher, 'transaction_type', d.transaction_type, 'transaction_date', d.transaction_date,
                'currency', d.currency, 'open_amount', d.open_amount
            ) order by d.customer_transaction_id
        ),
        'Settle these debits, or include customers with open debits: include_open_debits, and net_open_debits to settle them first.'
    from debits as d
    where not (p_batch).include_open_debits
    having count(*) > 0
    union all
    select
        7, 'later_activity',
        jsonb_agg(
            jsonb_build_object(
                'voucher', a.voucher, 'currency', a.currency, 'open_amount', a.open_amount,
                'last_settled_on', a.last_settled_on
            ) order by a.customer_transaction_id
        ),
        format('Nothing is dated before what it touches: post on %s or later.', max(a.last_settled_on))
    from (
        select c.customer_transaction_id, c.voucher, c.currency, -c.open_amount as open_amount, c.last_settled_on
        from credits as c
        where c.is_eligible
        union all
        select d.customer_transaction_id, d.voucher, d.currency, d.open_amount, d.last_settled_on
        from debits as d
        inner join eligible as e on e.currency = d.currency
        where d.is_netted and d.reaches < e.credits
    ) as a
    where a.last_settled_on > (p_batch).posting_date
    having count(*) > 0
$$;

comment on function reimbursement.explain_transactions(text, text, reimbursement.reimbursement_batch) is
'What of a customer''s hold and transactions keeps his credits from being reimbursed by a batch.';
