-- The ranges of folded accounts in which everybody lies whom a parsed filter names, so that an index finds them.
--
-- A wildcard's literal beginning is a range: up to the next string of its length, where the database's encoding lets
-- the next character be told. Who lies in these ranges is still to be compared with the filter (matches_filter).
-- Returns: the ranges, none overlapping; the range of everything for no filter, for one of negative terms only, and for
-- one with a wildcard that begins with * or ?.
create or replace function reimbursement.filter_spans(p_filter reimbursement.account_filter)
returns reimbursement.account_multirange
language plpgsql immutable set search_path = reimbursement, pg_temp
as $$
declare
    c_everything constant reimbursement.account_multirange :=
        reimbursement.account_multirange(reimbursement.account_range(null, null, '()'));
    v_spans reimbursement.account_multirange;
begin
    if (p_filter).selects is not true then
        return c_everything;
    end if;
    v_spans := (p_filter).included;
    if (p_filter).includes_blank then
        v_spans := v_spans + reimbursement.account_multirange(reimbursement.account_range('', '', '[]'));
    end if;
    if cardinality((p_filter).included_patterns) > 0 then
        v_spans := v_spans + (
            select range_agg(reimbursement.prefix_span(p.pattern))
            from unnest((p_filter).included_patterns) as p (pattern)
        );
    end if;
    return v_spans;
end
$$;

comment on function reimbursement.filter_spans(reimbursement.account_filter) is
'The ranges of folded accounts in which everybody lies whom a parsed filter names.';
