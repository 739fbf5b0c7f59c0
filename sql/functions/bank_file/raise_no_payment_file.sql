-- Raises RB028: the run has no bank file, and why.
--
-- Reads: runs.
create or replace function reimbursement.raise_no_payment_file(p_run_id bigint) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_run record;
begin
    select r.kind, r.state into v_run from reimbursement.runs as r where r.run_id = p_run_id;
    raise exception using errcode = 'RB028',
        message = case
            when v_run.kind is null then format('there is no run %s', p_run_id)
            when v_run.kind <> 'vendor_payment' then format('run %s is a %s, and only payment runs have bank files',
                p_run_id, replace(v_run.kind, '_', ' '))
            when v_run.state = 'completed'
                then format('run %s made no payment by transfer that still stood when it was done: it has no bank file',
                    p_run_id)
            else format('run %s is %s: its bank files are written when all of its jobs are completed', p_run_id,
                replace(v_run.state, '_', ' '))
        end,
        hint = case
            when v_run.kind is null or v_run.kind <> 'vendor_payment'
                then 'The view reimbursement.runs lists the runs and their kinds.'
            when v_run.state = 'failed' then format(
                'See what failed in reimbursement.job_errors, mend it, then call reimbursement.retry_run(%s).', p_run_id)
            when v_run.state = 'cancelled' then 'The view reimbursement.vendor_payments has what it paid before that.'
            when v_run.state = 'completed'
                then 'The views reimbursement.vendor_payments and skipped_invoices have what it paid and left out.'
            else 'Wait until it is; reimburse worker carries it out.'
        end;
end
$$;

comment on function reimbursement.raise_no_payment_file(bigint) is 'Raises RB028: the run has no bank file, and why.';
