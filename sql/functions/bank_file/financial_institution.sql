-- A bank in a credit-transfer message: its BIC, in the element that the version of the message has for it.
--
-- Without a BIC it is said not to be provided: in SEPA the bank finds it from the IBAN.
create or replace function reimbursement.financial_institution(p_format text, p_bic text) returns xml
language sql immutable parallel safe
as $$
    select xmlelement(name "FinInstnId", case
        when p_bic is null then xmlelement(name "Othr", xmlelement(name "Id", 'NOTPROVIDED'))
        when p_format = 'pain.001.001.03' then xmlelement(name "BIC", p_bic)
        else xmlelement(name "BICFI", p_bic)
    end)
$$;

comment on function reimbursement.financial_institution(text, text) is
'A bank in a credit-transfer message: its BIC, in the element that the version of the message has for it.';
