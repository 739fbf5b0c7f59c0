-- Refuses a reversal of reimbursements that is dated before what it touches: their posting dates, the latest settlement
-- of their invoices and, of a run, of the transactions that it netted.
--
-- Either p_reimbursement_numbers or p_run_id. The nettings of a customer of whom a reimbursement is left alone stay,
-- and have no say. Every look-up is by key.
-- Reads: what find_reimbursements reads, settlements, customer_transactions. Raises: RB026.
create or replace function reimbursement.check_reversal_date(
    p_legal_entity_id text, p_reimbursement_numbers text[], p_run_id bigint, p_posting_date date
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_latest record;
begin
    with found as materialized (
        select f.reimbursement_number, f.customer_account, f.latest_date, f.skip_reason
        from reimbursement.find_reimbursements(p_legal_entity_id, p_reimbursement_numbers, p_run_id) as f
    )
    select x.what, x.latest_date into v_latest
    from (
        select f.reimbursement_number as what, f.latest_date
        from found as f
        where f.skip_reason is null
        union all
        select format('customer transaction %s', t.customer_transaction_id), t.latest_date
        from (
            select x.*
            from reimbursement.settlements as x
            where x.legal_entity_id = p_legal_entity_id and x.run_id between p_run_id and p_run_id and x.is_netting
            order by x.run_id
            offset 0
        ) as n
        cross join lateral unnest(array[n.debit_transaction_id, n.credit_transaction_id]) as k (transaction_id)
        cross join lateral (
            select
                x.customer_account, x.customer_transaction_id,
                greatest(x.transaction_date, x.last_settled_on) as latest_date
            from reimbursement.customer_transactions as x
            where x.legal_entity_id = p_legal_entity_id
                and x.customer_transaction_id between k.transaction_id and k.transaction_id
            order by x.customer_transaction_id
            limit 1
        ) as t
        where t.latest_date > p_posting_date
            and not exists (
                select from reimbursement.settlements as u
                where u.legal_entity_id = p_legal_entity_id
                    and u.undoes_settlement_id between n.settlement_id and n.settlement_id
                order by u.undoes_settlement_id
                offset 0
            )
            and t.customer_account not in (select f.customer_account from found as f where f.skip_reason is not null)
    ) as x
    order by x.latest_date desc, x.what
    limit 1;
    perform reimbursement.refuse_early_reversal(p_posting_date, v_latest.latest_date, v_latest.what);
end
$$;

comment on function reimbursement.check_reversal_date(text, text[], bigint, date) is
'Refuses a reversal of reimbursements that is dated before what it touches.';
