-- Reversals of many: of a list, of a run, in batches or in part; each is reversed once, and nothing else is.
select plan(10);

-- A list, in batches; a number that is given twice; customers and vendors on hold, and a period that is closed since.
select test.company(legal_entity_id => 'LIST');
select test.payee(format('C%s', i), i, legal_entity_id => 'LIST') from generate_series(1, 8) as i;
select test.credit('C2', 20, dimensions => '{"Department": "010"}', legal_entity_id => 'LIST');
select test.reimburse(summarize_customer => false, legal_entity_id => 'LIST');
update reimbursement.customers set on_hold_from = '2025-01-01' where legal_entity_id = 'LIST';
update reimbursement.vendors set hold = 'all' where legal_entity_id = 'LIST';
update reimbursement.ledger_periods set is_open = false where legal_entity_id = 'LIST' and starts_on = '2025-01-01';
select test.reverse(
    array['RMB-00000002', 'RMB-00000003', 'RMB-00000009', 'RMB-00000002', 'RMB-00000005'], posting_date => '2026-01-02',
    batches => 2, legal_entity_id => 'LIST');
select is(
    (select array_agg(v.reversed_voucher order by v.reversed_voucher) from reimbursement.reversals as v
    where v.legal_entity_id = 'LIST')::text,
    '{RMB-00000002,RMB-00000003,RMB-00000005,RMB-00000009}',
    'those that are listed are reversed, each once, and no others');
select is(
    (select array_agg(j.processed order by j.processed) from reimbursement.jobs as j where j.run_id = test.last_run()),
    array[2, 2], 'in batches, each customer in one');
select is(
    (select sum(b.amount) from test.balances('LIST') as b where b.account like 'customer %'), -34.00,
    'their credits are open: 2, 20, 4 and 8');
select is(
    (select array_agg(distinct e.posting_date) from reimbursement.ledger_entries as e
    inner join reimbursement.reversals as v on v.legal_entity_id = e.legal_entity_id and v.voucher = e.voucher
    where v.legal_entity_id = 'LIST'), array['2026-01-02'::date],
    'in an open period, for that of the reimbursement is closed');

-- A run of which a batch failed, a run that reimbursed nobody, and one in batches that is reversed in other batches.
select reimbursement.enqueue_reversal('LIST', 'nobody', run_id => test.first_run('LIST'), posting_date => '2026-01-03',
    batches => 4)
as run_id \gset
select test.run_to_the_end(:run_id);
select is(
    (select sum(b.amount) from test.balances('LIST') as b where b.account like 'customer %'), -56.00,
    'the rest of the run is reversed in batches');
select is_empty($$ select from test.balances('LIST') as b where b.account !~ '^customer ' $$,
    'and nothing is left of it');
select test.company(legal_entity_id => 'FAILED');
select test.payee(c.account, 10, legal_entity_id => 'FAILED') from (values ('ANN'), ('BOB')) as c (account);
select reimbursement.enqueue_reimbursement('FAILED', '2025-06-30', batches => 2) as run_id \gset
select job_id from reimbursement.claim_jobs('test', 1) \gset
select reimbursement.fail_job('FAILED', :job_id, 1, 'failed', '23514', 'it broke');
select test.work_off();
select test.reverse(run_id => :run_id, legal_entity_id => 'FAILED');
select is(
    (select sum(b.amount) from test.balances('FAILED') as b where b.account like 'customer %'), -20.00,
    'of a run that failed in part, what it did is reversed');
select test.company(legal_entity_id => 'NOBODY');
select test.reimburse(legal_entity_id => 'NOBODY');
select test.reverse(run_id => test.last_run(), legal_entity_id => 'NOBODY');
select results_eq(
    $$ select state, processed, skipped from reimbursement.runs where run_id = test.last_run() $$,
    $$ values ('completed', 0::bigint, 0::bigint) $$, 'a run that reimbursed nobody is reversed, which does nothing');

-- A run that netted everything and reimbursed nobody, in batches.
select test.company(legal_entity_id => 'NETTED');
select test.credit(format('C%s', i), 10, legal_entity_id => 'NETTED') from generate_series(1, 4) as i;
select test.debit(format('C%s', i), 10 + i, dimensions => '{"Department": "010"}', legal_entity_id => 'NETTED')
from generate_series(1, 4) as i;
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'NETTED');
select test.reverse(run_id => test.last_run(), batches => 3, legal_entity_id => 'NETTED');
select is_empty(
    $$ select from reimbursement.customer_transactions where legal_entity_id = 'NETTED' and open_amount <> amount $$,
    'nettings alone are undone, each in one batch');
select is(
    (select count(*) from reimbursement.reversals where legal_entity_id = 'NETTED'), 4::bigint,
    'and their vouchers reversed, each once');

select test.require_right_books();

select * from finish();
