-- Reports the invoices that the selection left out: a row each, with the reason.
--
-- Reads: selected_invoices. Writes: invoice_skips.
create or replace function reimbursement.report_skipped_invoices(p_run_id bigint, p_job_id bigint) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.invoice_skips
        (legal_entity_id, run_id, invoice_number, job_id, vendor_account, skip_reason)
    select s.legal_entity_id, p_run_id, s.invoice_number, p_job_id, s.vendor_account, s.skip_reason
    from pg_temp.selected_invoices as s
    where s.skip_reason is not null;
end
$$;

comment on function reimbursement.report_skipped_invoices(bigint, bigint) is
'Reports the invoices that the selection left out, with the reason.';
