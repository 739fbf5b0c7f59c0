-- A text as a field of a CSV file (RFC 4180): in quotes where it has a comma, a quote or a line break.
--
-- One that begins as a formula does in a spreadsheet gets an apostrophe in front, which makes it a text there.
create or replace function reimbursement.csv_field(p_text text) returns text
language sql immutable parallel safe
as $$
    select case when f.field ~ '[",\r\n]' then '"' || replace(f.field, '"', '""') || '"' else f.field end
    from (select case when p_text ~ '^[-+=@\t\r]' then '''' else '' end || p_text) as f (field)
$$;

comment on function reimbursement.csv_field(text) is
'A text as a field of a CSV file: quoted where it has to be, and never a formula.';
