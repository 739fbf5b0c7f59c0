-- Trigger: completes a customer transaction that a user loads, and checks what a constraint cannot look up.
--
-- Fills: due_date (transaction date), accounting_amount (at the rate of the transaction date), settled_amount (0),
-- settled_accounting_amount (in proportion), receivable_account (the legal entity's), dimension_set_id (the empty set).
-- Writes every amount with its currency's decimals. Does not fire for rows that a run writes: they are complete.
-- Reads: legal_entities, exchange_rates.
-- Raises: RB001 unknown legal entity, RB009 unknown currency, RB010 no exchange rate, RB017 too many decimals.
create or replace function reimbursement.fill_customer_transaction() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_entity reimbursement.legal_entities;
    v_rate numeric;
    v_decimals int;
    v_accounting_decimals int;
begin
    -- What is wrong with a new row would tell about a legal entity whose policy refuses the row only afterwards.
    if tg_op = 'INSERT' and (session_user <> current_user or current_setting('role') <> 'none') then
        perform reimbursement.require_duty(new.legal_entity_id, 'master');
    end if;
    select le.* into v_entity from reimbursement.legal_entities as le where le.legal_entity_id = new.legal_entity_id;
    if not found then
        perform reimbursement.raise_unknown_legal_entity(new.legal_entity_id);
    end if;
    v_decimals := reimbursement.minor_unit(new.currency);
    v_accounting_decimals := reimbursement.minor_unit(v_entity.accounting_currency);
    if v_decimals is null then
        perform reimbursement.raise_unknown_currency(new.currency);
    end if;
    new.due_date := coalesce(new.due_date, new.transaction_date);
    new.settled_amount := coalesce(new.settled_amount, 0);
    new.receivable_account := coalesce(new.receivable_account, v_entity.receivable_account);
    new.dimension_set_id := coalesce(new.dimension_set_id, 0);
    if tg_op = 'INSERT' then
        new.last_settled_on := null;
        new.last_run_id := null;
    end if;
    if (
        reimbursement.has_decimals(new.amount, v_decimals)
        and reimbursement.has_decimals(new.settled_amount, v_decimals)
    ) is not true then
        -- The constraint of the column refuses it and says which; only nothing else may fail before.
        new.accounting_amount := 0;
        new.settled_accounting_amount := 0;
        return new;
    end if;
    if new.accounting_amount is null then
        v_rate := reimbursement.exchange_rate(new.legal_entity_id, new.currency, new.transaction_date);
        if v_rate is null and new.amount <> 0 then
            raise exception using errcode = 'RB010',
                message = format('no exchange rate for %s on %s in legal entity "%s"',
                    new.currency, new.transaction_date, new.legal_entity_id),
                detail = format('The customer transaction with voucher "%s" has no accounting_amount, and none can be worked out.',
                    new.voucher),
                hint = 'Give the accounting_amount, or add a row to reimbursement.exchange_rates.';
        end if;
        new.accounting_amount := round(new.amount * coalesce(v_rate, 1), v_accounting_decimals);
    end if;
    new.settled_accounting_amount := coalesce(new.settled_accounting_amount, reimbursement.settled_accounting(
        new.amount, new.accounting_amount, 0, 0, new.settled_amount, v_entity.accounting_currency));
    if (
        reimbursement.has_decimals(new.accounting_amount, v_accounting_decimals)
        and reimbursement.has_decimals(new.settled_accounting_amount, v_accounting_decimals)
    ) is not true then
        raise exception using errcode = 'RB017',
            message = format('%s, settled %s, is no amount in %s, the accounting currency of legal entity "%s"',
                new.accounting_amount, new.settled_accounting_amount, v_entity.accounting_currency,
                new.legal_entity_id),
            detail = format('The customer transaction with voucher "%s" has an accounting amount with more decimals than its currency, NaN or infinity.',
                new.voucher),
            hint = 'Mend accounting_amount or settled_accounting_amount, or leave it out.';
    end if;
    -- The value stays as it is; the decimals written become those of the currency: 12.5000 EUR is 12.50.
    new.amount := round(new.amount, v_decimals);
    new.settled_amount := round(new.settled_amount, v_decimals);
    new.accounting_amount := round(new.accounting_amount, v_accounting_decimals);
    new.settled_accounting_amount := round(new.settled_accounting_amount, v_accounting_decimals);
    return new;
end
$$;

comment on function reimbursement.fill_customer_transaction() is
'Trigger: fills what was left out of a loaded customer transaction, and checks its accounting amounts.';
