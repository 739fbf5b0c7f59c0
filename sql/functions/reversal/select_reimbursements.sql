-- Fills the work tables with the reimbursements of the batch and with the settlements that go with them, and reports
-- those that are left alone.
--
-- Runs as statements of their own after the locks, so that they see what others committed before. Of a run its nettings
-- go too, except those of a customer of whom a reimbursement is left alone.
-- Reads: what find_reimbursements reads, customer_transactions, settlements.
-- Writes: reversed_documents, undone_settlements, reimbursement_skips. Locks: the settlements'
-- customer_transactions, for no key update, in the order of their ids.
-- Raises: RB025, by number, what cannot be reversed any more, RB026 a date before what it touches.
create or replace function reimbursement.select_reimbursements(
    p_legal_entity_id text, p_run_id bigint, p_job_id bigint, p_posting_date date,
    p_reimbursement_numbers text[], p_reversed_run_id bigint, p_after text, p_through text
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_transaction_ids bigint[];
    v_latest record;
begin
    insert into pg_temp.reversed_documents
    select
        p_legal_entity_id, 'reimbursement', f.reimbursement_number, f.run_id, f.customer_account,
        f.vendor_transaction_id, f.accounting_amount, f.latest_date, f.skip_reason
    from reimbursement.find_reimbursements(
        p_legal_entity_id, p_reimbursement_numbers, p_reversed_run_id, p_after, p_through) as f;

    insert into reimbursement.reimbursement_skips
        (legal_entity_id, run_id, reimbursement_number, job_id, customer_account, skip_reason)
    select d.legal_entity_id, p_run_id, d.reversed_voucher, p_job_id, d.account, d.skip_reason
    from pg_temp.reversed_documents as d
    where d.skip_reason is not null;

    insert into pg_temp.undone_settlements
    select
        d.legal_entity_id, s.settlement_id, false, d.reversed_voucher, s.debit_transaction_id, s.credit_transaction_id,
        s.currency, s.amount, s.debit_accounting_amount, s.credit_accounting_amount
    from pg_temp.reversed_documents as d
    left join lateral (
        select x.customer_transaction_id
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = d.legal_entity_id and x.run_id = d.run_id
            and x.voucher between d.reversed_voucher and d.reversed_voucher
            and x.transaction_type = 'reimbursement'
        order by x.voucher
        offset 0
    ) as t on true
    left join lateral (
        select x.*
        from reimbursement.settlements as x
        where x.legal_entity_id = d.legal_entity_id
            and x.debit_transaction_id between t.customer_transaction_id and t.customer_transaction_id
        order by x.debit_transaction_id
        offset 0
    ) as s on true
    where d.skip_reason is null;

    if p_reversed_run_id is not null then
        insert into pg_temp.undone_settlements
        select
            s.legal_entity_id, s.settlement_id, true, s.voucher, s.debit_transaction_id, s.credit_transaction_id,
            s.currency, s.amount, s.debit_accounting_amount, s.credit_accounting_amount
        from (
            select x.*
            from reimbursement.settlements as x
            where x.legal_entity_id = p_legal_entity_id and x.run_id between p_reversed_run_id and p_reversed_run_id
                and x.is_netting
            order by x.run_id
            offset 0
        ) as s
        cross join lateral (
            select x.customer_account
            from reimbursement.customer_transactions as x
            where x.legal_entity_id = s.legal_entity_id
                and x.customer_transaction_id between s.debit_transaction_id and s.debit_transaction_id
            order by x.customer_transaction_id
            limit 1
        ) as t
        where (p_after is null or t.customer_account > p_after)
            and (p_through is null or t.customer_account <= p_through)
            and not exists (
                select from reimbursement.settlements as u
                where u.legal_entity_id = s.legal_entity_id
                    and u.undoes_settlement_id between s.settlement_id and s.settlement_id
                order by u.undoes_settlement_id
                offset 0
            )
            and t.customer_account not in (
                select d.account from pg_temp.reversed_documents as d where d.skip_reason is not null
            );
    end if;

    select array_agg(n.customer_transaction_id order by n.customer_transaction_id) into v_transaction_ids
    from (
        select s.debit_transaction_id as customer_transaction_id from pg_temp.undone_settlements as s
        union
        select s.credit_transaction_id from pg_temp.undone_settlements as s
    ) as n;
    perform from unnest(v_transaction_ids) as k (customer_transaction_id)
    cross join lateral (
        select from reimbursement.customer_transactions as x
        where x.legal_entity_id = p_legal_entity_id
            and x.customer_transaction_id between k.customer_transaction_id and k.customer_transaction_id
        order by x.customer_transaction_id
        for no key update
    ) as t;

    select x.what, x.latest_date into v_latest
    from (
        select d.reversed_voucher as what, d.latest_date
        from pg_temp.reversed_documents as d
        where d.skip_reason is null
        union all
        select format('customer transaction %s', k.customer_transaction_id), t.latest_date
        from unnest(v_transaction_ids) as k (customer_transaction_id)
        cross join lateral (
            select greatest(x.transaction_date, x.last_settled_on) as latest_date
            from reimbursement.customer_transactions as x
            where x.legal_entity_id = p_legal_entity_id
                and x.customer_transaction_id between k.customer_transaction_id and k.customer_transaction_id
            order by x.customer_transaction_id
            limit 1
        ) as t
    ) as x
    order by x.latest_date desc
    limit 1;
    perform reimbursement.refuse_early_reversal(p_posting_date, v_latest.latest_date, v_latest.what);
    if p_reimbursement_numbers is not null
        and exists (select from pg_temp.reversed_documents as d where d.skip_reason is not null)
    then
        perform reimbursement.check_reimbursements_to_reverse(
            p_legal_entity_id,
            array(select d.reversed_voucher from pg_temp.reversed_documents as d where d.skip_reason is not null),
            null);
    end if;
end
$$;

comment on function reimbursement.select_reimbursements(text, bigint, bigint, date, text[], bigint, text, text) is
'Fills the work tables with the reimbursements to reverse and their settlements; reports those that are left alone.';
