-- The legal entities that have a limit of running jobs in a queue, and how many more of each may be claimed now.
--
-- Claims exclude each other by the row of the limit, and wait for nobody: a legal entity for which somebody else is
-- claiming gets none, for now. So no two claims together go beyond a limit.
-- p_running_from: nothing runs since before; p_jobs_from: nor does any job before it.
-- Returns: nothing where the queue has no limits.
-- Reads: jobs. Locks: the queue's rows in job_limits.
create or replace function reimbursement.limited_entities(p_queue text, p_running_from timestamptz, p_jobs_from bigint)
returns table (legal_entity_id text, jobs int)
language plpgsql volatile set search_path = reimbursement, pg_temp
as $$
#variable_conflict use_column
declare
    v_ours text [];
begin
    if not exists (select from reimbursement.job_limits as l where l.queue = p_queue and l.running is not null) then
        return;
    end if;
    select array_agg(l.legal_entity_id) into v_ours
    from (
        select x.legal_entity_id from reimbursement.job_limits as x
        where x.queue = p_queue and x.running is not null
        for no key update skip locked
    ) as l;
    -- A new statement, for what was claimed by whoever had the row before.
    return query
    select
        l.legal_entity_id,
        case when l.legal_entity_id = any (v_ours) then greatest(l.running - (
            select count(*) from reimbursement.jobs as j
            where j.state = 'running' and j.claimed_at >= p_running_from and j.job_id >= p_jobs_from
                and j.queue = p_queue and j.legal_entity_id = l.legal_entity_id
        ), 0) else 0 end::int
    from reimbursement.job_limits as l
    where l.queue = p_queue and l.running is not null;
end
$$;

comment on function reimbursement.limited_entities(text, timestamptz, bigint) is
'The legal entities that have a limit of running jobs in a queue, and how many more of each may be claimed now.';
