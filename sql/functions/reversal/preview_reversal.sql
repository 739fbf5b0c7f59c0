-- What a reversal would do now: a row per reimbursement, with the reason where it would be left alone.
--
-- By number, too, what cannot be reversed is shown with its reason, where enqueue_reversal refuses it. A run's nettings
-- that would be undone with it are no rows.
-- Writes and locks nothing. Raises: RB001 unknown legal entity, RB003 and RB004 no open period, RB007, RB025 there is
-- no such reimbursement or run, RB026 a date before what it touches, RB060 one too far ahead.
create or replace function reimbursement.preview_reversal(
    legal_entity_id text,
    reason text default null,
    reimbursement_numbers text[] default null,
    run_id bigint default null,
    posting_date date default null
) returns setof reimbursement.reversal_preview
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_on date;
begin
    perform reimbursement.require_duty(legal_entity_id, 'clerk', 'approver');
    v_on := reimbursement.resolve_reversal_date(legal_entity_id, coalesce(reason, 'preview'), posting_date);
    perform reimbursement.check_set_up(legal_entity_id, v_on, reimbursement.reversal_sequences());
    perform reimbursement.check_reimbursements_to_reverse(legal_entity_id, reimbursement_numbers, run_id, true);
    perform reimbursement.check_reversal_date(legal_entity_id, reimbursement_numbers, run_id, v_on);
    return query
    select
        f.reimbursement_number, f.customer_account, f.invoice_number, f.currency, f.amount, f.accounting_amount,
        f.skip_reason
    from reimbursement.find_reimbursements(
        preview_reversal.legal_entity_id, preview_reversal.reimbursement_numbers, preview_reversal.run_id) as f
    order by f.reimbursement_number;
end
$$;

comment on function reimbursement.preview_reversal(text, text, text[], bigint, date) is
'What a reversal would do now, without writing: the reimbursements it would take back, and those it would leave alone.';
