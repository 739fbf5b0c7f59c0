-- Enqueues the reversal of the payments that a message says were rejected or returned: one run, which waits for
-- nobody's approval, with each payment's own code.
--
-- It is dated on the latest of the days that the payments need.
-- Returns: the run; null where there is nothing to reverse. Writes: run_requests, jobs. Raises: RB002 the set-up is
-- incomplete, RB078 too many jobs wait.
create or replace function reimbursement.enqueue_bank_reversals(
    p_legal_entity_id text, p_message reimbursement.bank_message, p_entries reimbursement.judged_entry[]
) returns bigint
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_reversed record;
begin
    select
        max(e.reversed_on) as posting_date, array_agg(e.payment_number order by e.payment_number) as payment_numbers,
        jsonb_object_agg(e.payment_number, coalesce(e.reason_code, 'NARR')) as return_codes,
        coalesce(
            jsonb_agg(e.payment_number order by e.payment_number) filter (where e.status = 'rejected'), '[]'
        ) as rejected
    into v_reversed
    from unnest(p_entries) as e
    where e.reversed_on is not null;
    if v_reversed.posting_date is null then
        return null;
    end if;
    perform reimbursement.check_set_up(
        p_legal_entity_id, v_reversed.posting_date, reimbursement.reversal_sequences());
    return reimbursement.enqueue_run(
        p_legal_entity_id, 'payment_reversal', v_reversed.posting_date,
        jsonb_build_object(
            'posting_date', v_reversed.posting_date, 'reason', format('bank message %s', p_message.message_id),
            'payment_numbers', v_reversed.payment_numbers, 'return_codes', v_reversed.return_codes,
            'rejected', v_reversed.rejected),
        '{}', null, now(), 0, 5, 'default', format('%s %s', p_message.message_type, p_message.message_id),
        p_asks_for_approval => false);
end
$$;

comment on function reimbursement.enqueue_bank_reversals(
    text, reimbursement.bank_message, reimbursement.judged_entry []
) is 'Enqueues the reversal of the payments that a message of a bank says were rejected or returned.';
