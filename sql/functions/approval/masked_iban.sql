-- An IBAN as those see it who need not know it: DE89…3000.
create or replace function reimbursement.masked_iban(p_iban text) returns text
language sql immutable parallel safe
as $$
    select left(replace(p_iban, ' ', ''), 4) || '…' || right(replace(p_iban, ' ', ''), 4)
$$;

comment on function reimbursement.masked_iban(text) is 'An IBAN as those see it who need not know it: DE89…3000.';
