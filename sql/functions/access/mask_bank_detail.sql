-- An IBAN or a BIC as those see it who may not see it in full: DE89…3000.
--
-- Enough to recognize it by, too little to pay to it. A text too short for that shows nothing; null stays null.
create or replace function reimbursement.mask_bank_detail(p_detail text) returns text
language sql immutable parallel safe
as $$
    select left(d.detail, 4) || '…' || case when length(d.detail) < 12 then '' else right(d.detail, 4) end
    from (select replace(p_detail, ' ', '')) as d (detail)
$$;

comment on function reimbursement.mask_bank_detail(text) is 'An IBAN or a BIC masked: DE89…3000.';
