-- Gives claimed jobs back that could not be carried out together, so that each is claimed and carried out by itself.
--
-- That is no failure of any of them: their attempts are over, but none is counted against max_attempts. Waits for a
-- live pass of theirs to end, as fail_job does; a job that is not running under its attempt is left as it is.
-- Returns: the jobs that were given back. Writes: jobs. Locks: their rows, in the order of their ids.
create or replace function reimbursement.release_jobs(p_legal_entity_id text, p_job_ids bigint [], p_attempts int [])
returns setof bigint
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
begin
    perform reimbursement.require_duty(null, 'worker');
    return query
    with locked as materialized (
        select x.legal_entity_id, x.job_id
        from (
            select u.job_id, u.attempt from unnest(p_job_ids, p_attempts) as u (job_id, attempt) order by u.job_id
        ) as c
        cross join lateral (
            select j.legal_entity_id, j.job_id
            from reimbursement.jobs as j
            where j.legal_entity_id = p_legal_entity_id and j.job_id = c.job_id
                and j.attempt = c.attempt and j.state = 'running'
            for no key update
        ) as x
    )
    update reimbursement.jobs as j
    set state = 'ready', is_small = false, worker = null, claimed_at = null
    from locked as l
    where j.legal_entity_id = l.legal_entity_id and j.job_id = l.job_id
    returning j.job_id;
end
$$;

comment on function reimbursement.release_jobs(text, bigint [], int []) is
'Gives claimed jobs back that could not be carried out together, so that each is carried out by itself.';
