-- What a reversal of these payments would do now: a row per payment, with the reason where it would be refused.
--
-- skip_reason: already_reversed; in_bank_file, where neither return_code nor not_sent is given and the payment might
-- be paid twice; never_sent, where a return_code is given for a transfer that no bank file has. For one of them
-- enqueue_payment_reversal refuses all of it.
-- Writes and locks nothing. Raises: RB001 unknown legal entity, RB003 and RB004 no open period, RB006, RB007, RB025
-- there is no such payment, RB026 a date before what it touches, RB060 one too far ahead, RB064 return_code is none, or
-- not_sent is given with it.
create or replace function reimbursement.preview_payment_reversal(
    legal_entity_id text,
    reason text default null,
    payment_numbers text[] default null,
    posting_date date default null,
    return_code text default null,
    not_sent boolean default false
) returns setof reimbursement.payment_reversal_preview
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_on date;
    v_unreversed text[];
begin
    perform reimbursement.require_duty(legal_entity_id, 'payer', 'approver');
    perform reimbursement.require_arguments(jsonb_build_object('not_sent', not_sent));
    v_on := reimbursement.resolve_reversal_date(legal_entity_id, coalesce(reason, 'preview'), posting_date);
    perform reimbursement.check_set_up(legal_entity_id, v_on, reimbursement.reversal_sequences());
    select array_agg(w.number) into v_unreversed
    from unnest(payment_numbers) as w (number)
    left join lateral reimbursement.find_payments(
        preview_payment_reversal.legal_entity_id, array[w.number]) as f on true
    where f.reversed_by is null;
    -- What was reversed is shown; what there is not is an error.
    if v_unreversed is not null or coalesce(cardinality(payment_numbers), 0) = 0 then
        perform reimbursement.check_payments_to_reverse(legal_entity_id, v_unreversed, v_on);
    end if;
    perform reimbursement.check_return_codes(
        legal_entity_id, '{}', jsonb_build_object('return_code', return_code, 'not_sent', not_sent));
    return query
    select
        p.payment_number, p.vendor_account, p.creditor_name, p.currency, p.amount, p.accounting_amount, p.bank_account,
        v.invoice_numbers,
        case
            when f.reversed_by is not null then 'already_reversed'
            when f.in_bank_file and preview_payment_reversal.return_code is null
                and not preview_payment_reversal.not_sent then 'in_bank_file'
            when f.is_transfer and not f.in_bank_file and preview_payment_reversal.return_code is not null
                then 'never_sent'
        end
    from reimbursement.find_payments(
        preview_payment_reversal.legal_entity_id, preview_payment_reversal.payment_numbers) as f
    cross join lateral (
        select x.*
        from reimbursement.payments as x
        where x.legal_entity_id = preview_payment_reversal.legal_entity_id
            and x.payment_number between f.payment_number and f.payment_number
        order by x.payment_number
        limit 1
    ) as p
    cross join lateral (
        select array_agg(i.invoice_number order by i.due_date, i.invoice_number) as invoice_numbers
        from (
            select x.credit_transaction_id
            from reimbursement.vendor_settlements as x
            where x.legal_entity_id = preview_payment_reversal.legal_entity_id
                and x.debit_transaction_id between f.vendor_transaction_id and f.vendor_transaction_id
                and x.undoes_vendor_settlement_id is null
            order by x.debit_transaction_id
            offset 0
        ) as s
        cross join lateral (
            select x.invoice_number, x.due_date
            from reimbursement.vendor_transactions as x
            where x.legal_entity_id = preview_payment_reversal.legal_entity_id
                and x.vendor_transaction_id between s.credit_transaction_id and s.credit_transaction_id
                and x.transaction_type = 'invoice'
            order by x.vendor_transaction_id
            limit 1
        ) as i
    ) as v
    order by p.payment_number;
end
$$;

comment on function reimbursement.preview_payment_reversal(text, text, text[], date, text, boolean) is
'What a reversal of these payments would do now, without writing: a row per payment, with the reason where it is refused.';
