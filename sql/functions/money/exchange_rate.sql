-- What one unit of a currency is worth in the legal entity's accounting currency on a day.
--
-- Returns: the newest rate that holds on the day; 1 for the accounting currency; null when there is none, or when it
-- is older than the legal entity's max_rate_age_days.
-- Reads: legal_entities, exchange_rates.
create or replace function reimbursement.exchange_rate(p_legal_entity_id text, p_currency text, p_on date)
returns numeric
language plpgsql stable parallel safe set search_path = reimbursement, pg_temp
as $$
declare
    v_accounting_currency text;
    v_max_rate_age_days int;
    v_rate record;
begin
    select le.accounting_currency, le.max_rate_age_days into v_accounting_currency, v_max_rate_age_days
    from reimbursement.legal_entities as le
    where le.legal_entity_id = p_legal_entity_id;
    if v_accounting_currency = p_currency then
        return 1;
    end if;
    select r.rate, r.valid_from into v_rate
    from reimbursement.exchange_rates as r
    where r.legal_entity_id = p_legal_entity_id and r.currency = p_currency and r.valid_from <= p_on
    order by r.valid_from desc
    limit 1;
    return case
        when v_max_rate_age_days is null or p_on - v_rate.valid_from <= v_max_rate_age_days then v_rate.rate
    end;
end
$$;

comment on function reimbursement.exchange_rate(text, text, date) is
'One unit of a currency in accounting currency on a day; null when there is no rate or it is too old.';
