-- Writes the reversals themselves, which tie a voucher to the one that reverses it, and sums up the job.
--
-- p_choices: those of the run. Of payments it says why they came back, for all of them or for each (return_code,
-- return_codes by number), or that they were never sent, and which were rejected (rejected, numbers).
-- Returns: what the job did; the amount is in accounting currency.
-- Reads: new_reversals, reversed_documents, payments, payment_files. Writes: reversals.
create or replace function reimbursement.record_reversals(
    p_run_id bigint, p_job_id bigint, p_posting_date date, p_reason text,
    p_choices jsonb default '{}'
) returns reimbursement.job_result
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_result reimbursement.job_result;
begin
    insert into reimbursement.reversals (
        legal_entity_id, voucher, run_id, job_id, reversed_type, reversed_voucher, posting_date, reason, in_bank_file,
        return_code, not_sent, is_rejection
    )
    select
        r.legal_entity_id, r.voucher, p_run_id, p_job_id, r.reversed_type, r.reversed_voucher, p_posting_date, p_reason,
        case when p.is_payment then p.is_transfer and exists (
            select from reimbursement.payment_files as f
            where f.legal_entity_id = r.legal_entity_id and f.run_id = r.run_id and f.bank_account = p.bank_account
            offset 0
        ) end,
        case when p.is_payment
            then coalesce(p_choices -> 'return_codes' ->> r.reversed_voucher, p_choices ->> 'return_code')
        end,
        coalesce(p.is_payment and (p_choices ->> 'not_sent')::boolean, false),
        coalesce(p.is_payment and p_choices -> 'rejected' ? r.reversed_voucher, false)
    from pg_temp.new_reversals as r
    left join lateral (
        select x.is_transfer, x.bank_account, true as is_payment
        from reimbursement.payments as x
        where x.legal_entity_id = r.legal_entity_id
            and x.payment_number between r.reversed_voucher and r.reversed_voucher
        order by x.payment_number
        limit 1
    ) as p on true;

    select
        count(*) filter (where d.skip_reason is null), count(*) filter (where d.skip_reason is not null),
        coalesce(sum(d.accounting_amount) filter (where d.skip_reason is null), 0)
    into v_result.processed, v_result.skipped, v_result.accounting_amount
    from pg_temp.reversed_documents as d;
    return v_result;
end
$$;

comment on function reimbursement.record_reversals(bigint, bigint, date, text, jsonb) is
'Writes the reversals themselves, and sums up what the job did.';
