-- Writes a run of any kind and its jobs, one a batch, and wakes the workers of its queue.
--
-- p_bounds: the last account of every batch but the last; so there is one job more than bounds.
-- p_is_small: whether each job may be carried out together with others (jobs.is_small).
-- p_timeout: how long an attempt may take; null: as long as it takes.
-- p_asks_for_approval: false for what a bank's message causes, which waits for nobody's approval, whatever it comes to.
-- Where the legal entity has rules of approval for the kind, and the run comes to what they are about, its jobs wait.
-- Returns: the run; the one of the idempotency key where another session was first.
-- Reads: approval_rules. Writes: run_requests, jobs. Notifies: channel reimbursement.<queue>, when the caller commits.
-- Raises: RB008 an argument is out of its range, RB012 as find_run, RB078 the legal entity has too many jobs waiting.
create or replace function reimbursement.enqueue_run(
    p_legal_entity_id text, p_kind text, p_posting_date date, p_choices jsonb, p_bounds text[],
    p_idempotency_key text, p_run_at timestamptz, p_priority int, p_max_attempts int, p_queue text, p_description text,
    p_is_small boolean default false, p_asks_for_approval boolean default true, p_timeout interval default null
) returns bigint
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_problem text;
    v_run_id bigint;
    v_has_rules constant boolean := p_asks_for_approval
        and reimbursement.has_approval_rules(p_legal_entity_id, p_kind);
begin
    v_problem := case
        when p_max_attempts < 1 then format('max_attempts is %s: give 1 or more', p_max_attempts)
        when not isfinite(p_run_at) then format('run_at is %s: give a time', p_run_at)
        when p_queue !~ '^[A-Za-z0-9_.-]{1,40}$'
            then format('queue is "%s": give a name of up to 40 of A-Z a-z 0-9 _ . and -', p_queue)
        when (p_timeout between interval '1 second' and interval '20 days') is false
            then format('timeout is %s: give one from 1 second to 20 days', p_timeout)
        when p_idempotency_key = '' then 'idempotency_key is empty: give a key, or leave it out'
    end;
    if v_problem is not null then
        raise exception using errcode = 'RB008', message = v_problem,
            hint = 'Mend the argument and call again; nothing was written.';
    end if;

    perform reimbursement.refuse_beyond_limit(p_legal_entity_id, p_queue, cardinality(p_bounds) + 1);
    insert into reimbursement.run_requests
        (legal_entity_id, kind, posting_date, choices, idempotency_key, description)
    values (p_legal_entity_id, p_kind, p_posting_date, p_choices, p_idempotency_key, p_description)
    on conflict (legal_entity_id, idempotency_key) where idempotency_key is not null do nothing
    returning run_id into v_run_id;
    if v_run_id is null then
        return reimbursement.find_run(p_legal_entity_id, p_kind, p_idempotency_key, p_choices);
    end if;

    perform reimbursement.make_job_partitions(cardinality(p_bounds) + 1);
    insert into reimbursement.jobs
        (legal_entity_id, run_id, kind, queue, state, priority, run_at, max_attempts, batch,
        batch_after, batch_through, is_small, approval_round, timeout)
    select
        p_legal_entity_id, v_run_id, p_kind, p_queue,
        case when v_has_rules then 'awaiting_approval' when p_run_at > now() then 'scheduled' else 'ready' end,
        p_priority, p_run_at, p_max_attempts, b.batch, p_bounds[b.batch - 1], p_bounds[b.batch],
        p_is_small, case when not p_asks_for_approval then 0 when v_has_rules then 1 end,
        p_timeout
    from generate_series(1, cardinality(p_bounds) + 1) as b(batch)
    order by b.batch;
    if v_has_rules then
        perform reimbursement.ask_for_approval(p_legal_entity_id, v_run_id);
    end if;
    perform pg_notify('reimbursement.' || p_queue, '');
    return v_run_id;
end
$$;

comment on function reimbursement.enqueue_run(
    text, text, date, jsonb, text[], text, timestamptz, int, int, text, text, boolean, boolean, interval
) is 'Writes a run of any kind and its jobs, one a batch, and wakes the workers of its queue.';
