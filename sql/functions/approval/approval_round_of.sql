-- The round in which a job was approved; null or 0 where it needed no approval. Reads: jobs.
create or replace function reimbursement.approval_round_of(p_legal_entity_id text, p_job_id bigint) returns int
language sql stable
as $$
    select j.approval_round
    from reimbursement.jobs as j
    where j.legal_entity_id = p_legal_entity_id and j.job_id between p_job_id and p_job_id
    order by j.job_id
    limit 1
$$;

comment on function reimbursement.approval_round_of(text, bigint) is
'The round in which a job was approved; null or 0 where it needed no approval.';
