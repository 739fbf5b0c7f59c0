-- The changes of a vendor's bank details or name that nobody has confirmed: his own, customers newly pointed to him,
-- and, of a one-time vendor, those of the customer whose details he takes over.
--
-- Reads: change_log, bank_detail_confirmations, vendors, each by a whole key.
create or replace function reimbursement.unconfirmed_changes(p_legal_entity_id text, p_vendor_account text)
returns table (change_id bigint, changed_by text, changed_by_id oid, changed_at timestamptz)
language sql stable
as $$
    select c.change_id, c.changed_by, c.changed_by_id, c.changed_at
    from (
        select x.change_id, x.changed_by, x.changed_by_id, x.changed_at
        from reimbursement.change_log as x
        where x.legal_entity_id = p_legal_entity_id and x.concerned_vendor = p_vendor_account
        union
        select x.change_id, x.changed_by, x.changed_by_id, x.changed_at
        from (
            select v.customer_account
            from reimbursement.vendors as v
            where v.legal_entity_id = p_legal_entity_id and v.vendor_account = p_vendor_account and v.is_one_time
            limit 1
        ) as v
        cross join lateral (
            select l.*
            from reimbursement.change_log as l
            where l.legal_entity_id = p_legal_entity_id and l.concerned_customer = v.customer_account
            offset 0
        ) as x
    ) as c
    where not exists (
        select from reimbursement.bank_detail_confirmations as f
        where f.legal_entity_id = p_legal_entity_id and f.vendor_account = p_vendor_account
            and f.change_id = c.change_id
    )
$$;

comment on function reimbursement.unconfirmed_changes(text, text) is
'The changes of a vendor''s bank details or name that nobody has confirmed.';
