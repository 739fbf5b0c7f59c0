-- The one-time vendors that runs have made for some customers, each beside its customer.
--
-- Reads: vendors, customers, each by a whole key.
create or replace function reimbursement.vendors_to_follow(p_legal_entity_id text, p_customers text [])
returns table (vendor reimbursement.vendors, customer reimbursement.customers)
language sql stable
as $$
    select v.row, c.row
    from unnest(p_customers) as k (customer_account)
    cross join lateral (
        select x as row
        from reimbursement.vendors as x
        where x.legal_entity_id = p_legal_entity_id and x.customer_account = k.customer_account
            and x.customer_account is not null and x.is_one_time and x.run_id is not null
        limit 1
    ) as v
    cross join lateral (
        select x as row
        from reimbursement.customers as x
        where x.legal_entity_id = p_legal_entity_id and x.customer_account = k.customer_account
        limit 1
    ) as c
$$;

comment on function reimbursement.vendors_to_follow(text, text []) is
'The one-time vendors that runs have made for some customers, each beside its customer.';
