-- What of the worth of a customer's eligible credits keeps them from being reimbursed by a batch: no_net_credit,
-- no_exchange_rate, below_minimum, each with the rows behind it.
--
-- Without an eligible credit there is nothing to be worth. Where a rate is missing, the worth is not known.
-- place: of the reason in the order of skip reasons.
-- Reads: legal_entities, exchange_rates, what open_credits_of and open_debits_of read.
create or replace function reimbursement.explain_worth(
    p_legal_entity_id text, p_customer_account text, p_batch reimbursement.reimbursement_batch
) returns table (place int, reason text, found jsonb, remedy text)
language sql stable
as $$
    with entity as (
        select
            le.minimum_reimbursement, le.accounting_currency, le.max_rate_age_days,
            reimbursement.minor_unit(le.accounting_currency) as decimals
        from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    ),
    currencies as materialized (
        select
            c.currency, c.credits, coalesce(d.debits, 0) as debits,
            c.credits - least(c.credits, coalesce(d.debits, 0)) as is_left,
            reimbursement.exchange_rate(p_legal_entity_id, c.currency, (p_batch).posting_date) as exchange_rate
        from (
            select x.currency, sum(x.open_amount) as credits
            from reimbursement.open_credits_of(p_legal_entity_id, p_customer_account, p_batch) as x
            where x.is_looked_at and x.waits_for = '{}'
            group by x.currency
        ) as c
        left join (
            select x.currency, sum(x.open_amount) as debits
            from reimbursement.open_debits_of(p_legal_entity_id, p_customer_account, p_batch) as x
            where x.is_netted
            group by x.currency
        ) as d on d.currency = c.currency
    )
    select
        6, 'no_net_credit',
        jsonb_agg(
            jsonb_build_object('currency', c.currency, 'credits', c.credits, 'debits', c.debits) order by c.currency
        ),
        'What he owes takes all of his credits, and is settled by the run; nothing has to be done.'
    from currencies as c
    having count(*) > 0 and not bool_or(c.is_left > 0)
    union all
    select
        8, 'no_exchange_rate',
        jsonb_agg(
            jsonb_build_object(
                'currency', c.currency, 'posting_date', (p_batch).posting_date,
                'latest_rate_of', (
                    select max(r.valid_from)
                    from reimbursement.exchange_rates as r
                    where r.legal_entity_id = p_legal_entity_id and r.currency = c.currency
                        and r.valid_from <= (p_batch).posting_date
                ),
                'max_rate_age_days', (select e.max_rate_age_days from entity as e)
            ) order by c.currency
        ),
        format('Add a rate of %s or before to exchange_rates, not older than max_rate_age_days.', (p_batch).posting_date)
    from currencies as c
    where c.exchange_rate is null
    having count(*) > 0
    union all
    select
        9, 'below_minimum',
        jsonb_build_array(jsonb_build_object(
            'worth', w.worth, 'minimum_reimbursement', e.minimum_reimbursement,
            'accounting_currency', e.accounting_currency)),
        format('Worth %s more is needed, or a lower minimum_reimbursement of the legal entity.',
            e.minimum_reimbursement - w.worth)
    from entity as e
    cross join (
        select sum(round(c.is_left * c.exchange_rate, x.decimals)) as worth
        from currencies as c
        cross join entity as x
        having count(*) > 0 and bool_and(c.exchange_rate is not null)
    ) as w
    where w.worth < e.minimum_reimbursement
$$;

comment on function reimbursement.explain_worth(text, text, reimbursement.reimbursement_batch) is
'What of the worth of a customer''s eligible credits keeps them from being reimbursed by a batch.';
