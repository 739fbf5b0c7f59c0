-- Refuses to enqueue more jobs of a legal entity than its limit in the queue lets wait (job_limits.waiting).
--
-- Whoever enqueues at the same time is not waited for: then the limit is passed by what he enqueues, once.
-- Returns nothing. Reads: job_limits, jobs. Raises: RB078.
create or replace function reimbursement.refuse_beyond_limit(p_legal_entity_id text, p_queue text, p_jobs int)
returns void
language plpgsql stable set search_path = reimbursement, pg_temp
set jit = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
    v_limit constant int := (
        select l.waiting from reimbursement.job_limits as l
        where l.queue = p_queue and l.legal_entity_id = p_legal_entity_id
    );
    v_waiting int;
begin
    if v_limit is null then
        return;
    end if;
    select count(*) into v_waiting
    from (
        select
        from reimbursement.waiting_lists as l
        inner join reimbursement.jobs as j
            on j.queue = l.queue and j.priority = l.priority and j.legal_entity_id = l.legal_entity_id
                and j.state in ('scheduled', 'ready')
        where l.queue = p_queue and l.legal_entity_id = p_legal_entity_id
        union all
        select from reimbursement.jobs as j
        where j.legal_entity_id = p_legal_entity_id and j.queue = p_queue and j.state = 'awaiting_approval'
    ) as w;
    if v_waiting + p_jobs > v_limit then
        raise exception using errcode = 'RB078',
            message = format('legal entity "%s" has %s jobs waiting in queue "%s": %s more would be over its limit of %s',
                p_legal_entity_id, v_waiting, p_queue, p_jobs, v_limit),
            hint = 'Wait until some have run, give fewer batches, or have an operator raise it: limit_jobs(queue, legal_entity_id, waiting => …).';
    end if;
end
$$;

comment on function reimbursement.refuse_beyond_limit(text, text, int) is
'Refuses to enqueue more jobs of a legal entity than its limit in the queue lets wait.';
