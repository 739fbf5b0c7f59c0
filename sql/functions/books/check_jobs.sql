-- A job has all of its effects or none: a completed job's counts and amount are those of its rows, any other job has no
-- row; a row belongs to its job's run, and a job to a run; what run_totals say of jobs that are no longer kept is what
-- those did; a skip has what it skips; and in a run a customer is in one job, and reimbursed or skipped but not both.
create or replace function reimbursement.check_jobs(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with effects as (
        select
            r.legal_entity_id, r.job_id, r.run_id, r.customer_account as item, false as is_skipped, r.accounting_amount
        from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
        union all
        select s.legal_entity_id, s.job_id, s.run_id, s.customer_account, true, 0
        from reimbursement.customer_skips as s
        where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or s.run_id = p_run_id)
        union all
        select p.legal_entity_id, p.job_id, p.run_id, p.payment_number, false, p.accounting_amount
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        union all
        select s.legal_entity_id, s.job_id, s.run_id, s.invoice_number, true, 0
        from reimbursement.invoice_skips as s
        where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or s.run_id = p_run_id)
        union all
        select
            v.legal_entity_id, v.job_id, v.run_id, v.reversed_voucher, false,
            coalesce(r.accounting_amount, p.accounting_amount)
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        left join reimbursement.reimbursements as r
            on r.legal_entity_id = v.legal_entity_id and r.reimbursement_number = v.reversed_voucher
        left join reimbursement.payments as p
            on p.legal_entity_id = v.legal_entity_id and p.payment_number = v.reversed_voucher
        where v.reversed_type <> 'netting'
        union all
        select s.legal_entity_id, s.job_id, s.run_id, s.reimbursement_number, true, 0
        from reimbursement.reimbursement_skips as s
        where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or s.run_id = p_run_id)
    ),
    -- Each belongs to its job, or to the totals that its job has gone into, and so does a job or a total without any.
    placed as (
        select
            e.legal_entity_id, case when t.run_id is null then e.job_id end as job_id, t.run_id as counted_run_id,
            t.partition_number, e.run_id, e.item, e.is_skipped, e.accounting_amount
        from effects as e
        left join reimbursement.run_totals as t
            on t.legal_entity_id = e.legal_entity_id and t.run_id = e.run_id
                and e.job_id between t.first_job_id and t.last_job_id
        union all
        select j.legal_entity_id, j.job_id, null, null, null, null, null, null
        from reimbursement.jobs as j
        left join reimbursement.run_totals as t
            on t.legal_entity_id = j.legal_entity_id and t.run_id = j.run_id
                and j.job_id between t.first_job_id and t.last_job_id
        where (p_legal_entity_id is null or j.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or j.run_id = p_run_id) and t.run_id is null
        union all
        select t.legal_entity_id, null, t.run_id, t.partition_number, null, null, null, null
        from reimbursement.run_totals as t
        where (p_legal_entity_id is null or t.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or t.run_id = p_run_id)
    ),
    totals as (
        select
            e.legal_entity_id, e.job_id, e.counted_run_id, e.partition_number, count(e.run_id) as effects,
            min(e.run_id) as first_run_id, max(e.run_id) as last_run_id,
            count(distinct (e.run_id, e.item)) filter (where not e.is_skipped) as processed,
            count(distinct (e.run_id, e.item)) filter (where e.is_skipped) as skipped,
            coalesce(sum(e.accounting_amount), 0) as accounting_amount
        from placed as e
        group by e.legal_entity_id, e.job_id, e.counted_run_id, e.partition_number
    )
    select
        t.legal_entity_id, 'job_has_all_of_its_effects_or_none', format('job %s', t.job_id),
        case when j.state = 'completed'
            then format('%s processed, %s skipped, %s', j.processed, j.skipped, j.accounting_amount)
            else format('none, the job is %s', coalesce(j.state, 'missing'))
        end,
        format('%s processed, %s skipped, %s', t.processed, t.skipped, t.accounting_amount)
    from totals as t
    left join reimbursement.jobs as j on j.legal_entity_id = t.legal_entity_id and j.job_id = t.job_id
    where t.counted_run_id is null and (p_run_id is null or coalesce(j.run_id, p_run_id) = p_run_id)
        and case when j.state = 'completed'
            then (j.processed, j.skipped, j.accounting_amount)
                is distinct from (t.processed::int, t.skipped::int, t.accounting_amount)
            else t.effects > 0
        end
    union all
    select
        t.legal_entity_id, 'run_totals_have_all_of_their_effects',
        format('run %s, jobs %s to %s', c.run_id, c.first_job_id, c.last_job_id),
        format('%s processed, %s skipped, %s', c.processed, c.skipped, c.accounting_amount),
        format('%s processed, %s skipped, %s', t.processed, t.skipped, t.accounting_amount)
    from totals as t
    inner join reimbursement.run_totals as c
        on c.legal_entity_id = t.legal_entity_id and c.run_id = t.counted_run_id
            and c.partition_number = t.partition_number
    where (c.processed, c.skipped, c.accounting_amount)
        is distinct from (t.processed, t.skipped, t.accounting_amount)
    union all
    select
        t.legal_entity_id, 'row_belongs_to_the_run_of_its_job', format('job %s', t.job_id), format('run %s', j.run_id),
        format('runs %s to %s', t.first_run_id, t.last_run_id)
    from totals as t
    inner join reimbursement.jobs as j on j.legal_entity_id = t.legal_entity_id and j.job_id = t.job_id
    where t.first_run_id <> j.run_id or t.last_run_id <> j.run_id
    union all
    select
        j.legal_entity_id, 'job_belongs_to_a_run', format('job %s', j.job_id), format('run %s', j.run_id), 'none'
    from reimbursement.jobs as j
    left join reimbursement.run_requests as r on r.legal_entity_id = j.legal_entity_id and r.run_id = j.run_id
    where (p_legal_entity_id is null or j.legal_entity_id = p_legal_entity_id)
        and (p_run_id is null or j.run_id = p_run_id)
        and r.run_id is null
    union all
    select
        s.legal_entity_id, 'skip_has_what_it_skips', format('run %s, invoice %s', s.run_id, s.invoice_number),
        format('an invoice of vendor %s', s.vendor_account), coalesce(i.vendor_account, 'none')
    from reimbursement.invoice_skips as s
    left join reimbursement.vendor_invoices as i
        on i.legal_entity_id = s.legal_entity_id and i.invoice_number = s.invoice_number
    where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
        and (p_run_id is null or s.run_id = p_run_id)
        and i.vendor_account is distinct from s.vendor_account
    union all
    select
        s.legal_entity_id, 'skip_has_what_it_skips', format('run %s, reimbursement %s', s.run_id, s.reimbursement_number),
        format('a reimbursement of customer %s', s.customer_account), coalesce(r.customer_account, 'none')
    from reimbursement.reimbursement_skips as s
    left join reimbursement.reimbursements as r
        on r.legal_entity_id = s.legal_entity_id and r.reimbursement_number = s.reimbursement_number
    where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
        and (p_run_id is null or s.run_id = p_run_id)
        and r.customer_account is distinct from s.customer_account
    union all
    select
        c.legal_entity_id, 'customer_is_in_one_job_once', format('run %s, customer %s', c.run_id, c.customer_account),
        'reimbursed by one job, or skipped',
        format('%s jobs, skipped %s times', count(distinct c.job_id), sum(c.skips))
    from (
        select r.legal_entity_id, r.run_id, r.job_id, r.customer_account, 0 as skips
        from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
        union all
        select s.legal_entity_id, s.run_id, s.job_id, s.customer_account, 1
        from reimbursement.customer_skips as s
        where (p_legal_entity_id is null or s.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or s.run_id = p_run_id)
    ) as c
    group by c.legal_entity_id, c.run_id, c.customer_account
    having count(distinct c.job_id) > 1 or (sum(c.skips) > 0 and count(*) > sum(c.skips))
$$;

comment on function reimbursement.check_jobs(text, bigint) is
'Violations: jobs with a part of their effects, customers in two jobs or both reimbursed and skipped.';
