-- What one unit of a currency is worth in the legal entity's accounting currency on a day.
--
-- Returns: the newest rate that holds on the day; 1 for the accounting currency; null when there is none, or when it
-- is older than the legal entity's max_rate_age_days.
-- Reads: legal_entities, exchange_rates.
create or replace function reimbursement.exchange_rate(p_legal_entity_id text, p_currency text, p_on date)
returns numeric
language sql stable parallel safe
as $$
    select case
        when le.accounting_currency = p_currency then 1
        else (
            select case when le.max_rate_age_days is null or p_on - r.valid_from <= le.max_rate_age_days then r.rate end
            from reimbursement.exchange_rates as r
            where r.legal_entity_id = p_legal_entity_id and r.currency = p_currency and r.valid_from <= p_on
            order by r.valid_from desc
            limit 1
        )
    end
    from reimbursement.legal_entities as le
    where le.legal_entity_id = p_legal_entity_id
$$;

comment on function reimbursement.exchange_rate(text, text, date) is
'One unit of a currency in accounting currency on a day; null when there is no rate or it is too old.';
