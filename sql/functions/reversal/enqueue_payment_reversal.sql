-- Enqueues the reversal of payments that bounced or were never sent: a job a batch, for a worker to carry out.
--
-- posting_date: null is the legal entity's day of run_at, or of now when that is later. reason: why, kept with the
-- reversal. The invoices are open again afterwards. batches splits the vendors over so many jobs.
-- return_code: why the bank sent the payments back, ISO 20022's external code, AC04. not_sent: they never went to the
-- bank. Of payments that are in a bank file one of the two is said: otherwise the bank might pay what is paid again.
-- Returns: the run. The same idempotency_key with the same choices returns the run it made the first time.
-- Writes: run_requests, jobs. Raises: RB001 to RB004, RB006 to RB008, RB012, RB025 what cannot be reversed, RB026 a
-- date before what it touches, RB060 one too far ahead, RB064 return_code or not_sent is missing, or not what can be
-- said of these payments; then nothing is written.
create or replace function reimbursement.enqueue_payment_reversal(
    legal_entity_id text,
    reason text,
    payment_numbers text[],
    posting_date date default null,
    return_code text default null,
    not_sent boolean default false,
    batches int default 1,
    idempotency_key text default null,
    run_at timestamptz default now(),
    priority int default 0,
    max_attempts int default 5,
    queue text default 'default',
    description text default null,
    timeout interval default null
) returns bigint
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_given constant jsonb := jsonb_build_object(
        'posting_date', posting_date, 'reason', reason, 'payment_numbers', payment_numbers)
    -- A key from before there were these choices is the same key.
    || case when return_code is null then '{}'::jsonb else jsonb_build_object('return_code', return_code) end
    || case when not_sent then '{"not_sent": true}' else '{}' end::jsonb;
    v_on date;
    v_run_id bigint;
begin
    perform reimbursement.require_duty(legal_entity_id, 'payer');
    perform reimbursement.require_arguments(jsonb_build_object(
        'not_sent', not_sent, 'batches', batches, 'run_at', run_at, 'priority', priority, 'max_attempts', max_attempts,
        'queue', queue));
    v_run_id := reimbursement.find_run(legal_entity_id, 'payment_reversal', idempotency_key, v_given);
    if v_run_id is not null then
        return v_run_id;
    end if;
    v_on := reimbursement.resolve_reversal_date(legal_entity_id, reason, posting_date, run_at);
    perform reimbursement.check_set_up(legal_entity_id, v_on, reimbursement.reversal_sequences());
    perform reimbursement.check_payments_to_reverse(legal_entity_id, payment_numbers, v_on);
    perform reimbursement.check_return_codes(legal_entity_id, payment_numbers, v_given);
    return reimbursement.enqueue_run(
        legal_entity_id, 'payment_reversal', v_on, v_given,
        reimbursement.split_payments(legal_entity_id, payment_numbers, batches),
        idempotency_key, run_at, priority, max_attempts, queue, description, p_timeout => timeout);
end
$$;

comment on function reimbursement.enqueue_payment_reversal(
    text, text, text[], date, text, boolean, int, text, timestamptz, int, int, text, text, interval
) is 'Enqueues the reversal of payments that bounced or were never sent. Returns the run.';
