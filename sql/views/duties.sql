-- Who has which duty, where. The owner sees all; everybody sees what is his own or his groups', and an auditor what was
-- given in his legal entities or in all.
create or replace view reimbursement.duties
with (security_barrier = true, security_invoker = false) as
select
    r.rolname as role_name,
    g.duty,
    g.legal_entity_id,
    g.granted_by,
    g.granted_at
from reimbursement.duty_grants as g
inner join pg_catalog.pg_roles as r on r.oid = g.role_id
where
    (select reimbursement.has_duty(null, 'auditor'))
    or (
        select
            g.legal_entity_id is null and cardinality(a.legal_entity_ids) > 0
            or g.legal_entity_id = any(a.legal_entity_ids)
        from (select array(select reimbursement.legal_entities_of('auditor')) as legal_entity_ids) as a
    )
    or pg_has_role(reimbursement.acting_role(), g.role_id, 'MEMBER');

comment on view reimbursement.duties is
'Who has which duty, in which legal entity (null: in all), given by whom and when: one''s own, and to auditors others'' too.';
