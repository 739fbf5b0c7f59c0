-- A one-time vendor stands for one customer, and a customer has one one-time vendor.
create or replace function reimbursement.check_one_time_vendors(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    select
        r.legal_entity_id, 'one_time_vendor_stands_for_one_customer', format('vendor %s', r.vendor_account),
        '1 customer', format('%s customers: %s', count(distinct r.customer_account), min(r.customer_account) || ' …')
    from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
    inner join reimbursement.vendors as v
        on v.legal_entity_id = r.legal_entity_id and v.vendor_account = r.vendor_account and v.is_one_time
    group by r.legal_entity_id, r.vendor_account
    having count(distinct r.customer_account) > 1
    union all
    select
        v.legal_entity_id, 'customer_has_one_one_time_vendor', format('customer %s', v.customer_account),
        '1 one-time vendor', format('%s one-time vendors', count(*))
    from (
        select x.legal_entity_id, x.customer_account
        from reimbursement.vendors as x
        where p_run_id is null and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
        union all
        select x.legal_entity_id, x.customer_account
        from (
            select distinct r.legal_entity_id, r.customer_account
            from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
            where p_run_id is not null
        ) as c
        inner join reimbursement.vendors as x
            on x.legal_entity_id = c.legal_entity_id and x.customer_account = c.customer_account
    ) as v
    where v.customer_account is not null
    group by v.legal_entity_id, v.customer_account
    having count(*) > 1
$$;

comment on function reimbursement.check_one_time_vendors(text, bigint) is
'Violations: one-time vendors of two customers, customers with two one-time vendors.';
