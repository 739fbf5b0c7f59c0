-- What of a customer's vendor keeps his credits from being reimbursed: vendor_missing, vendor_on_hold,
-- vendor_of_other_customer. Who has no vendor gets a one-time vendor.
--
-- place: of the reason in the order of skip reasons. Reads: customers, vendors.
create or replace function reimbursement.explain_vendor(p_legal_entity_id text, p_customer_account text)
returns table (place int, reason text, found jsonb, remedy text)
language sql stable
as $$
    with payee as (
        select
            c.vendor_account as named_vendor, o.vendor_account as own_vendor, v.vendor_account, v.hold, v.is_one_time,
            v.customer_account,
            n.customer_account as other_customer
        from (
            select nullif(x.vendor_account, '') as vendor_account
            from reimbursement.customers as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = p_customer_account
            limit 1
        ) as c
        left join lateral (
            select x.vendor_account
            from reimbursement.vendors as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = p_customer_account
                and x.customer_account is not null
            limit 1
        ) as o on true
        left join lateral (
            select x.vendor_account, x.hold, x.is_one_time, x.customer_account
            from reimbursement.vendors as x
            where x.legal_entity_id = p_legal_entity_id
                and x.vendor_account = coalesce(c.vendor_account, o.vendor_account)
            limit 1
        ) as v on true
        left join lateral (
            select x.customer_account
            from (
                select y.customer_account
                from reimbursement.customers as y
                where y.legal_entity_id = p_legal_entity_id and y.vendor_account = v.vendor_account
                offset 0
            ) as x
            where v.is_one_time and v.customer_account is null and x.customer_account <> p_customer_account
            limit 1
        ) as n on true
    )
    select
        10, 'vendor_missing', jsonb_build_array(jsonb_build_object('vendor_account', p.named_vendor)),
        format('Create vendor "%s", or set or empty vendor_account of the customer; empty, he gets a one-time vendor.',
            p.named_vendor)
    from payee as p
    where p.named_vendor is not null and p.vendor_account is null
    union all
    select
        11, 'vendor_on_hold',
        jsonb_build_array(jsonb_build_object('vendor_account', p.vendor_account, 'hold', p.hold)),
        format('Release vendor "%s" (vendors.hold), or give the customer another.', p.vendor_account)
    from payee as p
    where p.hold in ('invoice', 'all')
    union all
    select
        12, 'vendor_of_other_customer',
        jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
            'vendor_account', p.vendor_account,
            'stands_for', p.customer_account,
            'has_already', case when p.customer_account is null then p.own_vendor end,
            'named_by_too', case when p.customer_account is null then p.other_customer end))),
        'A one-time vendor stands for one customer: set or empty vendor_account of the customers; empty, each gets his own.'
    from payee as p
    where p.customer_account <> p_customer_account
        or (
            p.is_one_time and p.customer_account is null
            and (p.own_vendor is not null or p.other_customer is not null)
        )
$$;

comment on function reimbursement.explain_vendor(text, text) is
'What of a customer''s vendor keeps his credits from being reimbursed.';
