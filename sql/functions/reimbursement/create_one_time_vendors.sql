-- Creates a one-time vendor from the template for every customer of the pass who has no vendor, and writes the vendor
-- account back to the customer, also where only the customer's was emptied.
--
-- A one-time vendor that a user loaded without its customer stands from now on for the customer it is used for.
-- Customers are locked and a one-time vendor is unique per customer, so there are never two for one.
-- p_vendors: the numbers of the new vendors. Reads: reimbursement_lines, customers, legal_entities.
-- Writes: vendors, customers. Raises: RB013 the number sequence gives an account that a vendor has already; 40001, to
-- be tried again, when somebody changed a one-time vendor meanwhile.
create or replace function reimbursement.create_one_time_vendors(
    p_legal_entity_id text, p_vendors reimbursement.taken_numbers
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_detail text;
    v_constraint text;
    v_without_customer bigint;
    v_given bigint;
begin
    if p_vendors is not null then
        begin
            insert into reimbursement.vendors (
                legal_entity_id, vendor_account, name, vendor_group, is_one_time, payment_terms_days, method_of_payment,
                iban, bic, country, address, language, tax_number, customer_account, run_id
            )
            select
                l.legal_entity_id, reimbursement.number_text(p_vendors, l.new_vendor_index), c.name,
                le.one_time_vendor_group, true, le.one_time_payment_terms_days, le.one_time_method_of_payment,
                c.iban, c.bic, c.country, c.address, c.language, c.tax_number, l.customer_account, l.run_id
            from pg_temp.reimbursement_lines as l
            cross join lateral (
                select x.*
                from reimbursement.customers as x
                where x.legal_entity_id = l.legal_entity_id and x.customer_account = l.customer_account
                limit 1
            ) as c
            inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
            where l.is_first_of_customer and l.new_vendor_index is not null;
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
    end if;

    select count(*) into v_without_customer
    from pg_temp.reimbursement_lines as l
    where l.is_first_of_customer and l.is_vendor_without_customer;
    if v_without_customer > 0 then
        update reimbursement.vendors as v
        set customer_account = l.customer_account, last_run_id = l.run_id
        from pg_temp.reimbursement_lines as l
        cross join lateral (
            select x.ctid as place
            from reimbursement.vendors as x
            where x.legal_entity_id = l.legal_entity_id and x.vendor_account = l.vendor_account
            limit 1
        ) as k
        where v.ctid = k.place and v.is_one_time and v.customer_account is null
            and l.is_first_of_customer and l.is_vendor_without_customer;
        get diagnostics v_given = row_count;
        if v_given <> v_without_customer then
            raise exception using errcode = 'serialization_failure',
                message = 'a one-time vendor was given to another customer meanwhile',
                hint = 'Nothing was written. The job is tried again by itself.';
        end if;
    end if;

    update reimbursement.customers as c
    set
        vendor_account = coalesce(l.vendor_account, reimbursement.number_text(p_vendors, l.new_vendor_index)),
        last_run_id = l.run_id
    from pg_temp.reimbursement_lines as l
    cross join lateral (
        select x.ctid as place
        from reimbursement.customers as x
        where x.legal_entity_id = l.legal_entity_id and x.customer_account = l.customer_account
        limit 1
    ) as k
    where c.ctid = k.place and l.is_first_of_customer and l.is_vendor_to_write_back;
end
$$;

comment on function reimbursement.create_one_time_vendors(text, reimbursement.taken_numbers) is
'Creates one-time vendors for the customers of the pass who have no vendor, and writes them back to the customers.';
