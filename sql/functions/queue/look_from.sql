-- From which times on a claim of a queue looks for jobs that wait, and for jobs that run.
--
-- Before these, nothing of the queue waits, and nothing of any queue runs. That is what the latest claim has found that
-- wrote it down, and what was put before it since, or in the ten seconds before. is_whole: every ten seconds somebody
-- should look from the beginning of time. is_due: whoever claims something now should write down what is left.
-- p_queue: null where only running_from is wanted, for all queues. Reads: claim_bounds.
create or replace function reimbursement.look_from(
    p_queue text, out waiting_from timestamptz, out running_from timestamptz, out is_whole boolean, out is_due boolean
)
language plpgsql volatile set search_path = reimbursement, pg_temp
set jit = off set enable_seqscan = off set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    c_memory constant interval := interval '10 seconds';
    v_latest reimbursement.claim_bounds;
begin
    select b.* into v_latest
    from reimbursement.claim_bounds as b
    where (b.queue = p_queue or p_queue is null) and b.waiting_from is not null and b.running_from is not null
    order by b.at desc
    limit 1;
    select
        least(v_latest.waiting_from, min(b.waiting_from) filter (where b.running_from is null)),
        least(v_latest.running_from, min(b.running_from) filter (where b.waiting_from is null)),
        bool_or(b.is_whole and b.at > clock_timestamp() - c_memory) is not true
    into look_from.waiting_from, look_from.running_from, look_from.is_whole
    from reimbursement.claim_bounds as b
    where (b.queue = p_queue or p_queue is null) and b.at > v_latest.at - c_memory
        and (b.waiting_from is null or b.running_from is null or b.is_whole);
    look_from.is_due := look_from.is_whole or v_latest.at < clock_timestamp() - interval '1 second';
    if v_latest.at is null or look_from.is_whole then
        look_from.waiting_from := '-infinity';
        look_from.running_from := '-infinity';
    end if;
end
$$;

comment on function reimbursement.look_from(text) is
'From which times on a claim of a queue looks for jobs that wait, and for jobs that run.';
