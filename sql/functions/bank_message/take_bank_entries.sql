-- Takes what a message says of the payments of one legal entity: decides, posts the movements, enqueues the reversals,
-- and writes it all down.
--
-- p_numbered: how many entries and exceptions of the message have numbers already, of other legal entities.
-- Returns: how many have then.
-- Writes: bank_entries, ledger_entries, run_requests, jobs. Locks, in this order: the open ledger periods from the
-- first day that the message names on, for share; the payments' vendor transactions, for no key update, in the order of
-- their ids; the number sequence bank. Raises: RB002 the set-up is incomplete, RB060 the message is of a day too
-- far ahead, RB078 too many jobs wait.
create or replace function reimbursement.take_bank_entries(
    p_legal_entity_id text, p_import_id bigint, p_message reimbursement.bank_message,
    p_found reimbursement.found_entry[], p_numbered int[]
) returns int[]
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_first_day constant date := (
        select least(p_message.message_date, min((f.reported).booking_date)) from unnest(p_found) as f
    );
    v_entries reimbursement.judged_entry[];
    v_run_id bigint;
    v_vouchers record;
    v_numbers reimbursement.taken_numbers;
begin
    perform reimbursement.refuse_far_date(
        p_legal_entity_id, 'the day of the message (CreDtTm)', p_message.message_date, now());
    perform from reimbursement.ledger_periods as p
    where p.legal_entity_id = p_legal_entity_id and p.ends_on >= v_first_day and p.is_open
    order by p.starts_on
    for share;
    perform reimbursement.lock_payments(
        p_legal_entity_id, array(select distinct f.payment_number from unnest(p_found) as f));

    v_entries := array(
        select e
        from reimbursement.judge_bank_entries(p_legal_entity_id, p_message.message_date, p_found) as e
        order by e."position", e.payment_number
    );
    v_run_id := reimbursement.enqueue_bank_reversals(p_legal_entity_id, p_message, v_entries);
    select
        count(distinct (e.voucher_of, e.status)) as vouchers, min(e.posted_on) as posted_on,
        bool_or(e.charges > 0) as has_charges
    into v_vouchers
    from unnest(v_entries) as e
    where e.posted_on is not null;
    if v_vouchers.vouchers > 0 then
        perform reimbursement.check_set_up(p_legal_entity_id, v_vouchers.posted_on, array['bank']);
        perform reimbursement.check_charges_account(p_legal_entity_id, v_vouchers.has_charges);
        v_numbers := reimbursement.take_numbers_of(p_legal_entity_id, 'bank', v_vouchers.vouchers);
        perform reimbursement.post_bank_vouchers(p_legal_entity_id, v_entries, v_numbers);
    end if;

    insert into reimbursement.bank_entries (
        legal_entity_id, import_id, entry_number, entry, bank_account, payment_number, status, is_news, is_booked,
        reason_code, amount, currency, charges, booking_date, value_date, payment_information, end_to_end_id, voucher,
        reversal_run_id, exception_number, problem
    )
    select
        p_legal_entity_id, p_import_id, p_numbered[1] + n.number, n.entry, n.bank_account, n.payment_number, n.status,
        n.is_news, n.is_booked, n.reason_code, n.amount, n.currency, n.charges, n.booking_date, n.value_date,
        n.payment_information, n.end_to_end_id,
        case when n.posted_on is not null then reimbursement.number_text(v_numbers, n.voucher_index) end,
        case when n.reversed_on is not null then v_run_id end,
        case when n.problem is not null then p_numbered[2] + n.exceptions end, n.problem
    from (
        select
            e.*, row_number() over in_order as number, count(e.problem) over in_order as exceptions,
            dense_rank() over (
                partition by e.posted_on is null order by e.voucher_of::bigint, e.status
            ) as voucher_index
        from unnest(v_entries) with ordinality as e
        window in_order as (order by e.ordinality)
    ) as n;
    return array[
        p_numbered[1] + cardinality(v_entries),
        p_numbered[2] + (select count(e.problem)::int from unnest(v_entries) as e)];
end
$$;

comment on function reimbursement.take_bank_entries(
    text, bigint, reimbursement.bank_message, reimbursement.found_entry [], int []
) is 'Takes what a message of a bank says of the payments of one legal entity.';
