-- A batch of all that a run's choices name: their filters parsed, without a job and without bounds.
-- p_transfer_date: the day on which it would be carried out.
create or replace function reimbursement.reimbursement_batch_of(
    p_choices reimbursement.reimbursement_choices, p_transfer_date date
)
returns reimbursement.reimbursement_batch
language sql immutable set search_path = reimbursement, pg_temp
as $$
    select row(
        null, null, (p_choices).posting_date, (p_choices).credits_through, (p_choices).summarize_customer,
        (p_choices).include_open_debits, (p_choices).net_open_debits, (p_choices).currency,
        reimbursement.parse_account_filter((p_choices).customer_filter, 'customer_filter'),
        reimbursement.parse_account_filter((p_choices).customer_group_filter, 'customer_group_filter'),
        null, null, null, (p_choices).due_in_days, p_transfer_date
    )::reimbursement.reimbursement_batch
$$;

comment on function reimbursement.reimbursement_batch_of(reimbursement.reimbursement_choices, date) is
'A batch of all that a run''s choices name: their filters parsed, without a job and without bounds.';
