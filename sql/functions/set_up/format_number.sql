-- A number of a sequence as it is written: the run of # becomes the number with leading zeros.
create or replace function reimbursement.format_number(p_format text, p_number bigint) returns text
language sql immutable parallel safe
as $$
    select regexp_replace(
        p_format, '#+',
        lpad(p_number::text, greatest(length(regexp_replace(p_format, '[^#]', '', 'g')), length(p_number::text)), '0'))
$$;

comment on function reimbursement.format_number(text, bigint) is
'A number of a sequence as it is written: the run of # becomes the number with leading zeros.';
