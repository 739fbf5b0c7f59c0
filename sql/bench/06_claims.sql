-- Jobs to be claimed, and jobs that have ended: what is claimed here is never carried out.

-- Makes jobs that are ready, all of one run, of customers who are owed nothing.
create function bench.add_ready_jobs(p_legal_entity_id text, p_jobs int) returns void
language plpgsql
as $$
declare
    v_run_id bigint;
begin
    insert into reimbursement.run_requests (legal_entity_id, kind, posting_date, choices)
    values (p_legal_entity_id, 'reimbursement', '2026-06-30', '{}')
    returning run_id into v_run_id;
    perform reimbursement.make_job_partitions(p_jobs);
    insert into reimbursement.jobs (legal_entity_id, run_id, kind, state, batch)
    select p_legal_entity_id, v_run_id, 'reimbursement', 'ready', b from generate_series(1, p_jobs) as b;
end
$$;

-- Ends all jobs that run, as having done nothing. Returns how many these were.
create function bench.complete_jobs() returns bigint
language sql
as $$
    with ended as (
        update reimbursement.jobs as j
        set state = 'completed', finished_at = clock_timestamp(), processed = 0, skipped = 0, accounting_amount = 0
        where j.state = 'running'
        returning j.job_id
    )
    select count(*) from ended
$$;

-- Makes jobs that ended long ago, each of a run of its own, without triggers, as they repeat what has passed these.
create function bench.add_finished_jobs(p_legal_entity_id text, p_jobs int) returns void
language plpgsql set session_replication_role = replica
as $$
declare
    v_before constant bigint := coalesce((select max(r.run_id) from reimbursement.run_requests as r), 0);
begin
    insert into reimbursement.run_requests (legal_entity_id, kind, posting_date, choices, requested_at)
    select p_legal_entity_id, 'reimbursement', '2026-06-30', '{}', now() - interval '30 days'
    from generate_series(1, p_jobs);
    perform reimbursement.make_job_partitions(p_jobs);
    insert into reimbursement.jobs (
        legal_entity_id, run_id, kind, state, batch, run_at, attempt, worker, claimed_at, begun_at, finished_at,
        processed, skipped, accounting_amount
    )
    select
        r.legal_entity_id, r.run_id, r.kind, 'completed', 1, r.requested_at, 1, 'bench', r.requested_at, r.requested_at,
        r.requested_at, 0, 0, 0
    from reimbursement.run_requests as r
    where r.legal_entity_id = p_legal_entity_id and r.run_id > v_before
    order by r.run_id;
end
$$;
