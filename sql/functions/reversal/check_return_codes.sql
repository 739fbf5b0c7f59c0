-- Refuses a payment reversal that does not say what became of the payments at the bank, or says what cannot be.
--
-- A payment that is in a bank file came back, with the bank's code, or was never sent: one of the two. One that is in
-- no file needs neither, and if it was to be in one it cannot have come back: nobody sent it. What the bank has
-- accepted or executed was sent, whatever a person says.
-- p_choices: those of the run: return_code, not_sent, or return_codes, a code for each payment by its number.
-- Reads: what find_payments reads, bank_entries. Raises: RB064.
create or replace function reimbursement.check_return_codes(
    p_legal_entity_id text, p_payment_numbers text[], p_choices jsonb
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_code constant text := p_choices ->> 'return_code';
    v_is_not_sent constant boolean := coalesce((p_choices ->> 'not_sent')::boolean, false);
    v_found record;
begin
    if v_code is not null and v_is_not_sent then
        raise exception using errcode = 'RB064',
            message = format('return_code is "%s" and not_sent is true: what came back was sent', v_code),
            hint = 'Give the bank''s return_code for payments that came back, or not_sent for payments that never went to the bank.';
    end if;
    if v_code !~ '^[A-Z0-9]{4}$' then
        raise exception using errcode = 'RB064',
            message = format('return_code "%s" is no reason of ISO 20022: four characters of A-Z and 0-9', v_code),
            hint = 'Give it as the bank''s message or statement has it: AC04 for a closed account, AC01 for a wrong one.';
    end if;
    select
        array_agg(f.payment_number order by f.payment_number)
            filter (where f.in_bank_file and c.code is null and not v_is_not_sent) as maybe_paid,
        array_agg(f.payment_number order by f.payment_number)
            filter (where f.is_transfer and not f.in_bank_file and c.code is not null) as never_sent,
        array_agg(format('%s is %s', f.payment_number, s.status) order by f.payment_number)
            filter (where s.status in ('accepted', 'executed', 'returned') and v_is_not_sent) as was_sent
    into v_found
    from reimbursement.find_payments(p_legal_entity_id, p_payment_numbers) as f
    cross join lateral (
        select coalesce(p_choices -> 'return_codes' ->> f.payment_number, v_code) as code
    ) as c
    cross join lateral reimbursement.bank_status(p_legal_entity_id, f.payment_number) as s (status);
    if v_found.was_sent is not null then
        raise exception using errcode = 'RB064',
            message = format('the bank has answered, so that these payments were sent: %s%s',
                array_to_string(v_found.was_sent[:20], ', '),
                case when cardinality(v_found.was_sent) > 20
                    then format(' and %s more', cardinality(v_found.was_sent) - 20)
                end),
            hint = 'Leave not_sent out; give the bank''s return_code if they came back.';
    end if;
    if v_found.maybe_paid is not null then
        raise exception using errcode = 'RB064',
            message = format('these payments are in a bank file and might be paid twice: %s%s',
                array_to_string(v_found.maybe_paid[:20], ', '),
                case when cardinality(v_found.maybe_paid) > 20
                    then format(' and %s more', cardinality(v_found.maybe_paid) - 20)
                end),
            hint = 'Give return_code, the bank''s reason (AC04), if they came back; give not_sent => true if the file never went to the bank.';
    end if;
    if v_found.never_sent is not null then
        raise exception using errcode = 'RB064',
            message = format('these payments cannot have come back, for no bank file has them: %s%s',
                array_to_string(v_found.never_sent[:20], ', '),
                case when cardinality(v_found.never_sent) > 20
                    then format(' and %s more', cardinality(v_found.never_sent) - 20)
                end),
            hint = 'Leave return_code out: they were never sent.';
    end if;
end
$$;

comment on function reimbursement.check_return_codes(text, text[], jsonb) is
'Refuses a payment reversal that does not say what became of the payments at the bank, or says what cannot be.';
