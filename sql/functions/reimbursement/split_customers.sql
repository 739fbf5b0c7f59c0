-- Splits the customers that a run would look at into batches of about the same number, by folded customer account.
--
-- Returns: the last folded account of every batch but the last. The first batch is open at its start and the last at
-- its end, so that a customer who appears meanwhile is in exactly one; with few customers some batches are empty.
-- Reads: customer_transactions. Raises: RB008 batches out of range.
create or replace function reimbursement.split_customers(
    p_legal_entity_id text, p_choices reimbursement.reimbursement_choices, p_batches int
) returns text[]
language plpgsql stable set search_path = reimbursement, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_fractions constant float8[] := reimbursement.batch_fractions(p_batches);
    v_bounds text[];
begin
    if p_batches = 1 then
        return array[]::text[];
    end if;
    select percentile_disc(v_fractions) within group (order by reimbursement.fold_account(f.customer_account))
    into v_bounds
    from reimbursement.find_customers(
        p_legal_entity_id, array[reimbursement.reimbursement_batch_of(p_choices, null)]) as f;
    return coalesce(v_bounds, array_fill(''::text, array[p_batches - 1]));
end
$$;

comment on function reimbursement.split_customers(text, reimbursement.reimbursement_choices, int) is
'Splits the customers that a run would look at into batches of about the same number, by account.';
