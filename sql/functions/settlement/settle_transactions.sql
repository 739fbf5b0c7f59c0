-- Settles a debit against a credit of the same customer and currency, outside of any run; posts as netting does.
--
-- amount: in the transactions' currency, above 0. posting_date: null is today in the legal entity.
-- A look-up asks for its row in the order of the index that has its whole key, so that no other serves.
-- Returns: the settlement. Locks: the period, the customer, the two transactions, the number sequence.
-- Writes: customer_transactions, settlements, ledger_entries, number_sequences.
-- Raises: RB001 to RB004 as a run, RB006 an argument is NULL, RB014 the two cannot be settled, and why,
-- RB031 the session has tables named as the work tables, RB043 a trigger of somebody else's, RB060 a posting date too
-- far ahead, 42501 the duty clerk is missing.
create or replace function reimbursement.settle_transactions(
    legal_entity_id text,
    debit_transaction_id bigint,
    credit_transaction_id bigint,
    amount numeric,
    posting_date date default null
) returns bigint
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_entity constant text := legal_entity_id;
    v_debit_id constant bigint := debit_transaction_id;
    v_credit_id constant bigint := credit_transaction_id;
    v_amount constant numeric := amount;
    v_on constant date := coalesce(posting_date, reimbursement.legal_entity_today(legal_entity_id));
    v_debit reimbursement.customer_transactions;
    v_credit reimbursement.customer_transactions;
    v_problem text;
    v_numbers reimbursement.pass_numbers;
    v_settlement_id bigint;
