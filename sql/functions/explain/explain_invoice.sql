-- Why a payment run with these choices would not pay an invoice: every reason, not only the first, with the rows behind
-- it and what would change it.
--
-- is_first: the reason that the run would report, which is the preview's. What a run leaves out without a report is a
-- reason too, not first: paid and cancelled, which stand alone, and not_due, beside what would hold the invoice if it
-- were due. A row without reason says what would be paid; it is the only one. Bank details are masked for who may not
-- see them.
-- Reads: what judge_invoices reads. Writes and locks nothing; works in a read-only transaction.
-- Raises: 42501 the duty is missing; RB063 there is no such invoice; as preview_vendor_payment.
create or replace function reimbursement.explain_invoice(
    legal_entity_id text,
    invoice_number text,
    payment_date date default null,
    due_through date default null,
    bank_account text default null,
    pay_per text default 'invoice',
    minimum_payment_date date default null,
    maximum_total numeric default null
) returns setof reimbursement.explanation
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set jit = off set enable_seqscan = off
as $$
declare
    v_choices reimbursement.vendor_payment_choices;
    v_invoice reimbursement.vendor_transactions;
    v_fate text;
    v_judged record;
    v_is_due boolean;
begin
    perform reimbursement.require_duty(legal_entity_id, 'payer', 'approver', 'auditor');
    perform reimbursement.require_arguments(jsonb_build_object('invoice_number', invoice_number));
    v_choices := reimbursement.resolve_payment_choices(
        legal_entity_id, payment_date, due_through, null, null, null, bank_account, pay_per, minimum_payment_date,
        maximum_total);
    select t.* into v_invoice
    from reimbursement.vendor_transactions as t
    where t.legal_entity_id = explain_invoice.legal_entity_id and t.invoice_number = explain_invoice.invoice_number
        and t.transaction_type = 'invoice';
    if not found then
        raise exception using errcode = 'RB063',
            message = format('legal entity "%s" has no invoice "%s"', legal_entity_id, invoice_number),
            hint = 'The view reimbursement.reimbursement_report has the invoices, and what became of them.';
    end if;
    v_fate := reimbursement.fate_of_invoice(v_invoice);
    if v_fate <> 'open' then
        return query
        select v_fate, false, e.found, e.remedy
        from reimbursement.explain_fate(v_invoice) as e;
        return;
    end if;
    perform reimbursement.check_set_up(legal_entity_id, v_choices.payment_date, reimbursement.payment_sequences());
    perform reimbursement.check_bank_accounts(legal_entity_id, v_choices);

    select j.* into v_judged from reimbursement.reasons_of_invoice(v_invoice, v_choices) as j;
    v_is_due := v_invoice.due_date <= v_choices.due_through;
    return query
    select
        'not_due', false,
        jsonb_build_array(jsonb_build_object('due_date', v_invoice.due_date, 'due_through', v_choices.due_through)),
        format('Pay on %s or later, or pay what is due through that day (due_through).', v_invoice.due_date)
    where not v_is_due;
    return query
    select r.reason, v_is_due and r.place = 1, e.found, e.remedy
    from unnest(v_judged.reasons) with ordinality as r (reason, place)
    left join (
        select x.*
        from reimbursement.explain_payee(
            v_invoice,
            v_invoice.legal_entity_id = any (array(select reimbursement.legal_entities_with_bank_details()))) as x
        union all
        select x.*
        from reimbursement.explain_payment(
            v_invoice, v_choices, v_judged.bank_account, v_judged.bank_currency, v_judged.exchange_rate,
            v_judged.payable_amount, v_judged.counted_amount, v_judged.run_total) as x
    ) as e on e.reason = r.reason
    order by r.place;
    return query
    select
        null::text, true,
        jsonb_build_array(jsonb_strip_nulls(jsonb_build_object(
            'vendor_account', v_invoice.vendor_account, 'currency', v_invoice.currency,
            'amount', -v_invoice.open_amount, 'payment_amount', v_judged.payable_amount,
            'payment_date', v_choices.payment_date, 'bank_account', v_judged.bank_account,
            'released_because', f.reason, 'released_by', f.released_by))),
        'Nothing holds it: a run with these choices would pay it.'
    from (values (1)) as one (row)
    left join reimbursement.release_in_force(
        v_invoice.legal_entity_id, v_invoice.invoice_number, v_invoice.vendor_transaction_id) as f on true
    where v_is_due and v_judged.reasons = '{}';
end
$$;

comment on function reimbursement.explain_invoice(text, text, date, date, text, text, date, numeric) is
'Why a payment run with these choices would not pay an invoice: every reason, with what would change it.';
