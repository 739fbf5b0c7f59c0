-- Fills the work tables with the reimbursements of the batch and with the settlements that go with them, and reports
-- those that are left alone.
--
-- Runs as statements of their own after the locks, so that they see what others committed before. Of a run its nettings
-- go too, except those of a customer of whom a reimbursement is left alone.
-- Reads: what find_reimbursements reads, customer_transactions, settlements.
-- Writes: documents_to_reverse, settlements_to_undo, reimbursement_skips. Locks: the settlements'
-- customer_transactions, for no key update, in the order of their ids.
-- Raises: RB025, by number, what cannot be reversed any more, RB026 a date before what it touches.
create or replace function reimbursement.select_reimbursements(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_posting_date date,
    p_reimbursement_numbers text[], p_reversed_run_id bigint, p_after text, p_through text
) returns void
language plpgsql set search_path = reimbursement, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    v_latest record;
begin
    insert into pg_temp.documents_to_reverse
    select
        'reimbursement', f.reimbursement_number, f.run_id, f.customer_account, f.vendor_transaction_id,
        f.accounting_amount, f.latest_date, f.skip_reason
    from reimbursement.find_reimbursements(
        p_legal_entity_id, p_reimbursement_numbers, p_reversed_run_id, p_after, p_through) as f;
    analyze pg_temp.documents_to_reverse;

    insert into reimbursement.reimbursement_skips
        (legal_entity_id, run_id, reimbursement_number, job_id, customer_account, skip_reason)
    select p_legal_entity_id, p_run_id, d.reversed_voucher, p_job_id, d.account, d.skip_reason
    from pg_temp.documents_to_reverse as d
    where d.skip_reason is not null;

    insert into pg_temp.settlements_to_undo
    select
        s.settlement_id, false, d.reversed_voucher, s.debit_transaction_id, s.credit_transaction_id, s.currency,
        s.amount, s.debit_accounting_amount, s.credit_accounting_amount
    from pg_temp.documents_to_reverse as d
    left join reimbursement.customer_transactions as t
        on t.legal_entity_id = p_legal_entity_id and t.run_id = d.run_id and t.voucher = d.reversed_voucher
            and t.transaction_type = 'reimbursement'
    left join reimbursement.settlements as s
        on s.legal_entity_id = p_legal_entity_id and s.debit_transaction_id = t.customer_transaction_id
    where d.skip_reason is null
    union all
    select
        s.settlement_id, true, s.voucher, s.debit_transaction_id, s.credit_transaction_id, s.currency,
        s.amount, s.debit_accounting_amount, s.credit_accounting_amount
    from reimbursement.settlements as s
    left join reimbursement.customer_transactions as t
        on t.legal_entity_id = p_legal_entity_id and t.customer_transaction_id = s.debit_transaction_id
    where s.legal_entity_id = p_legal_entity_id and s.run_id = p_reversed_run_id and s.is_netting
        and (p_after is null or t.customer_account > p_after)
        and (p_through is null or t.customer_account <= p_through)
        and not exists (
            select from reimbursement.settlements as u
            where u.legal_entity_id = p_legal_entity_id and u.undoes_settlement_id = s.settlement_id
        )
        and not exists (
            select from pg_temp.documents_to_reverse as d
            where d.account = t.customer_account and d.skip_reason is not null
        );
    analyze pg_temp.settlements_to_undo;

    perform from reimbursement.customer_transactions as t
    where t.legal_entity_id = p_legal_entity_id
        and t.customer_transaction_id in (
            select s.debit_transaction_id from pg_temp.settlements_to_undo as s
            union all
            select s.credit_transaction_id from pg_temp.settlements_to_undo as s
        )
    order by t.customer_transaction_id
    for no key update of t;

    select x.what, x.latest_date into v_latest
    from (
        select d.reversed_voucher as what, d.latest_date
        from pg_temp.documents_to_reverse as d
        where d.skip_reason is null
        union all
        select format('customer transaction %s', t.customer_transaction_id),
            greatest(t.transaction_date, t.last_settled_on)
        from reimbursement.customer_transactions as t
        where t.legal_entity_id = p_legal_entity_id
            and t.customer_transaction_id in (
                select s.debit_transaction_id from pg_temp.settlements_to_undo as s
                union all
                select s.credit_transaction_id from pg_temp.settlements_to_undo as s
            )
    ) as x
    order by x.latest_date desc
    limit 1;
    perform reimbursement.refuse_early_reversal(p_posting_date, v_latest.latest_date, v_latest.what);
    if p_reimbursement_numbers is not null
        and exists (select from pg_temp.documents_to_reverse as d where d.skip_reason is not null)
    then
        perform reimbursement.check_reimbursements_to_reverse(
            p_legal_entity_id,
            array(select d.reversed_voucher from pg_temp.documents_to_reverse as d where d.skip_reason is not null),
            null);
    end if;
end
$$;

comment on function reimbursement.select_reimbursements(text, bigint, bigint, date, text[], bigint, text, text) is
'Fills the work tables with the reimbursements to reverse and their settlements; reports those that are left alone.';
