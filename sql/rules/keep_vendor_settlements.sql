-- Trigger: refuses to settle or reopen a vendor transaction by hand: what is settled of it is what its settlements say.
--
-- A guard over whole statements, on plain PostgreSQL; a transfer does not depend on it.
-- Reads: vendor_settlements. Raises: RB015.
create or replace function reimbursement.keep_vendor_settlements() returns trigger
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
declare
    v_legal_entity_id text;
    v_vendor_transaction_id bigint;
begin
    select t.legal_entity_id, t.vendor_transaction_id into v_legal_entity_id, v_vendor_transaction_id
    from changed_transactions as t
    left join lateral (
        select coalesce(sum(s.amount), 0) as amount, coalesce(sum(s.accounting_amount), 0) as accounting_amount,
            max(s.settled_on) as settled_on
        from (
            (
                select d.amount, d.debit_accounting_amount as accounting_amount, d.settled_on
                from reimbursement.vendor_settlements as d
                where d.legal_entity_id = t.legal_entity_id
                    and d.debit_transaction_id between t.vendor_transaction_id and t.vendor_transaction_id
                order by d.debit_transaction_id
            )
            union all
            (
                select -c.amount, -c.credit_accounting_amount, c.settled_on
                from reimbursement.vendor_settlements as c
                where c.legal_entity_id = t.legal_entity_id
                    and c.credit_transaction_id between t.vendor_transaction_id and t.vendor_transaction_id
                order by c.credit_transaction_id
            )
        ) as s
    ) as k on true
    where (t.settled_amount, t.settled_accounting_amount) <> (k.amount, k.accounting_amount)
        or t.last_settled_on is distinct from k.settled_on
    limit 1;
    if found then
        raise exception using errcode = 'RB015',
            message = format('vendor transaction %s of legal entity "%s" is not settled or reopened by hand',
                v_vendor_transaction_id, v_legal_entity_id),
            hint = 'A payment run pays an invoice, and a payment reversal takes the payment back.';
    end if;
    return null;
end
$$;

comment on function reimbursement.keep_vendor_settlements() is
'Trigger: refuses to settle or reopen a vendor transaction by hand.';
