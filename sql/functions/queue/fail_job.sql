-- T3: ends an attempt that failed, or whose worker lost its connection.
--
-- Waits for a live transfer of this attempt to end, because that holds the row's lock; so it also tells what became
-- of a COMMIT whose answer was lost. A transient error goes back to ready after a delay, until max_attempts; any
-- other error fails the job at once. Lost attempts (p_kind 'lost') are counted apart and end at five; after the second,
-- or one in a crash of the server, the job is a suspect, which claim_passes lets run alone. A first loss without a
-- crash is its worker's or its host's, and the job is tried again at once. Either way it is never put together with
-- others again.
-- A session that an administrator or a shutdown of the server ended is the job's fault in no way: it is not counted.
-- Nor is a connection that was lost before the transfer began, where the worker says when it begins (begin_jobs) and
-- the server has not crashed since, which may have forgotten that.
-- A job of a run that is to be cancelled ends cancelled, which is no failure, however its attempt ended.
-- Returns: the job's state now; null when this attempt is none that the job is in.
-- Writes: jobs, job_errors. Locks: the job's row.
create or replace function reimbursement.fail_job(
    p_legal_entity_id text, p_job_id bigint, p_attempt int, p_kind text, p_sqlstate text, p_message text
) returns text
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    c_shutdown constant text := '57P01';
    c_crash constant text := '57P02';
    v_job reimbursement.jobs;
    v_cancelled text;
    v_has_crashed boolean;
begin
    perform reimbursement.require_duty(null, 'worker');
    select j.* into v_job
    from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id
    for no key update;
    if v_job.attempt is distinct from p_attempt then
        return null;
    elsif v_job.state <> 'running' then
        return v_job.state;
    end if;

    v_cancelled := reimbursement.cancel_reason(p_legal_entity_id, v_job.run_id);
    if v_cancelled is not null then
        update reimbursement.jobs as j
        set state = 'cancelled', last_error = v_cancelled, finished_at = clock_timestamp()
        where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id;
        return 'cancelled';
    end if;
    v_has_crashed := p_sqlstate = c_crash or reimbursement.has_crashed_since(v_job.claimed_at);
    if p_sqlstate = c_shutdown or p_kind = 'lost' and v_job.begun_at is null and not v_has_crashed and exists (
        select from reimbursement.connected_workers as w where w.worker = v_job.worker
    ) then
        v_job.state := 'ready';
    elsif p_kind = 'lost' then
        v_job.lost_attempts := v_job.lost_attempts + 1;
        v_job.is_suspect := v_job.is_suspect or v_job.lost_attempts > 1 or v_has_crashed;
        v_job.state := case when v_job.lost_attempts < 5 then 'ready' else 'failed' end;
    else
        v_job.failed_attempts := v_job.failed_attempts + 1;
        v_job.state := case
            when reimbursement.is_transient(p_sqlstate) and v_job.failed_attempts < v_job.max_attempts then 'ready'
            else 'failed'
        end;
    end if;
    update reimbursement.jobs as j
    set
        state = v_job.state, lost_attempts = v_job.lost_attempts, is_suspect = v_job.is_suspect,
        failed_attempts = v_job.failed_attempts,
        is_small = false,
        last_error = format('%s (SQLSTATE %s)', p_message, p_sqlstate),
        begun_at = null, missing_since = null,
        run_at = case
            when v_job.state = 'ready' and v_job.lost_attempts = 1 and p_kind = 'lost' and not v_job.is_suspect
                then clock_timestamp()
            when v_job.state = 'ready' then clock_timestamp()
                + reimbursement.retry_delay(greatest(v_job.lost_attempts + v_job.failed_attempts, 1))
            else j.run_at
        end,
        finished_at = case when v_job.state = 'failed' then clock_timestamp() end
    where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id;
    insert into reimbursement.job_errors (legal_entity_id, job_id, attempt, kind, sqlstate, message, worker)
    values (p_legal_entity_id, p_job_id, p_attempt, p_kind, p_sqlstate, p_message, v_job.worker);
    return v_job.state;
end
$$;

comment on function reimbursement.fail_job(text, bigint, int, text, text, text) is
'T3: ends an attempt that failed or was lost; back to ready after a delay, or failed. Returns the job''s state.';
