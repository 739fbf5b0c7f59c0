-- Trigger: notes what a person changes of a one-time vendor that a run made, which then no longer follows his customer.
--
-- What the person sets to the customer's follows again. What a run or refresh_one_time_vendors() writes does not count.
-- Reads: customers. Writes: edited_by_hand of the row.
create or replace function reimbursement.note_vendor_edit() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
as $$
declare
    v_customer reimbursement.customers;
    v_differ text [];
begin
    select c.* into v_customer
    from reimbursement.customers as c
    where c.legal_entity_id = new.legal_entity_id and c.customer_account = new.customer_account;
    v_differ := reimbursement.details_that_differ(new, v_customer);
    new.edited_by_hand := array(
        select f.field
        from unnest(v_differ) as f (field)
        where f.field = any (old.edited_by_hand) or f.field = any (
            array_remove(array[
                case when new.name is distinct from old.name then 'name' end,
                case when (new.country, new.address) is distinct from (old.country, old.address) then 'address' end,
                case when new.tax_number is distinct from old.tax_number then 'tax_number' end,
                case when (new.iban, new.bic) is distinct from (old.iban, old.bic) then 'bank_details' end
            ], null))
        order by f.field
    );
    return new;
end
$$;

comment on function reimbursement.note_vendor_edit() is
'Trigger: notes what a person changes of a one-time vendor that a run made, which then no longer follows his customer.';
