-- Whether a parsed filter names a hundred accounts at most, each by itself: so that a job is known to be small before
-- anything is read.
create or replace function reimbursement.names_few(p_filter reimbursement.account_filter) returns boolean
language sql immutable parallel safe set search_path = reimbursement, pg_temp
as $$
    select coalesce((p_filter).selects and (p_filter).included_patterns = '{}', false) and (
        select count(*) <= 100 and coalesce(bool_and(lower(s.span) = upper(s.span)), true)
        from (select u.span from unnest((p_filter).included) as u (span) limit 101) as s
    )
$$;

comment on function reimbursement.names_few(reimbursement.account_filter) is
'Whether a parsed filter names a hundred accounts at most, each by itself.';
