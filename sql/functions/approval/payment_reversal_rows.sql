-- What jobs of a payment reversal would do now, as it is approved: each payment that would be taken back, its vendor,
-- bank account, currency and amount.
--
-- Reads: jobs, run_requests, payments, what find_payments reads. Writes and locks nothing.
create or replace function reimbursement.payment_reversal_rows(
    p_legal_entity_id text, p_run_id bigint, p_job_ids bigint []
) returns setof reimbursement.approval_row
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
begin
    return query
    select
        j.job_id, f.payment_number,
        reimbursement.row_digest(jsonb_build_array(
            p.vendor_account, p.creditor_name, p.creditor_iban, p.creditor_bic, p.currency, trim_scale(p.amount))),
        concat_ws(', ',
            format('payment %s: %s %s to %s %s', f.payment_number, p.currency,
                round(p.amount, reimbursement.minor_unit(p.currency)), p.vendor_account, p.creditor_name),
            coalesce(reimbursement.mask_bank_detail(p.creditor_iban), 'no bank account')),
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
    cross join lateral reimbursement.find_payments(
        p_legal_entity_id, array(select jsonb_array_elements_text(q.choices -> 'payment_numbers')), j.batch_after,
        j.batch_through
    ) as f
    cross join lateral (
        select x.*
        from reimbursement.payments as x
        where x.legal_entity_id = p_legal_entity_id and x.payment_number between f.payment_number and f.payment_number
        order by x.payment_number
        limit 1
    ) as p
    where f.reversed_by is null;
end
$$;

comment on function reimbursement.payment_reversal_rows(text, bigint, bigint []) is
'What jobs of a payment reversal would do now, as it is approved.';
