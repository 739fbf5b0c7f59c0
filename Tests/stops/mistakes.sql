-- Mistakes that the stops have to find: each does two things that belong together, and could leave one of them.

-- The one commits by itself, in another session.
create function stops.commit_apart() returns void
language plpgsql
as $$
begin
    perform test.open_other_session();
    perform test.in_other_session(
        'insert into reimbursement.job_limits values (''default'', ''US01'', 1, null) on conflict do nothing');
    perform reimbursement.cancel_run(max(r.run_id)) from reimbursement.run_requests as r;
    perform test.dblink_disconnect('other');
end
$$;

-- The other may fail, and nobody hears of it.
create function stops.swallow_errors() returns void
language plpgsql
as $$
begin
    perform reimbursement.limit_jobs('default', 'US01', 1);
    begin
        perform reimbursement.cancel_run(max(r.run_id)) from reimbursement.run_requests as r;
    exception when others then
        null;
    end;
end
$$;

-- A lock is given back at the end, which an error does not come to.
create function stops.keep_locked() returns void
language plpgsql
as $$
begin
    perform pg_advisory_lock(1);
    perform reimbursement.cancel_run(max(r.run_id)) from reimbursement.run_requests as r;
    perform pg_advisory_unlock(1);
end
$$;
