-- Whether an error may be mended by trying again: serialization and deadlock (40), lost connection (08), resources
-- (53), operator intervention such as a shutdown or a cancel (57), system errors (58), a lock not available.
create or replace function reimbursement.is_transient(p_sqlstate text) returns boolean
language sql immutable parallel safe
as $$
    select left(p_sqlstate, 2) in ('08', '40', '53', '57', '58') or p_sqlstate in ('25P03', '25P04', '55006', '55P03')
$$;

comment on function reimbursement.is_transient(text) is 'Whether an error may be mended by trying again.';
