-- What a customer owes, in accounting currency: what is open of his debits, of any date and currency.
--
-- Reads: customer_transactions, by the index of open debits. Writes and locks nothing.
create or replace function reimbursement.debts_of(p_legal_entity_id text, p_customer_account text)
returns table (open_debits numeric)
language sql stable
as $$
    select coalesce(sum(x.accounting_amount - x.settled_accounting_amount), 0)
    from reimbursement.customer_transactions as x
    where x.legal_entity_id = p_legal_entity_id and x.customer_account = p_customer_account
        and x.amount > 0 and x.settled_amount <> x.amount
$$;

comment on function reimbursement.debts_of(text, text) is
'What a customer owes, in accounting currency: what is open of his debits.';
