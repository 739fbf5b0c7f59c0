-- What each customer owes (positive) or is owed (negative), per currency.
create or replace view reimbursement.customer_balances with (security_invoker = true) as
select
    t.legal_entity_id,
    t.customer_account,
    t.currency,
    sum(t.open_amount) as open_amount,
    sum(t.open_accounting_amount) as open_accounting_amount
from reimbursement.customer_transactions as t
group by t.legal_entity_id, t.customer_account, t.currency;

comment on view reimbursement.customer_balances is
'Open balance of each customer and currency: positive is owed by the customer, negative is owed to the customer.';
