-- Trigger: refuses to reopen by hand what settlements here have settled, and to date its latest settlement back.
--
-- What a transaction was loaded with as settled may be taken back; what the rows of settlements add up to may not.
-- Reads: settlements. Raises: RB015.
create or replace function reimbursement.keep_settlements() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_amount numeric;
    v_accounting_amount numeric;
    v_settled_on date;
begin
    select coalesce(sum(s.amount), 0), coalesce(sum(s.accounting_amount), 0), max(s.settled_on)
    into v_amount, v_accounting_amount, v_settled_on
    from (
        (
            select d.amount, d.debit_accounting_amount as accounting_amount, d.settled_on
            from reimbursement.settlements as d
            where d.legal_entity_id = old.legal_entity_id
                and d.debit_transaction_id between old.customer_transaction_id and old.customer_transaction_id
            order by d.debit_transaction_id
        )
        union all
        (
            select c.amount, c.credit_accounting_amount, c.settled_on
            from reimbursement.settlements as c
            where c.legal_entity_id = old.legal_entity_id
                and c.credit_transaction_id between old.customer_transaction_id and old.customer_transaction_id
            order by c.credit_transaction_id
        )
    ) as s;
    if abs(new.settled_amount) < v_amount or abs(new.settled_accounting_amount) < v_accounting_amount
        or (v_settled_on is not null and (new.last_settled_on >= v_settled_on) is not true)
    then
        raise exception using errcode = 'RB015',
            message = format('customer transaction %s of legal entity "%s" was settled here by %s on %s and is not reopened by hand',
                old.customer_transaction_id, old.legal_entity_id, v_amount, v_settled_on),
            hint = 'A settlement is undone by a reversal, which posts the opposite.';
    end if;
    return new;
end
$$;

comment on function reimbursement.keep_settlements() is
'Trigger: refuses to reopen by hand what settlements here have settled.';
