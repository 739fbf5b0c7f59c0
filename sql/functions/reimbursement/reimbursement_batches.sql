-- The batches that jobs of reimbursement runs carry out, in the order of the jobs: choices as they were given, with the
-- posting date that was fixed when the run was enqueued, and the filters parsed. The day of the transfer is the legal
-- entity's today; of a job that is scheduled for later, where it is only asked what it would do, the day of its run_at.
--
-- Reads: jobs, run_requests, legal_entities.
create or replace function reimbursement.reimbursement_batches(p_legal_entity_id text, p_job_ids bigint [])
returns reimbursement.reimbursement_batch []
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_batches reimbursement.reimbursement_batch [];
begin
    select array_agg(
        row(
            j.job_id, j.run_id, r.posting_date, coalesce(c.credits_through, r.posting_date), c.summarize_customer,
            c.include_open_debits, c.net_open_debits, c.currency,
            reimbursement.parse_account_filter(c.customer_filter, 'customer_filter'),
            reimbursement.parse_account_filter(c.customer_group_filter, 'customer_group_filter'),
            j.batch_after, j.batch_through, j.approval_round, c.due_in_days,
            reimbursement.run_day(p_legal_entity_id, j.run_at)
        )::reimbursement.reimbursement_batch
        order by p.position
    ) into v_batches
    from unnest(p_job_ids) with ordinality as p (job_id, "position")
    cross join lateral (
        select x.job_id, x.run_id, x.batch_after, x.batch_through, x.approval_round, x.run_at
        from reimbursement.jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.job_id = p.job_id
        limit 1
    ) as j
    cross join lateral (
        select x.posting_date, x.choices
        from reimbursement.run_requests as x
        where x.legal_entity_id = p_legal_entity_id and x.run_id = j.run_id
        limit 1
    ) as r
    cross join jsonb_populate_record(null::reimbursement.reimbursement_choices, r.choices) as c;
    return v_batches;
end
$$;

comment on function reimbursement.reimbursement_batches(text, bigint []) is
'The batches that jobs of reimbursement runs carry out: dates resolved, filters parsed.';
