-- What the customers owe and are owed. A debit is positive, a credit negative.

insert into reimbursement.customer_transactions
(
    legal_entity_id, customer_account, transaction_type, voucher, transaction_date, due_date, currency, amount,
    dimension_set_id
)
select
    t.legal_entity_id, t.customer_account, t.transaction_type, t.voucher, current_date - t.days_ago,
    current_date - t.days_ago + t.terms, t.currency, t.amount,
    reimbursement.dimension_set(t.legal_entity_id, t.dimensions::jsonb)
from (values
-- Two departments and two currencies: four reimbursements where customers are not summarized.
('USMF', 'US-001', 'credit_note', 'CN-1001', 90, 0, 'USD', -250.00, '{"Department": "022", "CostCenter": "007"}'),
('USMF', 'US-001', 'payment', 'PAY-1002', 60, 0, 'USD', -99.95, '{"Department": "023"}'),
('USMF', 'US-001', 'credit_note', 'CN-1003', 45, 0, 'EUR', -100.55, '{"Department": "022", "CostCenter": "007"}'),
('USMF', 'US-001', 'credit_note', 'CN-1004', 40, 0, 'EUR', -33.33, '{"Department": "023"}'),
('USMF', 'US-002', 'credit_note', 'CN-1005', 35, 0, 'USD', -75.00, '{}'),
('USMF', 'US-003', 'credit_note', 'CN-1006', 35, 0, 'USD', -410.00, '{}'),
('USMF', 'US-004', 'credit_note', 'CN-1007', 35, 0, 'USD', -120.00, '{}'),
('USMF', 'US-005', 'credit_note', 'CN-1008', 35, 0, 'USD', -60.00, '{}'),
('USMF', 'US-005', 'invoice', 'INV-2001', 20, 30, 'USD', 45.00, '{}'),
('USMF', 'US-006', 'credit_note', 'CN-1009', 35, 0, 'USD', -200.00, '{}'),
('USMF', 'US-006', 'invoice', 'INV-2002', 30, 30, 'USD', 150.00, '{}'),
('USMF', 'US-008', 'credit_note', 'CN-1011', 35, 0, 'USD', -88.00, '{}'),
('USMF', 'US-009', 'credit_note', 'CN-1012', 35, 0, 'USD', -89.00, '{}'),
('USMF', 'US-010', 'credit_note', 'CN-1013', 35, 0, 'USD', -9.99, '{}'),
('USMF', 'US-011', 'credit_note', 'CN-1014', 35, 0, 'USD', -64.00, '{}'),
('USMF', 'US-012', 'credit_note', 'CN-1015', 35, 0, 'USD', -65.00, '{}'),
('USMF', 'US-013', 'credit_note', 'CN-1016', 35, 0, 'JPY', -125000, '{"Department": "022"}'),
('USMF', 'US-014', 'credit_note', 'CN-1017', 35, 0, 'KWD', -41.125, '{}'),
('USMF', 'US-015', 'payment', 'PAY-1018', 35, 0, 'USD', -310.00, '{}'),
('USMF', 'US-016', 'prepayment', 'PRE-1019', 35, 0, 'USD', -500.00, '{}'),
-- Germany nets what is owed first: a part is left, nothing is left, or there was nothing to net.
('DEMF', 'DE-010', 'credit_note', 'GS-3001', 50, 0, 'EUR', -180.00, '{"Department": "040"}'),
('DEMF', 'DE-010', 'invoice', 'RE-4001', 40, 14, 'EUR', 60.00, '{"Department": "041"}'),
('DEMF', 'DE-011', 'payment', 'ZE-3002', 30, 0, 'USD', -500.00, '{}'),
('DEMF', 'DE-011', 'invoice', 'RE-4002', 10, 14, 'USD', 120.00, '{}'),
('DEMF', 'DE-012', 'credit_note', 'GS-3003', 30, 0, 'EUR', -75.50, '{}'),
('DEMF', 'DE-012', 'invoice', 'RE-4003', 25, 14, 'EUR', 80.00, '{}'),
('DEMF', 'DE-013', 'credit_note', 'GS-3004', 30, 0, 'EUR', -42.00, '{}'),
('DEMF', 'DE-014', 'credit_note', 'GS-3005', 30, 0, 'EUR', -95.40, '{}'),
('DEMF', 'DE-015', 'credit_note', 'GS-3006', 30, 0, 'EUR', -61.00, '{}'),
('DEMF', 'DE-016', 'payment', 'ZE-3007', 30, 0, 'EUR', -133.10, '{}'),
('DEMF', 'DE-017', 'credit_note', 'GS-3008', 30, 0, 'EUR', -27.90, '{}'),
('DEMF', 'DE-018', 'direct_debit', 'LS-3009', 30, 0, 'EUR', -58.00, '{}')
) as t (
    legal_entity_id, customer_account, transaction_type, voucher, days_ago, terms, currency, amount, dimensions
);

-- There is no rate for the Swiss franc: what it is worth was entered by hand.
insert into reimbursement.customer_transactions
(legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount, accounting_amount)
values ('USMF', 'US-007', 'credit_note', 'CN-1010', current_date - 35, 'CHF', -50.00, -56.20);

-- A prepayment is not refundable, and a direct debit can be taken back for eight weeks.
insert into reimbursement.credit_rules (legal_entity_id, transaction_type, is_refundable, cooling_days)
values ('USMF', 'prepayment', false, 0), ('DEMF', 'direct_debit', true, 56);

-- Somebody has marked this credit for a settlement of his own.
update reimbursement.customer_transactions set marked_for = 'SETTLE-77'
where legal_entity_id = 'USMF' and voucher = 'CN-1007';

-- Today's settlement of a part: a run dated yesterday leaves this customer alone.
select reimbursement.settle_transactions(
    legal_entity_id => 'USMF',
    debit_transaction_id => d.customer_transaction_id,
    credit_transaction_id => c.customer_transaction_id,
    amount => 150.00,
    posting_date => current_date
)
from reimbursement.customer_transactions as d
inner join reimbursement.customer_transactions as c on c.legal_entity_id = 'USMF' and c.voucher = 'CN-1009'
where d.legal_entity_id = 'USMF' and d.voucher = 'INV-2002';

-- The British customers have two credits each.
insert into reimbursement.customer_transactions
(legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount, source_reference)
select
    'GBSI', 'GB-' || lpad(i::text, 5, '0'), 'credit_note', format('CN-%s-%s', i, k), current_date - 30, 'GBP',
    -((i * 37 + k * 11) % 5000 + 1) / 100.0, format('webshop-%s-%s', i, k)
from generate_series(1, 20000) as i, generate_series(1, 2) as k;
