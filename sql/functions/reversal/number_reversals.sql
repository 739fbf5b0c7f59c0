-- Takes a number for each voucher that is reversed: those of the documents, and those of the nettings that go with
-- them.
--
-- Where payments are reversed, the sequence of payments is locked too: a run that is still paying holds it until its
-- bank file is written, so that a payment is either in the file before it is reversed, or left out of it.
-- Reads: reversed_documents, undone_settlements. Writes: new_reversals. Writes and locks: number_sequences.
-- Raises: 40001, to be tried again, when the number sequence is gone.
create or replace function reimbursement.number_reversals(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_counted record;
    v_vouchers bigint;
    v_numbers reimbursement.taken_numbers;
begin
    select
        count(*) filter (where d.skip_reason is null) as documents,
        coalesce(bool_or(d.reversed_type = 'payment'), false) as are_payments
    into v_counted
    from pg_temp.reversed_documents as d;
    select count(distinct s.reversed_voucher) into v_vouchers
    from pg_temp.undone_settlements as s
    where s.is_netting;

    if v_counted.are_payments then
        perform from reimbursement.number_sequences as q
        where q.legal_entity_id = p_legal_entity_id and q.sequence = 'payment'
        for no key update;
    end if;
    if v_counted.documents + v_vouchers = 0 then
        return;
    end if;
    v_numbers := reimbursement.take_numbers_of(p_legal_entity_id, 'reversal', v_counted.documents + v_vouchers);

    insert into pg_temp.new_reversals (
        legal_entity_id, voucher, reversed_type, reversed_voucher, run_id, vendor_transaction_id
    )
    select
        v.legal_entity_id,
        reimbursement.number_text(
            v_numbers, row_number() over (order by v.reversed_type desc, v.reversed_voucher)),
        v.reversed_type, v.reversed_voucher, v.run_id, v.vendor_transaction_id
    from (
        select d.legal_entity_id, d.reversed_type, d.reversed_voucher, d.run_id, d.vendor_transaction_id
        from pg_temp.reversed_documents as d
        where d.skip_reason is null
        union all
        select distinct s.legal_entity_id, 'netting', s.reversed_voucher, null::bigint, null::bigint
        from pg_temp.undone_settlements as s
        where s.is_netting and s.reversed_voucher is not null
    ) as v;
end
$$;

comment on function reimbursement.number_reversals(text) is 'Takes a number for each voucher that is reversed.';
