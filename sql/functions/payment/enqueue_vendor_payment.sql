-- Enqueues a run that pays vendor invoices: a job a batch, for a worker to carry out.
--
-- payment_date: null is the legal entity's day of run_at, or of now when that is later. due_through: invoices due up to
-- this day; null: the payment date. bank_account: null is the default one of each
-- currency. pay_per: 'invoice', or 'vendor' for one payment per vendor and currency. minimum_payment_date: no payment
-- is dated before it. maximum_total: in accounting currency, over the whole run. batches splits the vendors over so
-- many jobs; with a maximum_total they wait for one another.
-- Returns: the run. The same idempotency_key with the same choices returns the run it made the first time.
-- Writes: run_requests, jobs. Raises: RB001 to RB009, RB012, RB023, RB024, RB060; then nothing is written.
create or replace function reimbursement.enqueue_vendor_payment(
    legal_entity_id text,
    payment_date date default null,
    due_through date default null,
    vendor_filter text default null,
    currency text default null,
    method_of_payment text default null,
    bank_account text default null,
    pay_per text default 'invoice',
    minimum_payment_date date default null,
    maximum_total numeric default null,
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
        'payment_date', payment_date, 'due_through', due_through, 'vendor_filter', vendor_filter,
        'currency', currency, 'method_of_payment', method_of_payment, 'bank_account', bank_account,
        'pay_per', pay_per, 'minimum_payment_date', minimum_payment_date, 'maximum_total', maximum_total);
    v_choices reimbursement.vendor_payment_choices;
    v_run_id bigint;
begin
    perform reimbursement.require_duty(legal_entity_id, 'payer');
    perform reimbursement.require_arguments(jsonb_build_object(
        'batches', batches, 'run_at', run_at, 'priority', priority, 'max_attempts', max_attempts, 'queue', queue));
    v_run_id := reimbursement.find_run(legal_entity_id, 'vendor_payment', idempotency_key, v_given);
    if v_run_id is not null then
        return v_run_id;
    end if;
    v_choices := reimbursement.resolve_payment_choices(
        legal_entity_id, payment_date, due_through, vendor_filter, currency, method_of_payment, bank_account, pay_per,
        minimum_payment_date, maximum_total, run_at);
    perform reimbursement.check_set_up(legal_entity_id, v_choices.payment_date, reimbursement.payment_sequences());
    perform reimbursement.check_bank_accounts(legal_entity_id, v_choices);
    return reimbursement.enqueue_run(
        legal_entity_id, 'vendor_payment', v_choices.payment_date, v_given,
        reimbursement.split_vendors(legal_entity_id, v_choices, batches),
        idempotency_key, run_at, priority, max_attempts, queue, description, p_timeout => timeout);
end
$$;

comment on function reimbursement.enqueue_vendor_payment(
    text, date, date, text, text, text, text, text, date, numeric, int, text, timestamptz, int, int, text, text,
    interval
) is 'Enqueues a run that pays vendor invoices. Returns the run.';
