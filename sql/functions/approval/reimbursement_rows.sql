-- What jobs of a reimbursement run would do now, as it is approved. p_run_id: theirs.
--
-- Reads: jobs, run_requests, what select_transactions reads. Writes and locks nothing.
create or replace function reimbursement.reimbursement_rows(
    p_legal_entity_id text, p_run_id bigint, p_job_ids bigint []
) returns setof reimbursement.approval_row
language sql stable set search_path = reimbursement, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off
as $$
    select r.*
    from reimbursement.rows_of_transactions(
        p_legal_entity_id,
        array(
            select s
            from reimbursement.select_transactions(
                p_legal_entity_id, reimbursement.reimbursement_batches(p_legal_entity_id, p_job_ids)) as s
        )
    ) as r
$$;

comment on function reimbursement.reimbursement_rows(text, bigint, bigint []) is
'What jobs of a reimbursement run would do now, as it is approved.';
