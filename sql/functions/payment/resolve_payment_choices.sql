-- The choices of a payment run, checked, with its dates resolved: no payment date is the legal entity's day of
-- p_run_at, or of now when that is later, none is before the minimum payment date, and invoices are due up to the
-- payment date unless the caller says otherwise.
--
-- p_run_at: null where the dates were fixed before, and are not to be judged again.
-- Reads: legal_entities, methods_of_payment. Raises: RB001 unknown legal entity, RB005 the filter does not parse, RB006
-- an argument is NULL, RB007 choices that make no sense, RB009 unknown currency, RB024 unknown method of payment,
-- RB060 a payment date too far ahead.
create or replace function reimbursement.resolve_payment_choices(
    p_legal_entity_id text, p_payment_date date, p_due_through date, p_vendor_filter text, p_currency text,
    p_method_of_payment text, p_bank_account text, p_pay_per text, p_minimum_payment_date date, p_maximum_total numeric,
    p_run_at timestamptz default now()
) returns reimbursement.vendor_payment_choices
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_entity reimbursement.legal_entities;
    v_payment_date date;
    v_problem text;
begin
    perform reimbursement.require_arguments(jsonb_build_object('pay_per', p_pay_per));
    select le.* into v_entity from reimbursement.legal_entities as le where le.legal_entity_id = p_legal_entity_id;
    if not found then
        perform reimbursement.raise_unknown_legal_entity(p_legal_entity_id);
    end if;
    if p_currency is not null and reimbursement.minor_unit(p_currency) is null then
        perform reimbursement.raise_unknown_currency(p_currency);
    end if;
    perform reimbursement.parse_account_filter(p_vendor_filter, 'vendor_filter');
    if p_method_of_payment is not null and not exists (
        select from reimbursement.methods_of_payment as m
        where m.legal_entity_id = p_legal_entity_id and m.method_of_payment = p_method_of_payment
    ) then
        raise exception using errcode = 'RB024',
            message = format('legal entity "%s" has no method of payment "%s"', p_legal_entity_id, p_method_of_payment),
            hint = 'The table reimbursement.methods_of_payment lists what there is.';
    end if;

    v_payment_date := greatest(
        coalesce(p_payment_date, reimbursement.run_day(p_legal_entity_id, p_run_at)), p_minimum_payment_date);
    v_problem := case
        when p_pay_per not in ('invoice', 'vendor')
            then format('pay_per is "%s": give invoice, or vendor for one payment per vendor and currency', p_pay_per)
        when not isfinite(v_payment_date) or not isfinite(p_payment_date) or not isfinite(p_minimum_payment_date)
            or not isfinite(p_due_through)
            then 'payment_date, minimum_payment_date and due_through are days, not infinity'
        when (p_maximum_total > 0 and reimbursement.has_decimals(
            p_maximum_total, reimbursement.minor_unit(v_entity.accounting_currency))) is false
            then format('maximum_total %s is no amount above 0 in %s, the accounting currency', p_maximum_total,
                v_entity.accounting_currency)
    end;
    if v_problem is not null then
        raise exception using errcode = 'RB007', message = v_problem,
            hint = 'Mend the arguments and call again; nothing was written.';
    end if;
    if p_run_at is not null then
        perform reimbursement.refuse_far_date(p_legal_entity_id, 'payment_date', v_payment_date, p_run_at);
    end if;
    return row(
        v_payment_date, coalesce(p_due_through, v_payment_date), p_vendor_filter, p_currency, p_method_of_payment,
        p_bank_account, p_pay_per, p_maximum_total);
end
$$;

comment on function reimbursement.resolve_payment_choices(
    text, date, date, text, text, text, text, text, date, numeric, timestamptz
) is 'The choices of a payment run, checked, with its dates resolved.';
