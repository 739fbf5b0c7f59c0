-- From which times on a claim of a queue looks for jobs that wait, and for jobs that run; from which job on, for both.
--
-- Before these times, nothing of the queue waits, and nothing of any queue runs; before that job, nothing of any queue
-- does either, so that the partitions there are not even opened. That is what the latest claim has found that wrote it
-- down, and what was put before it since, or in the ten seconds before. is_whole: every ten seconds somebody should
-- look from the beginning of time. is_due: whoever claims something now should write down what is left.
-- p_queue: null where only what runs is wanted, of all queues. Reads: claim_bounds.
create or replace function reimbursement.look_from(
    p_queue text, out waiting_from timestamptz, out running_from timestamptz, out jobs_from bigint,
    out is_whole boolean, out is_due boolean
)
language plpgsql volatile set search_path = reimbursement, pg_temp
set jit = off set enable_seqscan = off set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    c_memory constant interval := interval '10 seconds';
    c_first_job constant bigint := -9223372036854775808;
    v_latest reimbursement.claim_bounds;
begin
    select b.* into v_latest
    from reimbursement.claim_bounds as b
    where (b.queue = p_queue or p_queue is null) and b.waiting_from is not null and b.running_from is not null
    order by b.at desc
    limit 1;
    select
        least(v_latest.waiting_from, min(b.waiting_from) filter (where b.running_from is null and o.is_ours)),
        least(v_latest.running_from, min(b.running_from) filter (where b.waiting_from is null and o.is_ours)),
        coalesce(min(b.jobs_from), c_first_job),
        bool_or(o.is_ours and b.is_whole and b.at > clock_timestamp() - c_memory) is not true
    into look_from.waiting_from, look_from.running_from, look_from.jobs_from, look_from.is_whole
    from reimbursement.claim_bounds as b
    cross join lateral (select b.queue = p_queue or p_queue is null as is_ours) as o
    where b.at > v_latest.at - c_memory;
    look_from.is_due := look_from.is_whole or v_latest.at < clock_timestamp() - interval '1 second';
    if v_latest.at is null or look_from.is_whole then
        look_from.jobs_from := c_first_job;
        look_from.waiting_from := '-infinity';
        look_from.running_from := '-infinity';
    end if;
end
$$;

comment on function reimbursement.look_from(text) is
'From which times, and from which job on, a claim of a queue looks for what waits, and for what runs.';
