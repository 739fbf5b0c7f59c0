-- The formats that bank files are written in: two versions of ISO 20022's credit transfer, and CSV.
create or replace function reimbursement.payment_file_formats() returns text []
language sql immutable parallel safe
as $$
    select array['pain.001.001.09', 'pain.001.001.03', 'csv']
$$;

comment on function reimbursement.payment_file_formats() is
'The formats that bank files are written in: two versions of ISO 20022''s credit transfer, and CSV.';
