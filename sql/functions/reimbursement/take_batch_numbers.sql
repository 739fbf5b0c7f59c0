-- Takes the numbers that the batch needs. Whoever needs numbers of the same legal entity waits from here on, so
-- everything that needs none comes before.
--
-- Reads: selected_transactions, nettings. Writes: taken_numbers. Writes and locks: number_sequences.
create or replace function reimbursement.take_batch_numbers(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into pg_temp.taken_numbers (sequence, format, first_number)
    select n.sequence, n.format, n.first_number
    from reimbursement.take_numbers(p_legal_entity_id, (
        select jsonb_build_object(
            'reimbursement', coalesce(max(s.reimbursement_index), 0),
            'vendor_invoice', coalesce(max(s.reimbursement_index), 0),
            'one_time_vendor', count(distinct s.customer_account)
                filter (where s.reimbursement_index is not null and s.is_new_vendor),
            'settlement', (select coalesce(max(n.voucher_index), 0) from pg_temp.nettings as n))
        from pg_temp.selected_transactions as s
    )) as n;
end
$$;

comment on function reimbursement.take_batch_numbers(text) is
'Takes the numbers that the batch needs, as its last lock.';
