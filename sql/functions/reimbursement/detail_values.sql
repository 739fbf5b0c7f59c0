-- A detail of a one-time vendor and of his customer, as text: name, address, tax_number or bank_details.
create or replace function reimbursement.detail_values(
    p_field text, p_vendor reimbursement.vendors, p_customer reimbursement.customers,
    out old_value text, out new_value text
)
language sql immutable
as $$
    select
        case p_field
            when 'name' then (p_vendor).name
            when 'tax_number' then (p_vendor).tax_number
            when 'address' then nullif(concat_ws(' ', (p_vendor).address, (p_vendor).country), '')
            when 'bank_details' then nullif(concat_ws(' ', (p_vendor).iban, (p_vendor).bic), '')
        end,
        case p_field
            when 'name' then (p_customer).name
            when 'tax_number' then (p_customer).tax_number
            when 'address' then nullif(concat_ws(' ', (p_customer).address, (p_customer).country), '')
            when 'bank_details' then nullif(concat_ws(' ', (p_customer).iban, (p_customer).bic), '')
        end
$$;

comment on function reimbursement.detail_values(text, reimbursement.vendors, reimbursement.customers) is
'A detail of a one-time vendor and of his customer, as text.';
