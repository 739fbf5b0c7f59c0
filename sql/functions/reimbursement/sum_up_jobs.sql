-- What a pass has done for each of its batches but those that were put off.
--
-- Reads: selected_transactions, reimbursement_lines.
create or replace function reimbursement.sum_up_jobs(
    p_legal_entity_id text, p_batches reimbursement.reimbursement_batch [], p_put_off bigint []
) returns setof reimbursement.job_outcome
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    return query
    with done as materialized (
        select
            l.job_id, count(*) filter (where l.is_first_of_customer) as processed,
            sum(l.reimbursed_accounting_amount) as accounting_amount
        from pg_temp.reimbursement_lines as l
        where l.is_first_of_reimbursement
        group by l.job_id
    ),
    skipped as materialized (
        select s.job_id, count(distinct s.customer_account) as skipped
        from pg_temp.selected_transactions as s
        where s.skip_reason is not null
        group by s.job_id
    )
    select
        p_legal_entity_id, b.job_id, coalesce(d.processed, 0)::int, coalesce(k.skipped, 0)::int,
        coalesce(d.accounting_amount, 0)
    from unnest(p_batches) with ordinality as b
    left join done as d on d.job_id = b.job_id
    left join skipped as k on k.job_id = b.job_id
    where b.ordinality <> all (p_put_off);
end
$$;

comment on function reimbursement.sum_up_jobs(text, reimbursement.reimbursement_batch [], bigint []) is
'What a pass has done for each of its batches but those that were put off.';
