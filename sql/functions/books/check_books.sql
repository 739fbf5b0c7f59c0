-- Every violation of what always holds (product rules, section 7); no row when the books are right.
--
-- legal_entity_id: null for all of them. Reads all books; writes and locks nothing.
-- Returns: the rule, what it concerns, what was expected and what was found.
-- It reads the books whole, so hash joins always pay; right after a large run, before its tables have statistics, the
-- planner would choose others all the same, by a part of the key, and take minutes for seconds.
create or replace function reimbursement.check_books(legal_entity_id text default null)
returns table (legal_entity_id text, rule text, reference text, expected text, found text)
language sql stable set search_path = reimbursement, pg_temp
set enable_nestloop = off set enable_mergejoin = off set jit = off
as $$
    select v.legal_entity_id, v.rule, v.reference, v.expected, v.found
    from (
        select * from reimbursement.check_vouchers($1)
        union all
        select * from reimbursement.check_run_totals($1)
        union all
        select * from reimbursement.check_receivable_movements($1)
        union all
        select * from reimbursement.check_payable_movements($1)
        union all
        select * from reimbursement.check_settled_amounts($1)
        union all
        select * from reimbursement.check_settlements($1)
        union all
        select * from reimbursement.check_reimbursements($1)
        union all
        select * from reimbursement.check_vendor_settlements($1)
        union all
        select * from reimbursement.check_payments($1)
        union all
        select * from reimbursement.check_payment_files($1)
        union all
        select * from reimbursement.check_reversals($1)
        union all
        select * from reimbursement.check_one_time_vendors($1)
        union all
        select * from reimbursement.check_numbers($1)
        union all
        select * from reimbursement.check_jobs($1)
    ) as v
    order by v.legal_entity_id, v.rule, v.reference
$$;

comment on function reimbursement.check_books(text) is
'Every violation of what always holds in the books; no row when they are right.';
