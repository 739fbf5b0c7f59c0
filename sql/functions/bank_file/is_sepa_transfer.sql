-- Whether a payment is a SEPA credit transfer: euros, to an account in a country of the SEPA schemes.
--
-- The countries are those of the European Payments Council's list (EPC409-09) by the end of 2025: the EU and the rest
-- of the EEA, Switzerland, the United Kingdom and Gibraltar, four small states, and those that joined in 2024 and 2025.
-- Territories have the IBANs of their countries: Guernsey those of GB, Reunion those of FR.
-- Returns: true or false; null for null.
create or replace function reimbursement.is_sepa_transfer(p_currency text, p_iban text) returns boolean
language sql immutable parallel safe
as $$
    select p_currency = 'EUR' and left(ltrim(p_iban), 2) in (
        'AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU',
        'IE', 'IT', 'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK',
        'IS', 'LI', 'NO',
        'CH', 'GB', 'GI',
        'AD', 'MC', 'SM', 'VA',
        'AL', 'MD', 'ME', 'MK', 'RS'
    )
$$;

comment on function reimbursement.is_sepa_transfer(text, text) is
'Whether a payment is a SEPA credit transfer: euros, to an account in a country of SEPA.';
