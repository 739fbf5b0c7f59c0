-- T2: carries out claimed jobs of one legal entity and kind, all of their effects and their end in the caller's
-- transaction.
--
-- The jobs' rows are locked by id, attempt and state until the transaction ends: the lock is the lease, the attempt the
-- fence. What is to be done is the function that run_kinds names for the kind. Several jobs share one pass where the
-- kind can (run_kinds.is_shared). They share their end too: where one cannot be carried out none is, and the caller
-- then carries out each by itself. The settings keep every plan to look-ups by the index that has the whole key, also
-- where the planner takes a table for tiny and one index for as good as another: so a transfer costs the same whatever
-- the planner knows of the tables, and a session plans each statement once.
-- Returns: the jobs that were carried out. Those that were put off, because they name a customer whom somebody has
-- locked or another job of the pass names, are ready again, each to be claimed by itself; that is no failure.
-- Where there are rules of approval for the kind, or a job was approved, what each has come to is compared with that.
-- Writes: jobs, and what the transfer writes. Locks: the jobs' rows, in the order of their ids, then as the transfer.
-- Raises: RB019 a job is not running under its attempt (somebody else has it, or it ended); RB030 the transaction is
-- not READ COMMITTED; RB032 several jobs that cannot share a pass; RB043 a trigger of somebody else's; RB054 one has
-- come to more than was approved; RB072 one of their runs is to be cancelled; 42501 the duty worker is missing; what
-- the transfer raises.
create or replace function reimbursement.execute_jobs(p_legal_entity_id text, p_job_ids bigint [], p_attempts int [])
returns setof bigint
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off set cpu_operator_cost = 1 set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
    v_locked bigint [];
    v_run_ids bigint [];
    v_kinds text [];
    v_kind reimbursement.run_kinds;
    v_result reimbursement.job_result;
    v_outcomes reimbursement.job_outcome [];
    v_is_any_approved boolean;
begin
    perform reimbursement.require_duty(null, 'worker');
    perform reimbursement.refuse_foreign_triggers();
    if current_setting('transaction_isolation') <> 'read committed' then
        perform reimbursement.raise_not_read_committed(
            'a job is not carried out', 'It has to see what others commit while it waits for their locks.');
    end if;
    select
        array_agg(l.job_id), array_agg(l.run_id), array_agg(distinct l.kind), bool_or(l.approval_round > 0)
    into v_locked, v_run_ids, v_kinds, v_is_any_approved
    from (
        select j.job_id, j.run_id, j.kind, j.approval_round
        from (
            select u.job_id, u.attempt from unnest(p_job_ids, p_attempts) as u (job_id, attempt) order by u.job_id
        ) as c
        cross join lateral (
            select x.job_id, x.run_id, x.kind, x.approval_round
            from reimbursement.jobs as x
            where x.legal_entity_id = p_legal_entity_id and x.job_id = c.job_id
                and x.attempt = c.attempt and x.state = 'running'
            for no key update
        ) as j
    ) as l;
    if coalesce(cardinality(v_locked), 0) < greatest(cardinality(p_job_ids), 1) then
        raise exception using errcode = 'RB019',
            message = format('job %s of legal entity "%s" is not running under attempt %s',
                (select string_agg(u.job_id::text, ', ') from unnest(p_job_ids) as u (job_id)
                    where u.job_id <> all (coalesce(v_locked, '{}'))), p_legal_entity_id,
                (select string_agg(u.attempt::text, ', ') from unnest(p_job_ids, p_attempts) as u (job_id, attempt)
                    where u.job_id <> all (coalesce(v_locked, '{}')))),
            hint = 'Another worker has it, or it has ended: see reimbursement.jobs.';
    end if;
    -- From here on it can wait for others: the view blocked_jobs shows it by this.
    perform reimbursement.show_step(v_kinds[1], p_job_ids[1], 0);
    perform reimbursement.refuse_cancelled_runs(p_legal_entity_id, v_run_ids);
    select k.* into strict v_kind from reimbursement.run_kinds as k where k.kind = v_kinds[1];
    if cardinality(v_locked) > 1
        and (cardinality(v_kinds) > 1 or not v_kind.is_shared or v_is_any_approved is true)
    then
        raise exception using errcode = 'RB032',
            message = format('%s jobs of kind %s cannot share a pass%s',
                cardinality(v_locked), array_to_string(v_kinds, ' and '),
                case when v_is_any_approved then ', and what was approved goes by itself' end),
            hint = 'Carry out each by itself with execute_job().';
    end if;

    if v_kind.is_shared then
        execute format('select array_agg(o) from reimbursement.%I($1, $2) as o', v_kind.transfer)
        into v_outcomes
        using p_legal_entity_id, p_job_ids;
    else
        execute format('select * from reimbursement.%I($1, $2, $3)', v_kind.transfer)
        into v_result
        using p_legal_entity_id, v_run_ids[1], p_job_ids[1];
        v_outcomes := array[
            row(
                p_legal_entity_id, p_job_ids[1], v_result.processed, v_result.skipped, v_result.accounting_amount
            )::reimbursement.job_outcome
        ];
    end if;

    if v_is_any_approved or exists (
        select from reimbursement.approval_rules as r
        where r.legal_entity_id = p_legal_entity_id and r.kind = v_kinds[1]
    ) then
        perform reimbursement.check_approved_amounts(p_legal_entity_id, v_kinds[1], v_outcomes);
    end if;
    -- Once more: whoever cancelled while the transfer ran finds nothing of it.
    perform reimbursement.refuse_cancelled_runs(p_legal_entity_id, v_run_ids);
    if cardinality(p_job_ids) > 1 then
        update reimbursement.jobs as j
        set state = 'ready', is_small = false, worker = null, claimed_at = null, begun_at = null, missing_since = null
        from unnest(p_job_ids) as c (job_id)
        cross join lateral (
            select x.legal_entity_id
            from reimbursement.jobs as x
            where x.legal_entity_id = p_legal_entity_id and x.job_id = c.job_id
            limit 1
        ) as x
        where j.legal_entity_id = x.legal_entity_id and j.job_id = c.job_id
            and not exists (select from unnest(v_outcomes) as o where o.job_id = c.job_id);
    end if;
    return query
    update reimbursement.jobs as j
    set
        state = 'completed', finished_at = clock_timestamp(), last_error = null, processed = o.processed,
        skipped = o.skipped, accounting_amount = o.accounting_amount
    from unnest(v_outcomes) as o
    where j.legal_entity_id = o.legal_entity_id and j.job_id = o.job_id
    returning j.job_id;
end
$$;

comment on function reimbursement.execute_jobs(text, bigint [], int []) is
'T2: carries out claimed jobs of one legal entity and kind, all of their effects and their end in one transaction.';
