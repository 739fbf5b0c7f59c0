-- An address as the bank files have it: in its parts, where its town and country are known. Banks refuse one without
-- them from November 2026 on.
--
-- p_address: street, building, postcode and town. Returns: one row; town is null where there is none or no country with
-- it, '' where it cannot be written: then the address is left out.
-- Calls: transfer_text.
create or replace function reimbursement.transfer_address(p_country text, p_address jsonb)
returns table (street text, building text, postcode text, town text, country text)
language sql immutable parallel safe
as $$
    select
        reimbursement.transfer_text(a.address ->> 'street', 70),
        reimbursement.transfer_text(a.address ->> 'building', 16),
        reimbursement.transfer_text(a.address ->> 'postcode', 16),
        t.town, upper(p_country)
    from reimbursement.transfer_text(
        case when p_country ~ '^[A-Za-z]{2}$' then nullif(p_address ->> 'town', '') end, 35
    ) as t (town)
    cross join lateral (select case when t.town <> '' then p_address end as address) as a
$$;

comment on function reimbursement.transfer_address(text, jsonb) is
'An address as the bank files have it: in its parts, where its town and country are known.';
