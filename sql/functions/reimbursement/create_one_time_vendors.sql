-- Creates a one-time vendor from the template for every customer of the batch who has no vendor, and writes the vendor
-- account back to the customer, also where only the customer's was emptied.
--
-- A one-time vendor that a user loaded without its customer stands from now on for the customer it is used for.
-- Accounts are looked up by keys from an array: joined, the planner may go through all vendors for each customer.
-- Customers are locked and a one-time vendor is unique per customer, so there are never two for one.
-- Reads: selected_transactions, taken_numbers, legal_entities. Writes: vendors, customers.
-- Raises: RB013 the number sequence gives an account that a vendor has already; 40001, to be tried again, when somebody
-- changed a one-time vendor meanwhile.
create or replace function reimbursement.create_one_time_vendors(p_legal_entity_id text, p_run_id bigint)
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_detail text;
    v_constraint text;
begin
    begin
        insert into reimbursement.vendors (
            legal_entity_id, vendor_account, name, vendor_group, is_one_time, payment_terms_days, method_of_payment,
            iban, bic, country, address, language, tax_number, customer_account, run_id
        )
        select
            p_legal_entity_id,
            reimbursement.format_number(
                t.format, t.first_number + row_number() over (order by c.customer_account) - 1),
            c.name, le.one_time_vendor_group, true, le.one_time_payment_terms_days, le.one_time_method_of_payment,
            c.iban, c.bic, c.country, c.address, c.language, c.tax_number, c.customer_account, p_run_id
        from reimbursement.customers as c
        inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
        inner join pg_temp.taken_numbers as t on t.sequence = 'one_time_vendor'
        where c.legal_entity_id = p_legal_entity_id
            and c.customer_account = any (array(
                select s.customer_account from pg_temp.selected_transactions as s
                where s.reimbursement_index is not null and s.is_new_vendor
            ));
    exception when unique_violation then
        get stacked diagnostics v_detail = pg_exception_detail, v_constraint = constraint_name;
        if v_constraint <> 'vendors_pkey' then
            raise exception using errcode = 'serialization_failure',
                message = 'a one-time vendor was created by somebody else meanwhile', detail = v_detail,
                hint = 'Nothing was written. The job is tried again by itself.';
        end if;
        raise exception using errcode = 'RB013',
            message = format('the number sequence one_time_vendor of legal entity "%s" gives a vendor account that exists already',
                p_legal_entity_id),
            detail = v_detail,
            hint = 'Set next_number or format of the sequence in reimbursement.number_sequences, then retry the run.';
    end;

    update reimbursement.vendors as v
    set customer_account = (
        select s.customer_account from pg_temp.selected_transactions as s
        where s.vendor_account = v.vendor_account and s.reimbursement_index is not null
        limit 1
    )
    where v.legal_entity_id = p_legal_entity_id
        and v.vendor_account = any (array(
            select s.vendor_account from pg_temp.selected_transactions as s where s.reimbursement_index is not null
        ))
        and v.is_one_time and v.customer_account is null;
    if exists (
        select from pg_temp.selected_transactions as s
        where s.reimbursement_index is not null
            and (
                select v.is_one_time and v.customer_account is distinct from s.customer_account
                from reimbursement.vendors as v
                where v.legal_entity_id = p_legal_entity_id and v.vendor_account = s.vendor_account
            )
    ) then
        raise exception using errcode = 'serialization_failure',
            message = 'a one-time vendor was given to another customer meanwhile',
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;

    update reimbursement.customers as c
    set vendor_account = (
        select v.vendor_account from reimbursement.vendors as v
        where v.legal_entity_id = p_legal_entity_id and v.customer_account = c.customer_account
    )
    where c.legal_entity_id = p_legal_entity_id and coalesce(c.vendor_account, '') = ''
        and c.customer_account = any (array(
            select s.customer_account from pg_temp.selected_transactions as s where s.reimbursement_index is not null
        ));
end
$$;

comment on function reimbursement.create_one_time_vendors(text, bigint) is
'Creates one-time vendors for the customers of the batch who have no vendor, and writes them back to the customers.';
