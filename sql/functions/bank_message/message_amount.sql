-- The amount that a message names: digits, and decimals behind a point. Null: it is no such number.
create or replace function reimbursement.message_amount(p_text text) returns numeric
language sql immutable parallel safe
as $$
    select case when p_text ~ '^\+?\d{1,18}(\.\d{0,10})?$' then p_text::numeric end
$$;

comment on function reimbursement.message_amount(text) is 'The amount that a message of a bank names; null: it is no number.';
