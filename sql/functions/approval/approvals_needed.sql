-- How many persons have to approve a run of a kind that comes to an amount in accounting currency: what the rule says
-- that has the highest from_amount reached; 0 without one.
--
-- Reads: approval_rules.
create or replace function reimbursement.approvals_needed(p_legal_entity_id text, p_kind text, p_amount numeric)
returns int
language sql stable set search_path = reimbursement, pg_temp
as $$
    select coalesce(
        (
            select r.approvals
            from reimbursement.approval_rules as r
            where r.legal_entity_id = p_legal_entity_id and r.kind = p_kind and r.from_amount <= p_amount
            order by r.from_amount desc
            limit 1
        ), 0)
$$;

comment on function reimbursement.approvals_needed(text, text, numeric) is
'How many persons have to approve a run of a kind that comes to an amount; 0 without a rule.';
