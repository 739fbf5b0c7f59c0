-- Who cancelled a run, and why, for its jobs to say; null where nobody did. Reads: cancel_requests.
create or replace function reimbursement.cancel_reason(p_legal_entity_id text, p_run_id bigint) returns text
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
begin
    return (
        select format('cancelled by %s%s', c.requested_by, ': ' || c.reason)
        from reimbursement.cancel_requests as c
        where c.legal_entity_id = p_legal_entity_id and c.run_id = p_run_id
    );
end
$$;

comment on function reimbursement.cancel_reason(text, bigint) is 'Who cancelled a run, and why; null where nobody did.';
