-- An account as filters compare it: in upper case, byte by byte. NULL is blank.
--
-- Indexes call it as whoever writes, so that every name in it has its schema.
create or replace function reimbursement.fold_account(p_account text) returns text
language sql immutable parallel safe
as $$
    select pg_catalog.upper(coalesce(p_account, '') collate pg_catalog."und-x-icu") collate pg_catalog."C"
$$;

comment on function reimbursement.fold_account(text) is
'An account as filters compare it: upper case by ICU rules, then byte by byte; NULL is blank.';
