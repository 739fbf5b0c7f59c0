-- A job has all of its effects or none: a completed job's counts and amount are those of its rows, any other job has no
-- row; and in a run a customer is in one job, and reimbursed or skipped but not both.
create or replace function reimbursement.check_jobs(p_legal_entity_id text)
returns setof reimbursement.violation
language sql stable
as $$
    with effects as (
        select
            e.legal_entity_id, e.job_id,
            count(distinct e.customer_account) filter (where e.is_reimbursed) as customers_reimbursed,
            count(distinct e.customer_account) filter (where not e.is_reimbursed) as customers_skipped,
            coalesce(sum(e.accounting_amount), 0) as accounting_amount
        from (
            select r.legal_entity_id, r.job_id, r.customer_account, true as is_reimbursed, r.accounting_amount
            from reimbursement.reimbursements as r
            union all
            select s.legal_entity_id, s.job_id, s.customer_account, false, 0
            from reimbursement.customer_skips as s
        ) as e
        group by e.legal_entity_id, e.job_id
    )
    select
        coalesce(j.legal_entity_id, e.legal_entity_id), 'job_has_all_of_its_effects_or_none',
        format('job %s', coalesce(j.job_id, e.job_id)),
        case when j.state = 'completed'
            then format('%s reimbursed, %s skipped, %s', j.customers_reimbursed, j.customers_skipped, j.accounting_amount)
            else format('none, the job is %s', coalesce(j.state, 'missing'))
        end,
        format('%s reimbursed, %s skipped, %s', coalesce(e.customers_reimbursed, 0), coalesce(e.customers_skipped, 0),
            coalesce(e.accounting_amount, 0))
    from (select w.* from reimbursement.jobs as w where w.kind = 'reimbursement') as j
    full join effects as e on e.legal_entity_id = j.legal_entity_id and e.job_id = j.job_id
    where (p_legal_entity_id is null or coalesce(j.legal_entity_id, e.legal_entity_id) = p_legal_entity_id)
        and case when j.state = 'completed'
            then (j.customers_reimbursed, j.customers_skipped, j.accounting_amount) is distinct from (
                coalesce(e.customers_reimbursed, 0)::int, coalesce(e.customers_skipped, 0)::int,
                coalesce(e.accounting_amount, 0))
            else e.job_id is not null
        end
    union all
    select
        s.legal_entity_id, 'skip_belongs_to_its_run', format('run %s, customer %s', s.run_id, s.customer_account),
        format('run %s of job %s', j.run_id, s.job_id), format('run %s', s.run_id)
    from reimbursement.customer_skips as s
    left join reimbursement.jobs as j on j.legal_entity_id = s.legal_entity_id and j.job_id = s.job_id
    where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id) and s.run_id is distinct from j.run_id
    union all
    select
        c.legal_entity_id, 'customer_is_in_one_job_once', format('run %s, customer %s', c.run_id, c.customer_account),
        'reimbursed by one job, or skipped',
        format('%s jobs, skipped %s times', count(distinct c.job_id), sum(c.skips))
    from (
        select r.legal_entity_id, r.run_id, r.job_id, r.customer_account, 0 as skips
        from reimbursement.reimbursements as r
        union all
        select s.legal_entity_id, s.run_id, s.job_id, s.customer_account, 1
        from reimbursement.customer_skips as s
    ) as c
    where p_legal_entity_id is null or c.legal_entity_id = p_legal_entity_id
    group by c.legal_entity_id, c.run_id, c.customer_account
    having count(distinct c.job_id) > 1 or (sum(c.skips) > 0 and count(*) > sum(c.skips))
$$;

comment on function reimbursement.check_jobs(text) is
'Violations: jobs with a part of their effects, customers in two jobs or both reimbursed and skipped.';
