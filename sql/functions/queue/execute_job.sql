-- T2: carries out a claimed job, all of its effects and its end in the caller's transaction.
--
-- The job's row is locked by id, attempt and state until the transaction ends: the lock is the lease, the attempt the
-- fence. What is to be done is the function that run_kinds names for the kind.
-- Writes: jobs, and what the transfer writes. Locks: the job's row, then as the transfer.
-- Raises: RB019 the job is not running under this attempt (somebody else has it, or it ended); RB030 the transaction is
-- not READ COMMITTED; what the transfer raises.
create or replace function reimbursement.execute_job(p_legal_entity_id text, p_job_id bigint, p_attempt int)
returns void
language plpgsql set search_path = reimbursement, pg_temp set jit = off
as $$
declare
    v_job reimbursement.jobs;
    v_transfer text;
    v_result reimbursement.job_result;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception using errcode = 'RB030',
            message = format('a job is not carried out in a transaction that is %s',
                current_setting('transaction_isolation')),
            detail = 'It has to see what others commit while it waits for their locks.',
            hint = 'Begin the transaction with BEGIN ISOLATION LEVEL READ COMMITTED.';
    end if;
    select j.* into v_job
    from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id
        and j.attempt = p_attempt and j.state = 'running'
    for no key update;
    if not found then
        raise exception using errcode = 'RB019',
            message = format('job %s of legal entity "%s" is not running under attempt %s',
                p_job_id, p_legal_entity_id, p_attempt),
            hint = 'Another worker has it, or it has ended: see reimbursement.jobs.';
    end if;
    select k.transfer into strict v_transfer from reimbursement.run_kinds as k where k.kind = v_job.kind;
    execute format('select * from reimbursement.%I($1, $2, $3)', v_transfer)
    into v_result
    using p_legal_entity_id, v_job.run_id, p_job_id;

    update reimbursement.jobs as j
    set
        state = 'completed', finished_at = clock_timestamp(), last_error = null,
        processed = v_result.processed, skipped = v_result.skipped,
        accounting_amount = v_result.accounting_amount
    where j.legal_entity_id = p_legal_entity_id and j.job_id = p_job_id and j.attempt = p_attempt;
end
$$;

comment on function reimbursement.execute_job(text, bigint, int) is
'T2: carries out a claimed job, all of its effects and its end in the caller''s transaction.';
