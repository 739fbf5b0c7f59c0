-- Brings one-time vendors up to date from their customers, so that open invoices are paid to the right account:
-- refresh_one_time_vendors('USMF', 'US-001').
--
-- It is what a reimbursement does with the vendors of its customers. Vendors follow that a run has made; what a person
-- has changed on one to something else than the customer's stays as he left it, and is reported so. customer_filter: as
-- for a reimbursement; null: all.
-- Returns: a row for each detail that differed, name, address, tax_number or bank_details: what it was, what the
-- customer has, and whether it was left alone. It is written down in changes under who calls; the change of bank
-- details is still that of who changed the customer, which somebody else confirms or has confirmed.
-- Locks: the customers and the vendors that differ. Writes: vendors.
-- Raises: 42501 the duty master is missing; RB001 unknown legal entity; RB005 the filter does not parse;
-- of somebody else's.
create or replace function reimbursement.refresh_one_time_vendors(
    legal_entity_id text, customer_filter text default null
) returns table (
    vendor_account text, customer_account text, field text, old_value text, new_value text, is_left_alone boolean
)
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set jit = off set enable_seqscan = off set enable_bitmapscan = off
set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_filter reimbursement.account_filter;
    v_customers text [];
    v_vendors text [];
begin
    perform reimbursement.require_duty(refresh_one_time_vendors.legal_entity_id, 'master');
    perform reimbursement.refuse_foreign_triggers();
    perform from reimbursement.legal_entities as le
    where le.legal_entity_id = refresh_one_time_vendors.legal_entity_id;
    if not found then
        perform reimbursement.raise_unknown_legal_entity(refresh_one_time_vendors.legal_entity_id);
    end if;
    v_filter := reimbursement.parse_account_filter(refresh_one_time_vendors.customer_filter, 'customer_filter');

    v_customers := array(
        select c.customer_account
        from reimbursement.vendors as v
        cross join lateral (
            select x.customer_account, x as row
            from reimbursement.customers as x
            where x.legal_entity_id = v.legal_entity_id and x.customer_account = v.customer_account
            limit 1
        ) as c
        where v.legal_entity_id = refresh_one_time_vendors.legal_entity_id and v.customer_account is not null
            and v.is_one_time and v.run_id is not null
            and reimbursement.matches_filter(reimbursement.fold_account(v.customer_account), v_filter)
            and reimbursement.details_that_differ(v, c.row) || v.edited_by_hand <> '{}'
        order by c.customer_account
    );
    -- Customers before vendors, as a transfer locks them; what was changed while these were waited for is seen below.
    perform from unnest(v_customers) as k (customer_account)
    cross join lateral (
        select x.customer_account
        from reimbursement.customers as x
        where x.legal_entity_id = refresh_one_time_vendors.legal_entity_id
            and x.customer_account = k.customer_account
        for no key update
    ) as c;
    perform from unnest(v_customers) as k (customer_account)
    cross join lateral (
        select x.vendor_account
        from reimbursement.vendors as x
        where x.legal_entity_id = refresh_one_time_vendors.legal_entity_id
            and x.customer_account = k.customer_account and x.customer_account is not null
        for no key update
    ) as v;

    return query
    select
        v.vendor_account::text, v.customer_account::text, f.field, w.old_value, w.new_value,
        f.field = any (v.edited_by_hand)
    from reimbursement.vendors_to_follow(refresh_one_time_vendors.legal_entity_id, v_customers) as p
    cross join lateral (select (p.vendor).*) as v
    cross join lateral unnest(reimbursement.details_that_differ(p.vendor, p.customer)) as f (field)
    cross join lateral reimbursement.detail_values(f.field, p.vendor, p.customer) as w
    order by v.vendor_account, f.field;

    select array_agg((p.vendor).vendor_account) into v_vendors
    from reimbursement.vendors_to_follow(refresh_one_time_vendors.legal_entity_id, v_customers) as p
    where reimbursement.follows_anew(p.vendor, p.customer);
    perform reimbursement.bring_up_to_date(refresh_one_time_vendors.legal_entity_id, coalesce(v_vendors, '{}'), null);
end
$$;

comment on function reimbursement.refresh_one_time_vendors(text, text) is
'Brings one-time vendors up to date from their customers; what a person changed stays, and is reported so.';
