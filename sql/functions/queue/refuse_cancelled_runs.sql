-- Stops a transfer of runs of which one is to be cancelled.
--
-- Asked before a transfer begins and again before it completes. Returns nothing.
-- Reads: cancel_requests. Raises: RB072 one is to be cancelled.
create or replace function reimbursement.refuse_cancelled_runs(p_legal_entity_id text, p_run_ids bigint [])
returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_run_id bigint;
begin
    select u.run_id into v_run_id
    from unnest(p_run_ids) as u (run_id)
    where exists (
        select from reimbursement.cancel_requests as c
        where c.legal_entity_id = p_legal_entity_id and c.run_id = u.run_id
        offset 0
    )
    limit 1;
    if v_run_id is not null then
        raise exception using errcode = 'RB072',
            message = format('run %s is %s', v_run_id, reimbursement.cancel_reason(p_legal_entity_id, v_run_id)),
            detail = 'Nothing of this attempt was kept.';
    end if;
end
$$;

comment on function reimbursement.refuse_cancelled_runs(text, bigint []) is
'Raises RB072 where one of some runs is to be cancelled.';
