-- Refuses a reversal of reimbursements that is dated before what it touches: their posting dates, the latest settlement
-- of their invoices and, of a run, of the transactions that it netted.
--
-- Either p_reimbursement_numbers or p_run_id. The nettings of a customer of whom a reimbursement is left alone stay,
-- and have no say. Every look-up is by key.
-- Reads: what find_reimbursements reads, settlements, customer_transactions. Raises: RB026.
create or replace function reimbursement.check_reversal_date(
    p_legal_entity_id text, p_reimbursement_numbers text[], p_run_id bigint, p_posting_date date
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    v_latest record;
begin
    select x.what, x.latest_date into v_latest
    from (
        select f.reimbursement_number as what, f.latest_date
        from reimbursement.find_reimbursements(p_legal_entity_id, p_reimbursement_numbers, p_run_id) as f
        where f.skip_reason is null
        union all
        select format('customer transaction %s', t.customer_transaction_id), t.latest_date
        from reimbursement.settlements as n
        cross join lateral (
            select
                d.customer_account, d.run_id = n.run_id and d.transaction_type = 'reimbursement' as is_reimbursement
            from reimbursement.customer_transactions as d
            where d.legal_entity_id = p_legal_entity_id and d.customer_transaction_id = n.debit_transaction_id
            limit 1
        ) as d
        cross join lateral (
            select t.customer_transaction_id, greatest(t.transaction_date, t.last_settled_on) as latest_date
            from reimbursement.customer_transactions as t
            where t.legal_entity_id = p_legal_entity_id
                and t.customer_transaction_id = any (array[n.debit_transaction_id, n.credit_transaction_id])
                and greatest(t.transaction_date, t.last_settled_on) > p_posting_date
            limit 2
        ) as t
        where n.legal_entity_id = p_legal_entity_id and n.run_id = p_run_id and d.is_reimbursement is not true
            and not exists (
                select from reimbursement.settlements as u
                where u.legal_entity_id = p_legal_entity_id and u.undoes_settlement_id = n.settlement_id
            )
            and not exists (
                select from reimbursement.reimbursements as r
                where r.legal_entity_id = p_legal_entity_id and r.customer_account = d.customer_account
                    and (r.run_id = p_run_id) is true
                    and (
                        select f.skip_reason
                        from reimbursement.find_reimbursements(
                            p_legal_entity_id, array[r.reimbursement_number], null) as f
                    ) is not null
            )
    ) as x
    order by x.latest_date desc, x.what
    limit 1;
    perform reimbursement.refuse_early_reversal(p_posting_date, v_latest.latest_date, v_latest.what);
end
$$;

comment on function reimbursement.check_reversal_date(text, text[], bigint, date) is
'Refuses a reversal of reimbursements that is dated before what it touches.';
