-- Takes numbers from a legal entity's sequences: the last lock of a transaction that takes any.
--
-- p_wanted: sequence names and how many of each, {"reimbursement": 12, "vendor_invoice": 12}. Numbers go back when the
-- transaction does not commit, so that there are no gaps: whoever needs the same sequence waits until it has.
-- Returns: a row a sequence: its format and the first number taken.
-- Writes and locks: number_sequences, all in one statement, in the order of their names.
create or replace function reimbursement.take_numbers(p_legal_entity_id text, p_wanted jsonb)
returns table (sequence text, format text, first_number bigint)
language plpgsql set search_path = reimbursement, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with locked as materialized (
        select s.sequence, (p_wanted ->> s.sequence)::bigint as wanted
        from reimbursement.number_sequences as s
        where s.legal_entity_id = p_legal_entity_id and (p_wanted ->> s.sequence)::bigint > 0
        order by s.sequence
        for no key update
    )
    update reimbursement.number_sequences as s
    set next_number = s.next_number + l.wanted, numbers_taken = s.numbers_taken + l.wanted
    from locked as l
    where s.legal_entity_id = p_legal_entity_id and s.sequence = l.sequence
    returning s.sequence, s.format, s.next_number - l.wanted;
end
$$;

comment on function reimbursement.take_numbers(text, jsonb) is
'Takes numbers from sequences without gaps; the last lock of a transaction.';
