-- Takes a number for each voucher that is reversed: those of the documents, and those of the nettings that go with
-- them.
--
-- Where payments are reversed, the sequence of payments is locked too: a run that is still paying holds it until its
-- bank file is written, so that a payment is either in the file before it is reversed, or left out of it.
-- Reads: documents_to_reverse, settlements_to_undo. Writes: new_reversals. Writes and locks: number_sequences.
-- Raises: 40001, to be tried again, when the number sequence is gone.
create or replace function reimbursement.number_reversals(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_reversals bigint;
    v_numbers record;
begin
    insert into pg_temp.new_reversals (voucher, reversed_type, reversed_voucher)
    select '', d.reversed_type, d.reversed_voucher
    from pg_temp.documents_to_reverse as d
    where d.skip_reason is null
    union all
    select distinct '', 'netting', s.reversed_voucher
    from pg_temp.settlements_to_undo as s
    where s.is_netting and s.reversed_voucher is not null;
    get diagnostics v_reversals = row_count;

    if exists (select from pg_temp.documents_to_reverse as d where d.reversed_type = 'payment') then
        perform from reimbursement.number_sequences as q
        where q.legal_entity_id = p_legal_entity_id and q.sequence = 'payment'
        for no key update;
    end if;
    select n.format, n.first_number into v_numbers
    from reimbursement.take_numbers(p_legal_entity_id, jsonb_build_object('reversal', v_reversals)) as n;
    if not found and v_reversals > 0 then
        raise exception using errcode = 'serialization_failure',
            message = 'the number sequence reversal was deleted or renamed by somebody else meanwhile',
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;
    update pg_temp.new_reversals as r
    set voucher = reimbursement.format_number(v_numbers.format, v_numbers.first_number + n.position - 1)
    from (
        select v.reversed_voucher, row_number() over (order by v.reversed_type desc, v.reversed_voucher) as "position"
        from pg_temp.new_reversals as v
    ) as n
    where n.reversed_voucher = r.reversed_voucher;
    analyze pg_temp.new_reversals;
end
$$;

comment on function reimbursement.number_reversals(text) is 'Takes a number for each voucher that is reversed.';
