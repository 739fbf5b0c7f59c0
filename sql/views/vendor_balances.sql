-- What each vendor is owed (negative), per currency.
create or replace view reimbursement.vendor_balances with (security_invoker = true) as
select
    t.legal_entity_id,
    t.vendor_account,
    t.currency,
    sum(t.open_amount) as open_amount,
    sum(t.open_accounting_amount) as open_accounting_amount
from reimbursement.vendor_transactions as t
group by t.legal_entity_id, t.vendor_account, t.currency;

comment on view reimbursement.vendor_balances is
'Open balance of each vendor and currency: negative is owed to the vendor.';
