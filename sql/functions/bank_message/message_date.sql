-- The day that a message names, as it writes it: 2026-03-31, or 2026-03-31T23:10:00+02:00. Null: it is none.
create or replace function reimbursement.message_date(p_text text) returns date
language sql immutable parallel safe
as $$
    select case
        when p_text ~ '^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T[0-9:.]+)?(Z|[+-]\d\d:\d\d)?$' then (
            select case when k.day <= extract(day from k.month + interval '1 month - 1 day') then k.month + (k.day - 1) end
            from (
                select make_date(left(p_text, 4)::int, substr(p_text, 6, 2)::int, 1), substr(p_text, 9, 2)::int
            ) as k (month, day)
        )
    end
$$;

comment on function reimbursement.message_date(text) is
'The day that a message of a bank names, as it writes it; null: it is none.';
