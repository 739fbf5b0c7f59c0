-- Writes on one-time vendors what their customers have now, but for what a person changed to something else.
--
-- p_vendors: those that follow their customers; the caller has locked customers and vendors. p_run_ids: for which run
-- each is written; null where a person had them refreshed.
-- Returns nothing. Reads: customers, vendors, each by a whole key. Writes: vendors, where they lie.
create or replace function reimbursement.bring_up_to_date(
    p_legal_entity_id text, p_vendors text [], p_run_ids bigint []
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    update reimbursement.vendors as v
    set
        name = case when 'name' = any (n.follows) then (n.customer).name else v.name end,
        country = case when 'address' = any (n.follows) then (n.customer).country else v.country end,
        address = case when 'address' = any (n.follows) then (n.customer).address else v.address end,
        tax_number = case when 'tax_number' = any (n.follows) then (n.customer).tax_number else v.tax_number end,
        iban = case when 'bank_details' = any (n.follows) then (n.customer).iban else v.iban end,
        bic = case when 'bank_details' = any (n.follows) then (n.customer).bic else v.bic end,
        edited_by_hand = n.edited,
        last_run_id = coalesce(n.run_id, v.last_run_id),
        refreshed_at = case when n.run_id is null then clock_timestamp() else v.refreshed_at end
    from (
        select
            x.row_version, k.run_id, c.row as customer,
            array(select f from unnest(d.fields) as f where f <> all (x.edited_by_hand)) as follows,
            array(select f from unnest(d.fields) as f where f = any (x.edited_by_hand)) as edited
        from unnest(p_vendors, p_run_ids) as k (vendor_account, run_id)
        cross join lateral (
            select y.ctid as row_version, y.customer_account, y.edited_by_hand, y as row
            from reimbursement.vendors as y
            where y.legal_entity_id = p_legal_entity_id and y.vendor_account = k.vendor_account
            limit 1
        ) as x
        cross join lateral (
            select y as row
            from reimbursement.customers as y
            where y.legal_entity_id = p_legal_entity_id and y.customer_account = x.customer_account
            limit 1
        ) as c
        cross join lateral (select reimbursement.details_that_differ(x.row, c.row) as fields) as d
        offset 0
    ) as n
    where v.ctid = n.row_version;
end
$$;

comment on function reimbursement.bring_up_to_date(text, text [], bigint []) is
'Writes on one-time vendors what their customers have now, but for what a person changed to something else.';
