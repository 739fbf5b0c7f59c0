-- What people inserted, changed and deleted of what they fill: a row a column, old and new.
create or replace view reimbursement.changes with (security_invoker = true) as
select
    c.legal_entity_id,
    c.table_name,
    c.key,
    n.name as column_name,
    c.old_values ->> n.name as old_value,
    c.new_values ->> n.name as new_value,
    c.changed_by,
    c.changed_at,
    c.transaction_id,
    c.change_id
from reimbursement.change_log as c
cross join lateral jsonb_object_keys(coalesce(c.new_values, c.old_values)) as n (name);

comment on view reimbursement.changes is
'What people inserted, changed and deleted of what they fill, a row a column: old and new value, who and when.';
