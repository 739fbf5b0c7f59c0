-- Parses a filter on customer accounts or groups (product rules: ranges, lists, wildcards, not, quotes, blank).
--
-- p_argument: the name of the argument, for the error.
-- Returns: the parsed filter, or null for no filter. The text becomes values to compare with, never SQL.
-- Every account is compared with each wildcard, so that there are a thousand at most that do not stand at the end of a
-- term alone; other terms are looked up, and a filter may have as many as it likes.
-- Raises: RB005 with the term that does not parse and why.
create or replace function reimbursement.parse_account_filter(p_filter text, p_argument text)
returns reimbursement.account_filter
language plpgsql immutable set search_path = reimbursement, pg_temp
as $$
declare
    c_quoted constant text := '"(?:[^"]|"")*"';
    c_bare constant text := '(?:[^"!<>*?.]|\.(?!\.))*[^"!<>*?.\s](?:[^"!<>*?.]|\.(?!\.))*';
    c_end constant text := '(' || c_quoted || '|' || c_bare || ')';
    c_most_patterns constant int := 1000;
    v_patterns int := 0;
    v_written text;
    v_term text;
    v_parts text[];
    v_is_negative boolean;
    v_problem text;
    v_range reimbursement.account_range;
    v_pattern text;
    v_is_blank boolean;
    v_included reimbursement.account_range[] := array[]::reimbursement.account_range[];
    v_excluded reimbursement.account_range[] := array[]::reimbursement.account_range[];
    v_result reimbursement.account_filter;
begin
    if p_filter is null then
        return null;
    end if;
    v_result := row(false, '{}', '{}', false, '{}', '{}', false);
    if length(replace(p_filter, '"', '')) % 2 <> length(p_filter) % 2 then
        v_problem := 'a quote is not closed';
        v_term := p_filter;
    end if;
    for v_written in
        select m.match[1] from regexp_matches(p_filter || ',', '((?:[^",]|"[^"]*")*),', 'g') as m(match)
        where v_problem is null
    loop
        v_term := regexp_replace(v_written, '^\s+|\s+$', '', 'g');
        v_is_negative := left(v_term, 1) = '!';
        if v_is_negative then
            v_term := regexp_replace(v_term, '^!\s*', '');
        end if;
        v_range := null;
        v_pattern := null;
        v_is_blank := false;

        if v_term = '' then
            v_problem := case when v_is_negative then '! stands alone' else 'a term is empty' end;
        elsif regexp_replace(v_term, c_quoted, 'q', 'g') ~ '\.{3}' then
            v_problem := 'three dots are no range: put an account that begins or ends with a dot in quotes';
        elsif v_term = '""' then
            v_is_blank := true;
        elsif v_term ~ ('^' || c_quoted || '$') then
            v_range := reimbursement.account_range(
                reimbursement.parse_filter_end(v_term), reimbursement.parse_filter_end(v_term), '[]');
        elsif v_term ~ '^[<>]' then
            v_parts := regexp_match(v_term, '^([<>])\s*' || c_end || '$');
            if v_parts is null or v_parts[2] = '""' or v_parts[2] ~ '^=' then
                v_problem := format('%s needs one account after it, without signs or wildcards (quote it, or write a range with ..)',
                    left(v_term, 1));
            elsif v_parts[1] = '>' then
                v_range := reimbursement.account_range(reimbursement.parse_filter_end(v_parts[2]), null, '()');
            else
                v_range := reimbursement.account_range(null, reimbursement.parse_filter_end(v_parts[2]), '()');
            end if;
        elsif regexp_replace(v_term, c_quoted, 'q', 'g') ~ '\.\.' then
            v_parts := regexp_match(v_term, '^' || c_end || '?\s*\.\.\s*' || c_end || '?$');
            if v_parts is null or num_nulls(v_parts[1], v_parts[2]) = 2 or '""' = any (v_parts) then
                v_problem := 'a range needs an account on one side of .. at least, without signs or wildcards';
            elsif reimbursement.parse_filter_end(v_parts[1]) > reimbursement.parse_filter_end(v_parts[2]) collate "C"
                and num_nulls(v_parts[1], v_parts[2]) = 0
            then
                v_range := 'empty';
            else
                v_range := reimbursement.account_range(
                    case when v_parts[1] is not null then reimbursement.parse_filter_end(v_parts[1]) end,
                    case when v_parts[2] is not null then reimbursement.parse_filter_end(v_parts[2]) end,
                    '[]');
            end if;
        elsif v_term ~ '["!<>]' then
            v_problem := 'the signs ! < > and " stand before or around a term, not inside it: quote the term';
        elsif v_term ~ '[*?]' then
            v_pattern := translate(
                regexp_replace(reimbursement.fold_account(v_term), '([\\%_])', '\\\1', 'g'), '*?', '%_');
            -- All that begin with a text are a range, where the range has an end.
            if v_pattern ~ '^(?:[^\\%_]|\\.)+%$' then
                v_range := reimbursement.prefix_span(v_pattern);
                v_pattern := case when upper_inf(v_range) then v_pattern end;
                v_range := case when v_pattern is null then v_range end;
            end if;
            v_patterns := v_patterns + (v_pattern is not null)::int;
            if v_patterns > c_most_patterns then
                v_problem := format('it has more than %s terms with a wildcard elsewhere than at their end', c_most_patterns);
            end if;
        else
            v_range := reimbursement.account_range(
                reimbursement.parse_filter_end(v_term), reimbursement.parse_filter_end(v_term), '[]');
        end if;
        exit when v_problem is not null;

        if v_is_negative then
            v_excluded := v_excluded || v_range;
            v_result.excluded_patterns := v_result.excluded_patterns || array_remove(array[v_pattern], null);
            v_result.excludes_blank := v_result.excludes_blank or v_is_blank;
        else
            v_included := v_included || v_range;
            v_result.included_patterns := v_result.included_patterns || array_remove(array[v_pattern], null);
            v_result.includes_blank := v_result.includes_blank or v_is_blank;
            v_result.selects := true;
        end if;
    end loop;

    if v_problem is not null then
        raise exception using errcode = 'RB005',
            message = format('%s does not parse: %s', p_argument, v_problem),
            detail = format('Near "%s" in "%s".', v_term, p_filter),
            hint = 'Accounts and lists: US-001, US-007. Ranges: US-001..US-020. Wildcards: US-* and US-0?1. Not: !US-013. Anything literally: "A*B".';
    end if;
    v_result.included := coalesce((select range_agg(r) from unnest(v_included) as r), '{}');
    v_result.excluded := coalesce((select range_agg(r) from unnest(v_excluded) as r), '{}');
    return v_result;
end
$$;

comment on function reimbursement.parse_account_filter(text, text) is
'Parses a filter on customer accounts or groups. Raises RB005 where it does not parse.';
