-- Takes the numbers that the pass needs. Whoever needs numbers of the same legal entity waits from here on, so
-- everything that needs none comes before.
--
-- Returns: the first number of each sequence; null for one of which none is needed.
-- Reads: reimbursement_lines, nettings. Writes and locks: number_sequences.
-- Raises: 40001, to be tried again, when a number sequence is gone.
create or replace function reimbursement.take_batch_numbers(p_legal_entity_id text, p_reimbursements bigint)
returns reimbursement.pass_numbers
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_vendors constant bigint := (select coalesce(max(l.new_vendor_index), 0) from pg_temp.reimbursement_lines as l);
    v_vouchers constant bigint := (select coalesce(max(n.voucher_index), 0) from pg_temp.nettings as n);
    v_taken record;
begin
    select
        (array_agg(n.numbers) filter (where n.sequence = 'reimbursement'))[1] as reimbursements,
        (array_agg(n.numbers) filter (where n.sequence = 'vendor_invoice'))[1] as invoices,
        (array_agg(n.numbers) filter (where n.sequence = 'one_time_vendor'))[1] as vendors,
        (array_agg(n.numbers) filter (where n.sequence = 'settlement'))[1] as settlements,
        count(*) as sequences
    into v_taken
    from (
        select
            t.sequence,
            row(
                substring(t.format from '^[^#]*'), length(t.format) - length(replace(t.format, '#', '')),
                substring(t.format from '[^#]*$'), t.first_number
            )::reimbursement.taken_numbers as numbers
        from reimbursement.take_numbers(p_legal_entity_id, jsonb_build_object(
            'reimbursement', p_reimbursements, 'vendor_invoice', p_reimbursements, 'one_time_vendor', v_vendors,
            'settlement', v_vouchers)) as t
    ) as n;
    if v_taken.sequences < (p_reimbursements > 0)::int * 2 + (v_vendors > 0)::int + (v_vouchers > 0)::int then
        raise exception using errcode = 'serialization_failure',
            message = 'a number sequence was deleted or renamed by somebody else meanwhile',
            hint = 'Nothing was written. The job is tried again by itself.';
    end if;
    return row(
        v_taken.reimbursements, v_taken.invoices, v_taken.vendors, v_taken.settlements
    )::reimbursement.pass_numbers;
end
$$;

comment on function reimbursement.take_batch_numbers(text, bigint) is
'Takes the numbers that the pass needs, as its last lock.';
