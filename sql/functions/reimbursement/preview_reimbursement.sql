-- What a reimbursement run with these choices would do now: a row per reimbursement to be, or per skipped customer.
--
-- Shares its selection with the transfer (select_transactions). Writes and locks nothing; works in a read-only
-- transaction. Raises: as enqueue_reimbursement.
create or replace function reimbursement.preview_reimbursement(
    legal_entity_id text,
    posting_date date default null,
    summarize_customer boolean default true,
    include_open_debits boolean default false,
    net_open_debits boolean default false,
    customer_filter text default null,
    customer_group_filter text default null,
    currency text default null,
    credits_through date default null,
    due_in_days int default null
) returns setof reimbursement.reimbursement_preview
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_choices reimbursement.reimbursement_choices;
    v_batches reimbursement.reimbursement_batch [];
begin
    perform reimbursement.require_duty(legal_entity_id, 'clerk', 'approver');
    v_choices := reimbursement.resolve_reimbursement_choices(
        legal_entity_id, posting_date, summarize_customer, include_open_debits, net_open_debits,
        customer_filter, customer_group_filter, currency, credits_through, due_in_days);
    v_batches := array[reimbursement.reimbursement_batch_of(
        v_choices, reimbursement.legal_entity_today(legal_entity_id))];
    perform reimbursement.check_set_up(
        legal_entity_id, v_choices.posting_date, reimbursement.reimbursement_sequences());
    return query
    with selected as materialized (
        select s.*
        from reimbursement.select_transactions(preview_reimbursement.legal_entity_id, v_batches) as s
    ),
    to_reimburse as (
        select
            s.customer_account, s.currency, s.group_dimension_set_id, s.vendor_account, s.is_new_vendor,
            sum(s.reimbursed_amount) as amount,
            round(sum(s.reimbursed_amount) * s.exchange_rate, reimbursement.minor_unit(le.accounting_currency))
            as accounting_amount,
            sum(s.netted_amount) as netted_amount
        from selected as s
        inner join reimbursement.legal_entities as le on le.legal_entity_id = preview_reimbursement.legal_entity_id
        where s.is_credit and s.skip_reason is null
        group by
            s.customer_account, s.currency, s.group_receivable_account, s.group_dimension_set_id,
            s.vendor_account, s.is_new_vendor, s.exchange_rate, le.accounting_currency
        having sum(s.reimbursed_amount) > 0
    ),
    skipped as (
        select distinct s.customer_account, s.vendor_account, s.skip_reason, s.credit_amount
        from selected as s
        where s.skip_reason is not null
    )
    select
        r.customer_account, r.currency, d.dimensions, r.amount, r.accounting_amount, r.vendor_account,
        r.is_new_vendor, r.netted_amount, null::text
    from to_reimburse as r
    left join reimbursement.dimension_sets as d
        on d.legal_entity_id = preview_reimbursement.legal_entity_id and d.dimension_set_id = r.group_dimension_set_id
    union all
    select k.customer_account, null, null, null, k.credit_amount, k.vendor_account, false, null, k.skip_reason
    from skipped as k
    order by 1, 2, 3;
end
$$;

comment on function reimbursement.preview_reimbursement(
    text, date, boolean, boolean, boolean, text, text, text, date, int
) is 'What a reimbursement run would do now, without writing: its reimbursements, and the customers it would skip.';
