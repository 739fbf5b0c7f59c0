-- Takes numbers from one of a legal entity's sequences, as take_numbers does from several.
--
-- Returns: the first of them, and how they are written (number_text writes them).
-- Writes and locks: number_sequences. Raises: 40001, to be tried again, when the number sequence is gone.
create or replace function reimbursement.take_numbers_of(p_legal_entity_id text, p_sequence text, p_wanted bigint)
returns reimbursement.taken_numbers
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_numbers reimbursement.taken_numbers;
begin
    select
        substring(t.format from '^[^#]*'), length(t.format) - length(replace(t.format, '#', '')),
        substring(t.format from '[^#]*$'), t.first_number
    into v_numbers
    from reimbursement.take_numbers(p_legal_entity_id, jsonb_build_object(p_sequence, p_wanted)) as t;
    if not found then
        raise exception using errcode = 'serialization_failure',
            message = format('the number sequence %s was deleted or renamed by somebody else meanwhile', p_sequence),
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;
    return v_numbers;
end
$$;

comment on function reimbursement.take_numbers_of(text, text, bigint) is
'Takes numbers from one sequence without gaps; the last lock of a transaction.';
