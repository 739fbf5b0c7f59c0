-- The range of all texts that begin as a LIKE pattern does, before its first wildcard.
--
-- Its end is the beginning with its last character replaced by the next one: in UTF-8 and in encodings of one byte the
-- next code is the next in byte order too. Elsewhere, and after the last code, the range has no end.
create or replace function reimbursement.prefix_span(p_pattern text) returns reimbursement.account_range
language sql immutable parallel safe set search_path = reimbursement, pg_temp
as $$
    select case
        when b.beginning = '' then reimbursement.account_range(null, null, '()')
        when pg_encoding_max_length(e.encoding) > 1 and getdatabaseencoding() <> 'UTF8'
            or b.last_code >= case when pg_encoding_max_length(e.encoding) > 1 then 1114111 else 255 end
            then reimbursement.account_range(b.beginning, null, '[)')
        else reimbursement.account_range(
            b.beginning,
            -- There are no characters from D800 to DFFF.
            left(b.beginning, -1) || chr(case b.last_code when 55295 then 57344 else b.last_code + 1 end), '[)')
    end
    from (
        select p.beginning, ascii(right(p.beginning, 1)) as last_code
        from (
            select regexp_replace(
                (regexp_match(p_pattern, '^(?:[^\\%_]|\\.)*'))[1], '\\(.)', '\1', 'g') as beginning
        ) as p
    ) as b
    cross join (select d.encoding from pg_database as d where d.datname = current_database()) as e
$$;

comment on function reimbursement.prefix_span(text) is
'The range of all texts that begin as a LIKE pattern does, before its first wildcard.';
