-- An IBAN as IBANs are compared: without spaces, in upper case.
--
-- Reads: nothing. An index calls it, as whoever writes, so that every name in it has its schema.
create or replace function reimbursement.plain_iban(p_iban text) returns text
language sql immutable parallel safe
as $$
    select pg_catalog.upper(pg_catalog.replace(p_iban, ' ', '') collate pg_catalog."C")
$$;

comment on function reimbursement.plain_iban(text) is 'An IBAN as IBANs are compared: without spaces, in upper case.';
