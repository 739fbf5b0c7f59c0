-- The choices of a reimbursement run as the transfer uses them: as they were given, with the posting date of the day on
-- which the run was enqueued.
--
-- Reads: run_requests.
create or replace function reimbursement.reimbursement_run_choices(p_legal_entity_id text, p_run_id bigint)
returns reimbursement.reimbursement_choices
language sql stable set search_path = reimbursement, pg_temp
as $$
    select reimbursement.resolve_reimbursement_choices(
        r.legal_entity_id, r.posting_date, c.summarize_customer, c.include_open_debits, c.net_open_debits,
        c.customer_filter, c.customer_group_filter, c.currency, c.credits_through)
    from reimbursement.run_requests as r
    cross join jsonb_populate_record(null::reimbursement.reimbursement_choices, r.choices) as c
    where r.legal_entity_id = p_legal_entity_id and r.run_id = p_run_id
$$;

comment on function reimbursement.reimbursement_run_choices(text, bigint) is
'The choices of a reimbursement run as the transfer uses them, dates resolved.';
