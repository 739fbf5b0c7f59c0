-- Enqueues a run that reimburses customers: a job a batch, for a worker to carry out.
--
-- The choices are those of product rules 2, 3 and 5; see sql/README.md. posting_date: null is the legal entity's day of
-- run_at, or of now when that is later. due_in_days: from the posting date to the invoices' due date; null: the
-- vendor's terms. batches splits the customers over so many jobs.
-- Returns: the run. The same idempotency_key with the same choices returns the run it made the first time.
-- Writes: run_requests, jobs. Raises: RB001 to RB009, RB012 and RB060; then nothing is written.
create or replace function reimbursement.enqueue_reimbursement(
    legal_entity_id text,
    posting_date date default null,
    summarize_customer boolean default true,
    include_open_debits boolean default false,
    net_open_debits boolean default false,
    customer_filter text default null,
    customer_group_filter text default null,
    currency text default null,
    credits_through date default null,
    due_in_days int default null,
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
        'posting_date', posting_date, 'summarize_customer', summarize_customer,
        'include_open_debits', include_open_debits, 'net_open_debits', net_open_debits,
        'customer_filter', customer_filter, 'customer_group_filter', customer_group_filter,
        'currency', currency, 'credits_through', credits_through)
    -- A key from before there was this choice is the same key.
    || case when due_in_days is null then '{}' else jsonb_build_object('due_in_days', due_in_days) end;
    v_choices reimbursement.reimbursement_choices;
    v_run_id bigint;
begin
    perform reimbursement.require_duty(legal_entity_id, 'clerk');
    perform reimbursement.require_arguments(jsonb_build_object(
        'batches', batches, 'run_at', run_at, 'priority', priority, 'max_attempts', max_attempts, 'queue', queue));
    v_run_id := reimbursement.find_run(legal_entity_id, 'reimbursement', idempotency_key, v_given);
    if v_run_id is not null then
        return v_run_id;
    end if;
    v_choices := reimbursement.resolve_reimbursement_choices(
        legal_entity_id, posting_date, summarize_customer, include_open_debits, net_open_debits,
        customer_filter, customer_group_filter, currency, credits_through, due_in_days, run_at);
    perform reimbursement.check_set_up(
        legal_entity_id, v_choices.posting_date, reimbursement.reimbursement_sequences());
    return reimbursement.enqueue_run(
        legal_entity_id, 'reimbursement', v_choices.posting_date, v_given,
        reimbursement.split_customers(legal_entity_id, v_choices, batches),
        idempotency_key, run_at, priority, max_attempts, queue, description,
        p_is_small => customer_group_filter is null
            and reimbursement.names_few(reimbursement.parse_account_filter(customer_filter, 'customer_filter')),
        p_timeout => timeout);
end
$$;

comment on function reimbursement.enqueue_reimbursement(
    text, date, boolean, boolean, boolean, text, text, text, date, int, int, text, timestamptz, int, int, text, text,
    interval
) is 'Enqueues a run that reimburses customers. Returns the run.';