begin
    perform reimbursement.require_duty(v_entity, 'clerk');
    perform reimbursement.refuse_foreign_triggers();
    perform reimbursement.require_arguments(jsonb_build_object(
        'debit_transaction_id', v_debit_id, 'credit_transaction_id', v_credit_id, 'amount', v_amount));
    if v_on is null then
        perform reimbursement.raise_unknown_legal_entity(v_entity);
    end if;
    perform reimbursement.refuse_far_date(v_entity, 'posting_date', v_on, now());
    perform reimbursement.lock_period(v_entity, v_on, array['settlement']);
    perform from (
        select distinct t.customer_account
        from unnest(array[v_debit_id, v_credit_id]) as k (customer_transaction_id)
        cross join lateral (
            select x.customer_account
            from reimbursement.customer_transactions as x
            where x.legal_entity_id = v_entity
                and x.customer_transaction_id between k.customer_transaction_id and k.customer_transaction_id
            order by x.customer_transaction_id
            limit 1
        ) as t
        order by t.customer_account
    ) as a
    cross join lateral (
        select x.customer_account
        from reimbursement.customers as x
        where x.legal_entity_id = v_entity and x.customer_account = a.customer_account
        for no key update
    ) as c;
    perform from unnest(
        array[least(v_debit_id, v_credit_id), greatest(v_debit_id, v_credit_id)]
    ) as k (customer_transaction_id)
    cross join lateral (
        select x.customer_transaction_id
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = v_entity
            and x.customer_transaction_id between k.customer_transaction_id and k.customer_transaction_id
        order by x.customer_transaction_id
        limit 1
        for no key update
    ) as t;
    select t.* into v_debit from reimbursement.customer_transactions as t
    where t.legal_entity_id = v_entity and t.customer_transaction_id between v_debit_id and v_debit_id
    order by t.customer_transaction_id
    limit 1;
    select t.* into v_credit from reimbursement.customer_transactions as t
    where t.legal_entity_id = v_entity and t.customer_transaction_id between v_credit_id and v_credit_id
    order by t.customer_transaction_id
    limit 1;

    v_problem := case
        when v_debit.customer_transaction_id is null
            then format('there is no customer transaction %s', v_debit_id)
        when v_credit.customer_transaction_id is null
            then format('there is no customer transaction %s', v_credit_id)
        when v_debit.amount <= 0 then format('customer transaction %s is no debit: %s', v_debit_id, v_debit.amount)
        when v_credit.amount >= 0 then format('customer transaction %s is no credit: %s', v_credit_id, v_credit.amount)
        when v_debit.customer_account <> v_credit.customer_account
            then format('they belong to two customers, "%s" and "%s"', v_debit.customer_account, v_credit.customer_account)
        when v_debit.currency <> v_credit.currency
            then format('they are in two currencies, %s and %s', v_debit.currency, v_credit.currency)
        when v_debit.marked_for is not null or v_credit.marked_for is not null
            then format('one is marked for another settlement, "%s"', coalesce(v_debit.marked_for, v_credit.marked_for))
        when (
            v_amount > 0 and reimbursement.has_decimals(v_amount, reimbursement.minor_unit(v_debit.currency))
        ) is not true
            then format('%s is no amount above 0 in %s', v_amount, v_debit.currency)
        when v_amount > v_debit.open_amount or v_amount > -v_credit.open_amount
            then format('%s is more than what is open: debit %s, credit %s',
                v_amount, v_debit.open_amount, v_credit.open_amount)
        when v_on < greatest(
                v_debit.transaction_date, v_credit.transaction_date, v_debit.last_settled_on, v_credit.last_settled_on)
            then format('the posting date %s is before one of them, or before its latest settlement on %s', v_on,
                greatest(v_debit.transaction_date, v_credit.transaction_date,
                    v_debit.last_settled_on, v_credit.last_settled_on))
    end;
    if v_problem is not null then
        raise exception using errcode = 'RB014',
            message = format('debit %s and credit %s of legal entity "%s" cannot be settled: %s',
                v_debit_id, v_credit_id, v_entity, v_problem),
            hint = 'The open transactions of a customer are in reimbursement.customer_transactions where open_amount <> 0.';
    end if;

    perform reimbursement.open_work_tables('selected_transactions', 'nettings', 'reimbursement_lines');
    insert into pg_temp.selected_transactions (
        legal_entity_id, posting_date, customer_account, customer_transaction_id, row_version, is_credit,
        transaction_date, currency, receivable_account, dimension_set_id, amount, accounting_amount, settled_amount,
        settled_accounting_amount,
        last_settled_on, "position", netted_amount, reimbursed_amount
    )
    select
        t.legal_entity_id, v_on, t.customer_account, t.customer_transaction_id, t.row_version, t.amount < 0,
        t.transaction_date, t.currency, t.receivable_account, t.dimension_set_id, t.amount, t.accounting_amount,
        t.settled_amount, t.settled_accounting_amount, t.last_settled_on, 0, v_amount, 0
    from unnest(array[v_debit_id, v_credit_id]) as k (customer_transaction_id)
    cross join lateral (
        select x.*, x.ctid as row_version
        from reimbursement.customer_transactions as x
        where x.legal_entity_id = v_entity
            and x.customer_transaction_id between k.customer_transaction_id and k.customer_transaction_id
        order by x.customer_transaction_id
        limit 1
    ) as t;
    perform reimbursement.pair_nettings(v_entity);
    perform reimbursement.settle_selected_transactions(v_entity);
    v_numbers := reimbursement.take_batch_numbers(v_entity, 0);
    perform reimbursement.post_nettings(v_entity, v_numbers.settlements);
    perform reimbursement.close_work_tables('selected_transactions', 'nettings', 'reimbursement_lines');

    select max(s.settlement_id) into v_settlement_id
    from reimbursement.settlements as s
    where s.legal_entity_id = v_entity and s.debit_transaction_id = v_debit_id
        and s.credit_transaction_id = v_credit_id;
    return v_settlement_id;
end
$$;

comment on function reimbursement.settle_transactions(text, bigint, bigint, numeric, date) is
'Settles a debit against a credit of one customer and currency, outside of any run. Returns the settlement.';
