-- What jobs of a reversal of reimbursements would do now, as it is approved: each reimbursement that would be taken
-- back, its customer, vendor, invoice, currency and amount.
--
-- Reads: jobs, run_requests, what find_reimbursements reads. Writes and locks nothing.
create or replace function reimbursement.reversal_rows(p_legal_entity_id text, p_run_id bigint, p_job_ids bigint [])
returns setof reimbursement.approval_row
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
begin
    return query
    select
        j.job_id, f.reimbursement_number,
        reimbursement.row_digest(jsonb_build_array(
            f.customer_account, f.vendor_account, f.invoice_number, f.currency, trim_scale(f.amount))),
        format('reimbursement %s: %s %s of customer %s, invoice %s of vendor %s', f.reimbursement_number, f.currency,
            round(f.amount, reimbursement.minor_unit(f.currency)), f.customer_account, f.invoice_number,
            f.vendor_account),
        f.accounting_amount
    from unnest(p_job_ids) as w (job_id)
    cross join lateral (
        select x.job_id, x.batch_after, x.batch_through
        from reimbursement.jobs as x
        where x.legal_entity_id = p_legal_entity_id and x.job_id between w.job_id and w.job_id
        order by x.job_id
        limit 1
    ) as j
    inner join reimbursement.run_requests as q on q.legal_entity_id = p_legal_entity_id and q.run_id = p_run_id
    cross join lateral reimbursement.find_reimbursements(
        p_legal_entity_id,
        case when jsonb_typeof(q.choices -> 'reimbursement_numbers') = 'array'
            then array(select jsonb_array_elements_text(q.choices -> 'reimbursement_numbers'))
        end,
        (q.choices ->> 'run_id')::bigint, j.batch_after, j.batch_through
    ) as f
    where f.skip_reason is null;
end
$$;

comment on function reimbursement.reversal_rows(text, bigint, bigint []) is
'What jobs of a reversal of reimbursements would do now, as it is approved.';
