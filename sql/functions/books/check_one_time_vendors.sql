-- A one-time vendor stands for one customer, and a customer has one one-time vendor.
create or replace function reimbursement.check_one_time_vendors(p_legal_entity_id text)
returns setof reimbursement.violation
language sql stable
as $$
    select
        r.legal_entity_id, 'one_time_vendor_stands_for_one_customer', format('vendor %s', r.vendor_account),
        '1 customer', format('%s customers: %s', count(distinct r.customer_account), min(r.customer_account) || ' …')
    from reimbursement.reimbursements as r
    inner join reimbursement.vendors as v
        on v.legal_entity_id = r.legal_entity_id and v.vendor_account = r.vendor_account and v.is_one_time
    where p_legal_entity_id is null or r.legal_entity_id = p_legal_entity_id
    group by r.legal_entity_id, r.vendor_account
    having count(distinct r.customer_account) > 1
    union all
    select
        v.legal_entity_id, 'customer_has_one_one_time_vendor', format('customer %s', v.customer_account),
        '1 one-time vendor', format('%s one-time vendors', count(*))
    from reimbursement.vendors as v
    where v.customer_account is not null and (p_legal_entity_id is null or v.legal_entity_id = p_legal_entity_id)
    group by v.legal_entity_id, v.customer_account
    having count(*) > 1
$$;

comment on function reimbursement.check_one_time_vendors(text) is
'Violations: one-time vendors of two customers, customers with two one-time vendors.';
