-- Whether a legal entity has any rule of approval for a kind of run. Reads: approval_rules.
create or replace function reimbursement.has_approval_rules(p_legal_entity_id text, p_kind text) returns boolean
language sql stable
as $$
    select exists (
        select from reimbursement.approval_rules as r
        where r.legal_entity_id = p_legal_entity_id and r.kind = p_kind
    )
$$;

comment on function reimbursement.has_approval_rules(text, text) is
'Whether a legal entity has any rule of approval for a kind of run.';
