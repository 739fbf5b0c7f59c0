-- The whole chain of a customer account, reimbursement, invoice, payment or voucher: credit to bank and back, a row a
-- step.
--
-- A voucher may be one that this system posted, a reversal's too, or one that a customer transaction was loaded with;
-- to find the latter, all customer transactions are read. Amounts have the signs of the subledgers. The order is that
-- in which things were done. Reads: reimbursement_trace and what it reads. Writes and locks nothing.
-- Raises: RB001 unknown legal entity, RB029 nothing bears that reference.
create or replace function reimbursement.trace(legal_entity_id text, reference text)
returns setof reimbursement.trace_step
language plpgsql stable security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on set plan_cache_mode = force_custom_plan set jit = off
as $$
declare
    v_entity constant text := trace.legal_entity_id;
    v_reference constant text := trace.reference;
    v_reimbursements text[];
    v_transactions bigint[];
    v_customers text[];
    v_runs bigint[];
begin
    perform reimbursement.require_duty(v_entity, variadic reimbursement.reading_duties());
    v_reimbursements := reimbursement.find_traced_reimbursements(v_entity, v_reference);
    if reimbursement.legal_entity_today(v_entity) is null then
        perform reimbursement.raise_unknown_legal_entity(v_entity);
    end if;
    v_customers := array(
        select c.customer_account
        from reimbursement.customers as c
        where c.legal_entity_id = v_entity and c.customer_account = v_reference
    );

    -- A voucher of nettings alone, or of its reversal.
    if v_customers = '{}' and v_reimbursements = '{}' then
        select coalesce(array_agg(distinct t.customer_account), '{}') into v_customers
        from reimbursement.settlements as s
        inner join reimbursement.customer_transactions as t
            on t.legal_entity_id = v_entity and t.customer_transaction_id = s.debit_transaction_id
        where s.legal_entity_id = v_entity and s.voucher = v_reference;
    end if;
    -- A voucher that was loaded.
    if v_customers = '{}' and v_reimbursements = '{}' then
        select
            coalesce(array_agg(distinct t.customer_account), '{}'),
            coalesce(array_agg(t.customer_transaction_id), '{}')
        into v_customers, v_transactions
        from reimbursement.customer_transactions as t
        where t.legal_entity_id = v_entity and t.voucher = v_reference;
        v_reimbursements := array(
            select distinct d.voucher
            from unnest(v_transactions) as x(customer_transaction_id)
            inner join reimbursement.settlements as s
                on s.legal_entity_id = v_entity
                    and (
                        s.credit_transaction_id = x.customer_transaction_id
                        or s.debit_transaction_id = x.customer_transaction_id
                    )
            inner join reimbursement.settlements as c
                on c.legal_entity_id = v_entity and c.credit_transaction_id = s.credit_transaction_id
                    and (c.run_id = s.run_id or (s.run_id is null and c.settlement_id > s.settlement_id))
            inner join reimbursement.customer_transactions as d
                on d.legal_entity_id = v_entity and d.customer_transaction_id = c.debit_transaction_id
                    and (d.run_id = c.run_id and d.transaction_type = 'reimbursement') is true
        );
    end if;
    if v_customers = '{}' and v_reimbursements = '{}' then
        raise exception using errcode = 'RB029',
            message = format('nothing in legal entity "%s" bears the reference %s', v_entity,
                coalesce('"' || v_reference || '"', 'NULL')),
            hint = 'Give a customer account, or the number of a reimbursement, invoice, payment or voucher.';
    end if;
    v_runs := array(
        select k.run_id from reimbursement.customer_skips as k
        where k.legal_entity_id = v_entity and k.customer_account = any (v_customers) and k.skip_reason = 'no_net_credit'
        union
        select r.run_id from reimbursement.reimbursements as r
        where r.legal_entity_id = v_entity and r.customer_account = any (v_customers)
    );

    return query
    select x.step, x.reference, x.voucher, x.date, x.currency, x.amount, x.note
    from (
        select t.*
        from reimbursement.reimbursement_trace as t
        where t.legal_entity_id = v_entity and t.reimbursement_number = any (v_reimbursements)
        union all
        select t.*
        from reimbursement.reimbursement_trace as t
        where t.legal_entity_id = v_entity and t.reimbursement_number is null
            and t.reimbursement_run_id = any (v_runs) and t.customer_account = any (v_customers)
        union all
        select t.*
        from reimbursement.reimbursement_trace as t
        where t.legal_entity_id = v_entity and t.reimbursement_number is null
            and t.reimbursement_run_id is null and t.customer_account = any (v_customers)
    ) as x
    order by
        x.reimbursement_run_id nulls first, x.reimbursement_number nulls first, x.run_id, x.step_number, x.date,
        x.voucher, x.reference;
end
$$;

comment on function reimbursement.trace(text, text) is
'The whole chain of a customer account, reimbursement, invoice, payment or voucher, credit to bank and back.';
