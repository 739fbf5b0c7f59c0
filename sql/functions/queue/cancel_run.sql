-- Cancels a run: what waits of it at once, what runs of it as soon as its worker hears of it, within a second.
--
-- Jobs that have ended stay as they are; the books keep what they did. A running one is looked at once more before it
-- completes, so that after this has committed nothing of the run completes that had not yet come so far. A run that was
-- cancelled is not taken up again. Called once more, it only says so. Returns nothing.
-- Writes: cancel_requests, jobs. Notifies the queues' workers.
-- Raises: RB071 there is no such run, or all of it has ended; 42501 the duty of its kind, and operator, is missing.
create or replace function reimbursement.cancel_run(run_id bigint, reason text default null) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_run record;
begin
    perform reimbursement.require_run_duty(cancel_run.run_id, 'operator');
    select r.legal_entity_id, r.state into v_run from reimbursement.runs as r where r.run_id = cancel_run.run_id;
    if not found then
        raise exception using errcode = 'RB071',
            message = format('there is no run %s to cancel', coalesce(cancel_run.run_id::text, 'NULL')),
            hint = 'The view reimbursement.runs shows every run.';
    end if;
    perform from reimbursement.cancel_requests as c
    where c.legal_entity_id = v_run.legal_entity_id and c.run_id = cancel_run.run_id;
    if found then
        raise notice 'run % is cancelled already', cancel_run.run_id;
    elsif v_run.state in ('completed', 'failed', 'cancelled') then
        raise exception using errcode = 'RB071',
            message = format('run %s is %s and cannot be cancelled', cancel_run.run_id, v_run.state),
            hint = case v_run.state
                when 'completed'
                    then 'What it did is taken back by a reversal: enqueue_reversal() or enqueue_payment_reversal().'
                else 'Nothing of it waits or runs any more.'
            end;
    end if;

    insert into reimbursement.cancel_requests (legal_entity_id, run_id, reason, requested_by)
    values (v_run.legal_entity_id, cancel_run.run_id, nullif(btrim(cancel_run.reason), ''), reimbursement.acting_role())
    on conflict do nothing;
    -- A job that somebody is claiming is left to him: the transfer looks at the request.
    with waiting as materialized (
        select j.legal_entity_id, j.job_id
        from reimbursement.jobs as j
        where j.legal_entity_id = v_run.legal_entity_id and j.run_id = cancel_run.run_id
            and j.state in ('scheduled', 'ready', 'awaiting_approval')
        order by j.job_id
        for no key update skip locked
    )
    update reimbursement.jobs as j
    set state = 'cancelled', finished_at = clock_timestamp(),
        last_error = reimbursement.cancel_reason(j.legal_entity_id, j.run_id)
    from waiting as w
    where j.legal_entity_id = w.legal_entity_id and j.job_id = w.job_id;
    perform pg_notify('reimbursement.' || q.queue, '')
    from (
        select distinct j.queue from reimbursement.jobs as j
        where j.legal_entity_id = v_run.legal_entity_id and j.run_id = cancel_run.run_id and j.state = 'running'
    ) as q;
end
$$;

comment on function reimbursement.cancel_run(bigint, text) is
'Cancels a run: what waits of it at once, what runs of it within a second. What has completed stays.';
