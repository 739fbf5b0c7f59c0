-- What a run would do now and what it takes: its digest, what it comes to, and how many have to approve that.
--
-- The digest is over the digests of its jobs, in the order of their numbers. What jobs of the run have done already
-- counts: a run does not get below a rule by being retried in parts. accounting_amount: in accounting currency.
-- digest is null where no job waits or has not begun.
-- Reads: runs, approval_rules, what rows_to_approve reads. Writes and locks nothing.
create or replace function reimbursement.assess_run(
    p_legal_entity_id text, p_run_id bigint,
    out digest text, out accounting_amount numeric, out approvals_needed int, out job_ids bigint [],
    out job_digests text [], out approval_rows reimbursement.approval_row []
)
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off
as $$
declare
    v_kind text;
    v_done numeric;
begin
    select w.job_ids, w.approval_rows into job_ids, approval_rows
    from reimbursement.rows_to_approve(p_legal_entity_id, p_run_id) as w;
    select r.kind, r.accounting_amount into v_kind, v_done
    from reimbursement.runs as r
    where r.legal_entity_id = p_legal_entity_id and r.run_id = p_run_id;

    select
        v_done + coalesce(sum(d.accounting_amount), 0), array_agg(d.job_digest order by d.job_id),
        encode(sha256(convert_to(
            string_agg(d.job_id || ' ' || d.job_digest, e'\n' order by d.job_id), 'UTF8')), 'hex')
    into accounting_amount, job_digests, digest
    from (
        select
            w.job_id, reimbursement.digest_of_job(array_agg(r) filter (where r.job_id is not null)) as job_digest,
            sum(r.accounting_amount) as accounting_amount
        from unnest(job_ids) as w (job_id)
        left join unnest(approval_rows) as r on r.job_id = w.job_id
        group by w.job_id
    ) as d;
    approvals_needed := reimbursement.approvals_needed(p_legal_entity_id, v_kind, accounting_amount);
end
$$;

comment on function reimbursement.assess_run(text, bigint) is
'What a run would do now and what it takes: its digest, what it comes to, and how many have to approve that.';
