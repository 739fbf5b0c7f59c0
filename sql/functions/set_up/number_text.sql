-- One of the numbers that were taken from a sequence, as it is written: the first of them has the index 1.
create or replace function reimbursement.number_text(p_numbers reimbursement.taken_numbers, p_index bigint)
returns text
language sql immutable parallel safe
as $$
    select (p_numbers).prefix
        || lpad(
            ((p_numbers).first_number + p_index - 1)::text,
            greatest((p_numbers).digits, length(((p_numbers).first_number + p_index - 1)::text)), '0')
        || (p_numbers).suffix
$$;

comment on function reimbursement.number_text(reimbursement.taken_numbers, bigint) is
'One of the numbers that were taken from a sequence, as it is written.';
