-- The choices of a reimbursement run, checked, with its dates resolved: no posting date is the legal entity's day of
-- p_run_at, or of now when that is later; no cut-off for credits is the posting date.
--
-- Reads: legal_entities. Raises: RB001 unknown legal entity, RB005 a filter does not parse, RB006 an argument is NULL,
-- RB007 choices that contradict each other, RB008 due_in_days out of range, RB009 unknown currency, RB060 a posting
-- date too far ahead.
create or replace function reimbursement.resolve_reimbursement_choices(
    p_legal_entity_id text, p_posting_date date, p_summarize_customer boolean, p_include_open_debits boolean,
    p_net_open_debits boolean, p_customer_filter text, p_customer_group_filter text, p_currency text,
    p_credits_through date, p_due_in_days int, p_run_at timestamptz default now()
) returns reimbursement.reimbursement_choices
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_day constant date := reimbursement.run_day(p_legal_entity_id, p_run_at);
    v_choices reimbursement.reimbursement_choices;
    v_contradiction text;
begin
    perform reimbursement.require_arguments(jsonb_build_object(
        'summarize_customer', p_summarize_customer, 'include_open_debits', p_include_open_debits,
        'net_open_debits', p_net_open_debits));
    if v_day is null then
        perform reimbursement.raise_unknown_legal_entity(p_legal_entity_id);
    end if;
    if p_currency is not null and reimbursement.minor_unit(p_currency) is null then
        perform reimbursement.raise_unknown_currency(p_currency);
    end if;
    perform reimbursement.parse_account_filter(p_customer_filter, 'customer_filter');
    perform reimbursement.parse_account_filter(p_customer_group_filter, 'customer_group_filter');

    v_choices := row(
        coalesce(p_posting_date, v_day), coalesce(p_credits_through, p_posting_date, v_day),
        p_summarize_customer, p_include_open_debits, p_net_open_debits, p_customer_filter, p_customer_group_filter,
        p_currency, p_due_in_days);
    v_contradiction := case
        when p_net_open_debits and not p_include_open_debits
            then 'net_open_debits needs include_open_debits: only then are customers with open debits taken at all'
        when v_choices.credits_through > v_choices.posting_date
            then format(
                'credits_through %s is after the posting date %s', v_choices.credits_through, v_choices.posting_date)
        when not isfinite(v_choices.posting_date) or not isfinite(v_choices.credits_through)
            then 'posting_date and credits_through are days, not infinity'
    end;
    if v_contradiction is not null then
        raise exception using errcode = 'RB007', message = v_contradiction,
            hint = 'Mend the arguments and call again; nothing was written.';
    end if;
    if p_due_in_days not between 0 and 3650 then
        raise exception using errcode = 'RB008',
            message = format('due_in_days is %s: give a number of days from 0 to 3650', p_due_in_days),
            hint = 'Mend the argument and call again, or leave it out for the vendor''s terms; nothing was written.';
    end if;
    perform reimbursement.refuse_far_date(p_legal_entity_id, 'posting_date', v_choices.posting_date, p_run_at);
    return v_choices;
end
$$;

comment on function reimbursement.resolve_reimbursement_choices(
    text, date, boolean, boolean, boolean, text, text, text, date, int, timestamptz
) is 'The choices of a reimbursement run, checked, with its dates resolved.';
