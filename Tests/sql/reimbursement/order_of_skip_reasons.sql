-- A customer with several reasons keeps the first one of the table; and what counts as later activity.
select plan(19);

select test.company(minimum_reimbursement => 10);

-- A customer that has every reason from the given one on. The debit is of another day than the credits.
create function pg_temp.customer_with_reasons(customer_account text, first_reason int) returns void
language plpgsql
as $$
declare
    v_later bigint;
begin
    perform test.customer(
        customer_account, vendor_account => 'V-NONE', on_hold_from => case when first_reason <= 1 then '2025-06-30'::date end);
    perform test.credit(customer_account, case when first_reason <= 7 then 1 else 100 end);
    if first_reason <= 2 then
        perform test.credit(customer_account, 1, marked_for => 'payment proposal');
    end if;
    if first_reason <= 4 then
        perform test.debit(customer_account, 10000);
    end if;
    if first_reason <= 5 then
        v_later := test.credit(customer_account, 2);
        perform reimbursement.settle_transactions(
            'US01', test.debit(customer_account, 1), v_later, amount => 1, posting_date => '2025-07-01');
    end if;
    if first_reason <= 6 then
        perform test.credit(customer_account, 1, 'CHF', accounting_amount => 1);
    end if;
    if first_reason <= 3 then
        update reimbursement.customer_transactions as t set held_until = 'infinity'
        where t.customer_account = customer_with_reasons.customer_account and t.amount < 0;
    end if;
end
$$;

select pg_temp.customer_with_reasons('1', 1);
select pg_temp.customer_with_reasons('2', 2);
select pg_temp.customer_with_reasons('3', 3);
select pg_temp.customer_with_reasons('4', 4);
select pg_temp.customer_with_reasons('5', 5);
select pg_temp.customer_with_reasons('6', 6);
select pg_temp.customer_with_reasons('7', 7);
select pg_temp.customer_with_reasons('8', 8);
select test.reimburse();
select is(test.fate('1'), 'on_hold', 'on hold comes first');
select is(test.fate('2'), 'pending_settlement', 'then a transaction marked for another settlement');
select is(test.fate('3'), 'credits_held', 'then credits all of which wait');
select is(test.fate('4'), 'open_debits', 'then open debits');
select is(test.fate('5'), 'later_activity', 'then later activity');
select is(test.fate('6'), 'no_exchange_rate', 'then a missing rate');
select is(test.fate('7'), 'below_minimum', 'then the minimum');
select is(test.fate('8'), 'vendor_missing', 'and the vendor comes last');

-- Where debits are netted, in a run of one currency: no_net_credit stands where open_debits stood.
select test.company(minimum_reimbursement => 10, legal_entity_id => 'US02');
select test.customer('NOTHING-LEFT', vendor_account => 'V-NONE', legal_entity_id => 'US02');
select test.credit('NOTHING-LEFT', 10, 'CHF', accounting_amount => 10, voucher => 'CN', legal_entity_id => 'US02');
select test.debit('NOTHING-LEFT', 11, 'CHF', accounting_amount => 11, voucher => 'INV', legal_entity_id => 'US02');
select reimbursement.settle_transactions('US02', d.customer_transaction_id, c.customer_transaction_id, 1, '2025-07-01')
from reimbursement.customer_transactions as d, reimbursement.customer_transactions as c
where d.legal_entity_id = 'US02' and d.voucher = 'INV' and c.legal_entity_id = 'US02' and c.voucher = 'CN';
select test.customer('MARKED-AND-NETTED', legal_entity_id => 'US02');
select test.credit('MARKED-AND-NETTED', 10, legal_entity_id => 'US02');
select test.debit('MARKED-AND-NETTED', 10, marked_for => 'payment proposal', legal_entity_id => 'US02');
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'US02');
select is(
    test.fate('NOTHING-LEFT'), 'no_net_credit',
    'nothing left comes before later activity, a missing rate, the minimum and the vendor');
