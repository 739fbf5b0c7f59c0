-- The run that an idempotency key made the first time, if there is one.
--
-- p_choices: the choices as they are given now, to compare with those that were given then.
-- Returns: the run, or null, as without a key. Reads: run_requests.
-- Raises: RB012 the key was used with other choices, or by another kind of run.
create or replace function reimbursement.find_run(
    p_legal_entity_id text, p_kind text, p_idempotency_key text, p_choices jsonb
) returns bigint
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_request reimbursement.run_requests;
begin
    if p_idempotency_key is null then
        return null;
    end if;
    select r.* into v_request
    from reimbursement.run_requests as r
    where r.legal_entity_id = p_legal_entity_id and r.idempotency_key = p_idempotency_key;
    if v_request.kind <> p_kind or v_request.choices <> p_choices then
        raise exception using errcode = 'RB012',
            message = format('idempotency key "%s" was used for run %s (%s) with other choices',
                p_idempotency_key, v_request.run_id, v_request.kind),
            detail = format('Then: %s. Now: %s, %s.', v_request.choices, p_kind, p_choices),
            hint = 'Give the same choices to have the same run, or another key for another run.';
    end if;
    return v_request.run_id;
end
$$;

comment on function reimbursement.find_run(text, text, text, jsonb) is
'The run that an idempotency key made the first time; raises RB012 when the choices were others.';
