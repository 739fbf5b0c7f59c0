-- Whether an account, folded by fold_account, is among those that a parsed filter names.
--
-- No filter (NULL) names everybody. A blank account lies in no range.
create or replace function reimbursement.matches_filter(p_folded text, p_filter reimbursement.account_filter)
returns boolean
language sql immutable parallel safe
as $$
    select (p_filter).selects is null
        or (
            (
                not (p_filter).selects
                or case p_folded when '' then (p_filter).includes_blank else p_folded <@ (p_filter).included end
                or p_folded like any ((p_filter).included_patterns)
            )
            and not case p_folded when '' then (p_filter).excludes_blank else p_folded <@ (p_filter).excluded end
            and not p_folded like any ((p_filter).excluded_patterns)
        )
$$;

comment on function reimbursement.matches_filter(text, reimbursement.account_filter) is
'Whether a folded account is among those that a parsed filter names; no filter names everybody.';
