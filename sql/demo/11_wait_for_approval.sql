-- From now on a reimbursement of 100 or more in Germany takes the approval of somebody else than who asked for it.
insert into reimbursement.approval_rules (legal_entity_id, kind, from_amount, approvals)
values ('DEMF', 'reimbursement', 100, 1);
create role anna login;
select reimbursement.grant_duty('anna', 'approver', 'DEMF');

-- A credit of the bookshop's customer next door.
insert into reimbursement.customer_transactions
(legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount)
values ('DEMF', 'DE-016', 'credit_note', 'GS-3099', current_date, 'EUR', -250.00);
select reimbursement.enqueue_reimbursement(
    legal_entity_id => 'DEMF', customer_filter => 'DE-016', description => 'Credit of the dairy'
);
