-- Splits the customers of a reversal into batches of about the same number of reimbursements, by customer account.
--
-- Returns: the last account of every batch but the last. The first batch is open at its start and the last at its end.
-- Reads: as find_reimbursements. Raises: RB008 batches out of range.
create or replace function reimbursement.split_reimbursements(
    p_legal_entity_id text, p_reimbursement_numbers text[], p_run_id bigint, p_batches int
) returns text[]
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_fractions constant float8[] := reimbursement.batch_fractions(p_batches);
    v_bounds text[];
begin
    if p_batches = 1 then
        return array[]::text[];
    end if;
    select percentile_disc(v_fractions) within group (order by f.customer_account collate "C") into v_bounds
    from reimbursement.find_reimbursements(p_legal_entity_id, p_reimbursement_numbers, p_run_id) as f;
    return coalesce(v_bounds, array_fill(''::text, array[p_batches - 1]));
end
$$;

comment on function reimbursement.split_reimbursements(text, text[], bigint, int) is
'Splits the customers of a reversal into batches, by account.';
