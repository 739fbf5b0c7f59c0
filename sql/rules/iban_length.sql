-- How many characters an IBAN of a country has (ISO 13616; SWIFT's IBAN registry, release 101 of 2025).
--
-- p_country: the first two letters of the IBAN.
-- Returns: 15 to 33; null for a country that has no IBANs.
-- Reads: nothing. It is called by triggers on what users load, for every row.
create or replace function reimbursement.iban_length(p_country text) returns integer
language sql immutable parallel safe
as $$
    select case
        when p_country in ('AT', 'BA', 'EE', 'KZ', 'LT', 'LU', 'MN', 'XK') then 20
        when p_country in ('BG', 'BH', 'CR', 'DE', 'GB', 'GE', 'IE', 'ME', 'RS', 'VA') then 22
        when p_country in ('BI', 'DJ', 'FR', 'GR', 'IT', 'MC', 'MR', 'SM') then 27
        when p_country in ('AD', 'CZ', 'ES', 'MD', 'PK', 'RO', 'SA', 'SE', 'SK', 'TN', 'VG') then 24
        when p_country in ('DK', 'FI', 'FK', 'FO', 'GL', 'NL', 'SD') then 18
        when p_country in ('AL', 'AZ', 'BY', 'CY', 'DO', 'GT', 'HN', 'HU', 'LB', 'NI', 'PL', 'SV') then 28
        when p_country in ('CH', 'HR', 'LI', 'LV') then 21
        when p_country = 'BE' then 16
        when p_country in ('LY', 'PT', 'ST') then 25
        when p_country = 'NO' then 15
        when p_country in ('MK', 'SI') then 19
        when p_country in ('AE', 'GI', 'IL', 'IQ', 'OM', 'SO', 'TL') then 23
        when p_country in ('IS', 'TR') then 26
        when p_country in ('BR', 'EG', 'PS', 'QA', 'UA') then 29
        when p_country in ('JO', 'KW', 'MU', 'YE') then 30
        when p_country in ('MT', 'SC') then 31
        when p_country = 'LC' then 32
        when p_country = 'RU' then 33
    end
$$;

comment on function reimbursement.iban_length(text) is
'How many characters an IBAN of a country has; null for a country that has no IBANs.';
