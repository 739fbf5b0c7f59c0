-- The choices of a payment run as its transfer uses them: as they were given, with the payment date of the day on which
-- the run was enqueued.
--
-- Reads: run_requests.
create or replace function reimbursement.payment_run_choices(p_legal_entity_id text, p_run_id bigint)
returns reimbursement.vendor_payment_choices
language sql stable set search_path = reimbursement, pg_temp
as $$
    select reimbursement.resolve_payment_choices(
        r.legal_entity_id, r.posting_date, c.due_through, c.vendor_filter, c.currency, c.method_of_payment,
        c.bank_account, c.pay_per, null, c.maximum_total, null)
    from reimbursement.run_requests as r
    cross join jsonb_populate_record(null::reimbursement.vendor_payment_choices, r.choices) as c
    where r.legal_entity_id = p_legal_entity_id and r.run_id = p_run_id
$$;

comment on function reimbursement.payment_run_choices(text, bigint) is
'The choices of a payment run as its transfer uses them, dates resolved.';
