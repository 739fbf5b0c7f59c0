-- Enqueues the reversal of reimbursements, by their numbers or of a whole run: a job a batch, for a worker to carry
-- out.
--
-- posting_date: null is the legal entity's day of run_at, or of now when that is later. reason: why, kept with the
-- reversal. By number, what cannot be reversed is an error; of a run it is skipped, with the reason. A run's
-- nettings are undone with it; by number they stay. batches splits the customers over so many jobs.
-- Returns: the run. The same idempotency_key with the same choices returns the run it made the first time.
-- Writes: run_requests, jobs. Raises: RB001 to RB004, RB006 to RB008, RB012, RB025 what cannot be reversed, RB026 a
-- date before what it touches, RB060 one too far ahead; then nothing is written.
create or replace function reimbursement.enqueue_reversal(
    legal_entity_id text,
    reason text,
    reimbursement_numbers text[] default null,
    run_id bigint default null,
    posting_date date default null,
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
        'posting_date', posting_date, 'reason', reason, 'reimbursement_numbers', reimbursement_numbers,
        'run_id', run_id);
    v_on date;
    v_run_id bigint;
begin
    perform reimbursement.require_duty(legal_entity_id, 'clerk');
    perform reimbursement.require_arguments(jsonb_build_object(
        'batches', batches, 'run_at', run_at, 'priority', priority, 'max_attempts', max_attempts, 'queue', queue));
    v_run_id := reimbursement.find_run(legal_entity_id, 'reimbursement_reversal', idempotency_key, v_given);
    if v_run_id is not null then
        return v_run_id;
    end if;
    v_on := reimbursement.resolve_reversal_date(legal_entity_id, reason, posting_date, run_at);
    perform reimbursement.check_set_up(legal_entity_id, v_on, reimbursement.reversal_sequences());
    perform reimbursement.check_reimbursements_to_reverse(legal_entity_id, reimbursement_numbers, run_id);
    perform reimbursement.check_reversal_date(legal_entity_id, reimbursement_numbers, run_id, v_on);
    return reimbursement.enqueue_run(
        legal_entity_id, 'reimbursement_reversal', v_on, v_given,
        reimbursement.split_reimbursements(legal_entity_id, reimbursement_numbers, run_id, batches),
        idempotency_key, run_at, priority, max_attempts, queue, description, p_timeout => timeout);
end
$$;

comment on function reimbursement.enqueue_reversal(
    text, text, text[], bigint, date, int, text, timestamptz, int, int, text, text, interval
) is 'Enqueues the reversal of reimbursements, by their numbers or of a whole run. Returns the run.';
