-- What jobs of a payment run would do now, as it is approved: each looks at the invoices of its own vendors, and with a
-- maximum total at the others of its run too, as its transfer does.
--
-- Reads: jobs, run_requests, what select_invoices reads. Writes and locks nothing.
create or replace function reimbursement.payment_rows(p_legal_entity_id text, p_run_id bigint, p_job_ids bigint [])
returns setof reimbursement.approval_row
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_choices constant reimbursement.vendor_payment_choices := reimbursement.payment_run_choices(
        p_legal_entity_id, p_run_id);
begin
    return query
    select r.*
    from unnest(p_job_ids) as w (job_id)
    cross join lateral (
        select x.job_id, x.batch_after, x.batch_through
        from reimbursement.jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.job_id between w.job_id and w.job_id
        order by x.job_id
        limit 1
    ) as j
    cross join lateral reimbursement.rows_of_invoices(
        j.job_id,
        array(
            select s
            from reimbursement.select_invoices(
                p_legal_entity_id, v_choices, p_run_id, j.batch_after, j.batch_through,
                array(
                    select f.vendor_transaction_id
                    from reimbursement.find_invoices(p_legal_entity_id, v_choices, j.batch_after, j.batch_through) as f
                )
            ) as s
        )
    ) as r;
end
$$;

comment on function reimbursement.payment_rows(text, bigint, bigint []) is
'What jobs of a payment run would do now, as it is approved.';
