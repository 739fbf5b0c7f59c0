-- Whether there is something to write on a one-time vendor so that it follows his customer: something differs that no
-- person changed, or what a person changed does not differ any more.
create or replace function reimbursement.follows_anew(
    p_vendor reimbursement.vendors, p_customer reimbursement.customers
) returns boolean
language sql immutable
as $$
    select not reimbursement.details_that_differ(p_vendor, p_customer) <@ (p_vendor).edited_by_hand
        or not (p_vendor).edited_by_hand <@ reimbursement.details_that_differ(p_vendor, p_customer)
$$;

comment on function reimbursement.follows_anew(reimbursement.vendors, reimbursement.customers) is
'Whether there is something to write on a one-time vendor so that it follows his customer.';
