-- An account as written in a filter: bare, or in double quotes with every quote inside doubled. Folded for comparison.
create or replace function reimbursement.parse_filter_end(p_written text) returns text
language sql immutable parallel safe
as $$
    select reimbursement.fold_account(
        case
            when left(p_written, 1) = '"' then replace(substr(p_written, 2, length(p_written) - 2), '""', '"')
            else regexp_replace(p_written, '^\s+|\s+$', '', 'g')
        end
    )
$$;

comment on function reimbursement.parse_filter_end(text) is 'An account as written in a filter, unquoted and folded.';
