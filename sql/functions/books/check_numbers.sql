-- Numbers have no gaps: of each sequence every number from the first one used to the last one is there, and the next is
-- the one after it. Numbers of an earlier format are left out.
create or replace function reimbursement.check_numbers(p_legal_entity_id text)
returns setof reimbursement.violation
language sql stable
as $$
    with written as (
        select r.legal_entity_id, 'reimbursement' as sequence, r.reimbursement_number as number
        from reimbursement.reimbursements as r
        union all
        select i.legal_entity_id, 'vendor_invoice', i.invoice_number
        from reimbursement.vendor_invoices as i
        union all
        select v.legal_entity_id, 'one_time_vendor', v.vendor_account
        from reimbursement.vendors as v
        where v.run_id is not null
        union all
        select distinct s.legal_entity_id, 'settlement', s.voucher
        from reimbursement.settlements as s
        where s.voucher is not null and s.undoes_settlement_id is null
    ),
    used as (
        select
            q.legal_entity_id, q.sequence, q.next_number, count(*) as numbers,
            min(m.digits[1]::bigint) as first_number, max(m.digits[1]::bigint) as last_number
        from reimbursement.number_sequences as q
        inner join written as w on w.legal_entity_id = q.legal_entity_id and w.sequence = q.sequence
        cross join lateral (
            select regexp_match(
                w.number,
                '^' || regexp_replace(regexp_replace(q.format, '([^[:alnum:]#])', '\\\1', 'g'), '#+', '(\\d{1,18})')
                || '$'
            ) as digits
        ) as m
        where m.digits is not null and (p_legal_entity_id is null or q.legal_entity_id = p_legal_entity_id)
        group by q.legal_entity_id, q.sequence, q.next_number
    )
    select
        u.legal_entity_id, 'numbers_have_no_gaps', format('number sequence %s', u.sequence),
        format('%s numbers, next %s', u.last_number - u.first_number + 1, u.last_number + 1),
        format('%s numbers, next %s', u.numbers, u.next_number)
    from used as u
    where u.numbers <> u.last_number - u.first_number + 1 or u.next_number <> u.last_number + 1
$$;

comment on function reimbursement.check_numbers(text) is 'Violations: number sequences with gaps.';
