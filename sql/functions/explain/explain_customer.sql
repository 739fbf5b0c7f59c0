-- Why a run with these choices would not reimburse a customer, or not all of his credits: every reason, not only the
-- first, with the rows behind it and what would change it.
--
-- is_first: the reason that the run would report, which is the preview's. A customer who is left out without a report
-- has no_open_credit or not_named_by_filter. credits_held is there too, not first, where some of his credits wait and
-- the others do not. A row without reason says what would be reimbursed; where nothing holds him up it is the only one.
-- Reads: what select_transactions reads. Writes and locks nothing; works in a read-only transaction.
-- Raises: 42501 the duty is missing; as preview_reimbursement; RB061 there is no such customer.
create or replace function reimbursement.explain_customer(
    legal_entity_id text,
    customer_account text,
    posting_date date default null,
    summarize_customer boolean default true,
    include_open_debits boolean default false,
    net_open_debits boolean default false,
    customer_filter text default null,
    customer_group_filter text default null,
    currency text default null,
    credits_through date default null,
    due_in_days int default null
) returns setof reimbursement.explanation
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_choices reimbursement.reimbursement_choices;
    v_batch reimbursement.reimbursement_batch;
    v_customer record;
    v_selected reimbursement.selected_transaction [];
    v_skip_reason text;
begin
    perform reimbursement.require_duty(legal_entity_id, 'clerk', 'approver', 'auditor');
    perform reimbursement.require_arguments(jsonb_build_object('customer_account', customer_account));
    v_choices := reimbursement.resolve_reimbursement_choices(
        legal_entity_id, posting_date, summarize_customer, include_open_debits, net_open_debits,
        customer_filter, customer_group_filter, currency, credits_through, due_in_days);
    perform reimbursement.check_set_up(
        legal_entity_id, v_choices.posting_date, reimbursement.reimbursement_sequences());
    v_batch := reimbursement.reimbursement_batch_of(
        v_choices, reimbursement.legal_entity_today(legal_entity_id));
    select
        reimbursement.matches_filter(reimbursement.fold_account(c.customer_account), v_batch.customers)
        and reimbursement.matches_filter(reimbursement.fold_account(c.customer_group), v_batch.customer_groups)
        as is_named, c.customer_group
    into v_customer
    from reimbursement.customers as c
    where c.legal_entity_id = explain_customer.legal_entity_id
        and c.customer_account = explain_customer.customer_account;
    if not found then
        raise exception using errcode = 'RB061',
            message = format('legal entity "%s" has no customer "%s"', legal_entity_id, customer_account),
            hint = 'The view reimbursement.customer_accounts has the accounts there are; capital letters count.';
    end if;

    if v_customer.is_named then
        v_selected := array(
            select s
            from reimbursement.select_transactions(
                explain_customer.legal_entity_id, array[v_batch], array[explain_customer.customer_account],
                array[1::bigint]) as s
        );
        v_skip_reason := v_selected[1].skip_reason;
    end if;
    return query
    select null::text, true, d.found, d.remedy
    from reimbursement.describe_reimbursements(
        explain_customer.legal_entity_id, explain_customer.customer_account, v_batch, v_selected) as d
    where cardinality(v_selected) > 0 and v_skip_reason is null;
    return query
    select r.reason, coalesce(r.reason = v_skip_reason, false), r.found, r.remedy
    from (
        select
            0 as place, 'not_named_by_filter' as reason,
            jsonb_build_array(jsonb_build_object(
                'customer_account', explain_customer.customer_account, 'customer_group', v_customer.customer_group,
                'customer_filter', explain_customer.customer_filter,
                'customer_group_filter', explain_customer.customer_group_filter)) as found,
            'Name him in the filters, or leave them out.' as remedy
        where not v_customer.is_named
        union all
        select t.place, t.reason, t.found, t.remedy
        from reimbursement.explain_transactions(
            explain_customer.legal_entity_id, explain_customer.customer_account, v_batch) as t
        union all
        select w.place, w.reason, w.found, w.remedy
        from reimbursement.explain_worth(
            explain_customer.legal_entity_id, explain_customer.customer_account, v_batch) as w
        union all
        select v.place, v.reason, v.found, v.remedy
        from reimbursement.explain_vendor(
            explain_customer.legal_entity_id, explain_customer.customer_account) as v
    ) as r
    order by r.place;
end
$$;

comment on function reimbursement.explain_customer(
    text, text, date, boolean, boolean, boolean, text, text, text, date, int
) is 'Why a run with these choices would not reimburse a customer, or not all of his credits: every reason, with what would change it.';
