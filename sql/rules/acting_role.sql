-- Who acts: the role of SET ROLE where it can log in, else the login of the session.
--
-- A group is nobody, or one person could act as two. Nobody can set a role that he is no member of, so the answer
-- cannot be forged; a SECURITY DEFINER function sees it as its caller does. It is what requested_by, approvals and logs
-- record.
-- While a worker enqueues the slot of a schedule, it is who made the schedule: it runs in his name, by his duties.
-- Reads: pg_roles, where a role is set; run_schedules, while one is enqueued.
create or replace function reimbursement.acting_role() returns name
language plpgsql stable parallel restricted set search_path = pg_catalog, pg_temp
as $$
declare
    v_role constant name := current_setting('role');
    v_firing constant text := current_setting('reimbursement.firing', true);
    v_firing_role name;
begin
    if v_firing <> '' then
        v_firing_role := reimbursement.firing_role(v_firing);
        if v_firing_role is not null then
            return v_firing_role;
        end if;
    end if;
    if v_role = 'none' then
        return session_user;
    elsif exists (select from pg_roles as r where r.rolname = v_role and r.rolcanlogin) then
        return v_role;
    end if;
    return session_user;
end
$$;

comment on function reimbursement.acting_role() is
'Who acts: the role of SET ROLE where it can log in, else the login of the session.';
