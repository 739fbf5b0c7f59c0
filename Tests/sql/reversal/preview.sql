-- The preview of a reversal says what the run will do; and the day of a reversal that names none.
select plan(6);

-- The preview.
select test.netted('PREVIEW');
select test.pay(currency => 'EUR', legal_entity_id => 'PREVIEW');
select test.reverse(array['RMB-00000001'], legal_entity_id => 'PREVIEW');
create temporary table previewed as
select * from reimbursement.preview_reversal('PREVIEW', run_id => test.first_run('PREVIEW'),
    posting_date => '2025-07-31');
select results_eq(
    $$ select reimbursement_number, customer_account, invoice_number, currency, amount, accounting_amount, skip_reason
    from previewed order by reimbursement_number $$,
    $$ values
    ('RMB-00000001', 'PLAIN', 'RINV-00000001', 'USD', 5.00, 5.00, 'already_reversed'),
    ('RMB-00000002', 'SOME', 'RINV-00000002', 'USD', 70.00, 70.00, null),
    ('RMB-00000003', 'TWO', 'RINV-00000003', 'EUR', 60.00, 72.00, 'paid'),
    ('RMB-00000004', 'TWO', 'RINV-00000004', 'USD', 40.00, 40.00, null) $$,
    'a preview of a reversal has a row per reimbursement, with the reason of a skip');
select results_eq(
    $$ select reimbursement_number, skip_reason from reimbursement.preview_reversal(
        'PREVIEW', reimbursement_numbers => array['RMB-00000004', 'RMB-00000003'], posting_date => '2025-07-31') $$,
    $$ values ('RMB-00000003', 'paid'), ('RMB-00000004', null) $$, 'by number, too');
set default_transaction_read_only = on;
select lives_ok(
    $$ select *
    from reimbursement.preview_reversal('PREVIEW', 'a reason', array['RMB-00000004'], posting_date => '2025-07-31') $$,
    'it works in a read-only transaction');
reset default_transaction_read_only;
select test.reverse(run_id => test.first_run('PREVIEW'), legal_entity_id => 'PREVIEW');
select bag_eq(
    $$ select v.reversed_voucher::text collate "default", null from reimbursement.reversals as v
    where v.run_id = test.last_run() and v.reversed_type = 'reimbursement'
    union all
    select s.reimbursement_number::text collate "default", s.skip_reason from reimbursement.skipped_reimbursements as s
    where s.run_id = test.last_run() $$,
    'select reimbursement_number, skip_reason from previewed', 'the run does what was previewed');

-- No posting date is today, where the legal entity is.
insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
values ('PREVIEW', '2027-01-01', '2099-12-31');
update reimbursement.legal_entities set time_zone = 'Pacific/Kiritimati' where legal_entity_id = 'PREVIEW';
select test.reverse_payments(array['PAY-00000001'], legal_entity_id => 'PREVIEW');
select reimbursement.enqueue_reversal('PREVIEW', 'mistaken', array['RMB-00000003']) as run_id \gset
select is(
    (select posting_date from reimbursement.runs where run_id = :run_id),
    (now() at time zone 'Pacific/Kiritimati')::date, 'no posting date is today in the legal entity''s time zone');
select test.run_to_the_end(:run_id);
select is(
    (select reason from reimbursement.reversals where run_id = :run_id), 'mistaken', 'with the reason that was given');

select test.require_right_books();

select * from finish();
