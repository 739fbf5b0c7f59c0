-- An account as filters compare it: in upper case, byte by byte. NULL is blank.
create or replace function reimbursement.fold_account(p_account text) returns text
language sql immutable parallel safe
as $$
    select upper(coalesce(p_account, '') collate "und-x-icu") collate "C"
$$;

comment on function reimbursement.fold_account(text) is
'An account as filters compare it: upper case by ICU rules, then byte by byte; NULL is blank.';
