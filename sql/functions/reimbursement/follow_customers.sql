-- Brings the one-time vendors of the pass up to date from their customers: name, address, tax number, bank details.
--
-- A vendor follows its customer who was made by a run and is a one-time vendor; what a person has changed on it stays
-- (edited_by_hand). Most have nothing to follow: those are only looked at. The customers are locked, so that a vendor
-- that was locked here stays as it was compared.
-- Reads: reimbursement_lines, customers, vendors. Locks: vendors that have something to follow. Writes: vendors.
create or replace function reimbursement.follow_customers(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_vendors text [];
    v_run_ids bigint [];
begin
    select coalesce(array_agg(v.vendor_account), '{}'), array_agg(l.run_id) into v_vendors, v_run_ids
    from pg_temp.reimbursement_lines as l
    cross join lateral (
        select x.vendor_account
        from reimbursement.vendors as x
        cross join lateral (
            select y as row
            from reimbursement.customers as y
            where y.legal_entity_id = l.legal_entity_id and y.customer_account = l.customer_account
            limit 1
        ) as c
        where x.legal_entity_id = l.legal_entity_id and x.vendor_account = l.vendor_account
            -- Not by the index of customers: by its own key.
            and x.is_one_time and x.run_id is not null
            and x.customer_account is not distinct from l.customer_account
            and reimbursement.follows_anew(x, c.row)
        for no key update of x
    ) as v
    where l.is_first_of_customer and l.vendor_account is not null;
    if v_vendors <> '{}' then
        perform reimbursement.bring_up_to_date(p_legal_entity_id, v_vendors, v_run_ids);
    end if;
end
$$;

comment on function reimbursement.follow_customers(text) is
'Brings the one-time vendors of the pass up to date from their customers.';