select is_empty(
    'select * from test.settlements()', 'and nothing is settled that would be dated before what it touches');
select is(test.fate('MARKED-AND-NETTED'), 'pending_settlement', 'a marked transaction comes before nothing left');

-- Later activity: a settlement of 30 June or 1 July, on one side or the other of what the run looks at.
select test.company(legal_entity_id => 'US03');
create function pg_temp.settled_in_part(customer_account text, settled_on date, credit_date date default '2025-05-01')
returns void
language sql
as $$
    select test.credit(customer_account, 5, legal_entity_id => 'US03');
    select reimbursement.settle_transactions(
        'US03', test.debit(customer_account, 1, legal_entity_id => 'US03'),
        test.credit(customer_account, 10, transaction_date => credit_date, legal_entity_id => 'US03'),
        amount => 1, posting_date => settled_on)
$$;
select pg_temp.settled_in_part('SAME-DAY', '2025-06-30');
select pg_temp.settled_in_part('NEXT-DAY', '2025-07-01');
select pg_temp.settled_in_part('NOT-ELIGIBLE', '2025-07-02', credit_date => '2025-07-01');
select test.reimburse(legal_entity_id => 'US03');
select is(test.fate('SAME-DAY'), 'reimbursed', 'a credit settled in part on the posting date is reimbursed');
select is(test.fate('NEXT-DAY'), 'later_activity', 'one settled the day after is not: nothing is dated before it');
select is(test.fate('NOT-ELIGIBLE'), 'reimbursed', 'a later settlement of a credit after the cut-off is no hindrance');

select test.company(legal_entity_id => 'US04');
select test.credit('DEBIT-LATER', 100, voucher => 'CN', legal_entity_id => 'US04');
select test.credit('DEBIT-LATER', 5, transaction_date => '2025-07-01', voucher => 'CN-2', legal_entity_id => 'US04');
select test.debit('DEBIT-LATER', 10, voucher => 'INV', legal_entity_id => 'US04');
select reimbursement.settle_transactions('US04', d.customer_transaction_id, c.customer_transaction_id, 5, '2025-07-01')
from reimbursement.customer_transactions as d, reimbursement.customer_transactions as c
where d.legal_entity_id = 'US04' and d.voucher = 'INV' and c.legal_entity_id = 'US04' and c.voucher = 'CN-2';
select test.reimburse(include_open_debits => true, net_open_debits => true, legal_entity_id => 'US04');
select is(
    test.fate('DEBIT-LATER'), 'later_activity', 'netting a debit that was settled the day after is refused as well');
select test.reimburse(include_open_debits => true, legal_entity_id => 'US04');
select is(test.fate('DEBIT-LATER'), 'reimbursed', 'gross does not touch that debit, so the credit is reimbursed');

-- The cut-off decides which credits are looked at.
select test.company(minimum_reimbursement => 10, legal_entity_id => 'US05');
select test.credit('CUT', 20, transaction_date => '2025-05-31', legal_entity_id => 'US05');
select test.credit('CUT', 7, transaction_date => '2025-06-01', legal_entity_id => 'US05');
select test.credit('CUT-UNDER', 9, transaction_date => '2025-05-31', legal_entity_id => 'US05');
select test.credit('CUT-UNDER', 9, transaction_date => '2025-06-01', legal_entity_id => 'US05');
select test.reimburse(credits_through => '2025-05-31', legal_entity_id => 'US05');
select results_eq(
    'select customer_account, amount from test.outcome() where skip_reason is null', $$ values ('CUT', 20.00) $$,
    'a credit of the day of the cut-off is reimbursed, one of the next day stays');
select is(test.fate('CUT-UNDER'), 'below_minimum', 'credits after the cut-off do not help to reach the minimum');

select is_empty('select * from reimbursement.check_books()', 'the books are right');

select * from finish();
