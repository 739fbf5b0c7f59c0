-- Fills the work table with the selection, for the customers that are locked.
--
-- Runs as a statement of its own after the locks, so that it sees what others committed before. A customer whose first
-- credit came after the locks is left for the next run.
-- Reads: what select_transactions reads. Writes: selected_transactions.
create or replace function reimbursement.select_credits(
    p_legal_entity_id text, p_batches reimbursement.reimbursement_batch [], p_accounts text [],
    p_account_batches bigint []
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into pg_temp.selected_transactions
    select s.*
    from reimbursement.select_transactions(
        p_legal_entity_id, p_batches, coalesce(p_accounts, array[]::text []), p_account_batches) as s;
end
$$;

comment on function reimbursement.select_credits(
    text, reimbursement.reimbursement_batch [], text [], bigint []
) is 'Fills the work table with the selection, for the customers that are locked.';
