-- Every rule of the books: over all of them, of all legal entities or of one; or over what one run wrote and touches.
--
-- p_run_id: null for everything; otherwise p_legal_entity_id is the legal entity of the run.
-- A rule is said once. What it checks it takes from the written_… and touched_… functions, or by run from a table whose
-- key begins with it; everything else it looks up by the keys of these. All of them are inlined, into one query whose
-- plan has p_run_id for a constant: half of every written_… function falls away, and the key look-ups become hash joins
-- of whole tables (check_all_books, check_large_run) or reads of indexes (check_small_run).
create or replace function reimbursement.check_rules(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    select * from reimbursement.check_vouchers(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_run_totals(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_receivable_movements(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_payable_movements(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_settled_amounts(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_settlements(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_reimbursements(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_vendor_settlements(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_payments(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_payment_files(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_bank_entries(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_file_contents(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_reversals(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_one_time_vendors(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_numbers(p_legal_entity_id, p_run_id)
    union all
    select * from reimbursement.check_jobs(p_legal_entity_id, p_run_id)
$$;

comment on function reimbursement.check_rules(text, bigint) is
'Violations of every rule, in all books or in what one run wrote and touches.';
