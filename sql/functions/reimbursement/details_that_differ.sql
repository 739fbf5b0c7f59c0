-- What a one-time vendor has otherwise than his customer, of what follows the customer: name, address (the country is
-- part of it), tax_number, bank_details (a BIC belongs to its IBAN).
--
-- Spaces in an IBAN make no difference; nothing and an empty text are the same.
create or replace function reimbursement.details_that_differ(
    p_vendor reimbursement.vendors, p_customer reimbursement.customers
) returns text []
language sql immutable
as $$
    select array_remove(array[
        case
            when coalesce((p_vendor).country, '') <> coalesce((p_customer).country, '')
                or coalesce((p_vendor).address, '{}') <> coalesce((p_customer).address, '{}') then 'address'
        end,
        case
            when replace(coalesce((p_vendor).iban, ''), ' ', '') <> replace(coalesce((p_customer).iban, ''), ' ', '')
                or coalesce((p_vendor).bic, '') <> coalesce((p_customer).bic, '') then 'bank_details'
        end,
        case when (p_vendor).name is distinct from (p_customer).name then 'name' end,
        case when coalesce((p_vendor).tax_number, '') <> coalesce((p_customer).tax_number, '') then 'tax_number' end
    ], null)
$$;

comment on function reimbursement.details_that_differ(reimbursement.vendors, reimbursement.customers) is
'What a one-time vendor has otherwise than his customer, of what follows the customer.';
