-- Numbers have no gaps: of each sequence every number from the first that a run used up to the next one is there, and
-- none beyond. An account that a user gave to a vendor of his own fills its place. Numbers of an earlier format are
-- left out; a sequence that was used and is gone is a violation. Whether one is missing only the whole books say: of a
-- run, none is beyond.
create or replace function reimbursement.check_numbers(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with written as (
        select r.legal_entity_id, 'reimbursement' as sequence, r.reimbursement_number as number, true as is_ours
        from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
        union all
        select i.legal_entity_id, 'vendor_invoice', i.invoice_number, true
        from reimbursement.written_vendor_invoices(p_legal_entity_id, p_run_id) as i
        union all
        select v.legal_entity_id, 'one_time_vendor', v.vendor_account, v.run_id is not null
        from reimbursement.vendors as v
        where p_run_id is null and (p_legal_entity_id is null or v.legal_entity_id = p_legal_entity_id)
        union all
        select distinct v.legal_entity_id, 'one_time_vendor', v.vendor_account, true
        from reimbursement.written_reimbursements(p_legal_entity_id, p_run_id) as r
        inner join reimbursement.vendors as v
            on v.legal_entity_id = r.legal_entity_id and v.vendor_account = r.vendor_account
        where v.run_id = p_run_id
        union all
        select distinct s.legal_entity_id, 'settlement', s.voucher, true
        from reimbursement.written_settlements(p_legal_entity_id, p_run_id) as s
        where s.voucher is not null and s.undoes_settlement_id is null and (p_run_id is null or s.run_id = p_run_id)
        union all
        select p.legal_entity_id, 'payment', p.payment_number, true
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        union all
        select v.legal_entity_id, 'reversal', v.voucher, true
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        union all
        select distinct e.legal_entity_id, 'bank', e.voucher, true
        from reimbursement.bank_entries as e
        where p_run_id is null and (p_legal_entity_id is null or e.legal_entity_id = p_legal_entity_id)
            and e.voucher is not null
    ),
    patterns as materialized (
        select
            q.legal_entity_id, q.sequence, q.next_number,
            '^' || regexp_replace(regexp_replace(q.format, '([^[:alnum:]#])', '\\\1', 'g'), '#+', '(\\d{1,18})') || '$'
            as pattern
        from reimbursement.number_sequences as q
    ),
    used as (
        select
            p.legal_entity_id, p.sequence, p.next_number, w.is_ours,
            (regexp_match(w.number, p.pattern))[1]::bigint as number
        from patterns as p
        inner join written as w on w.legal_entity_id = p.legal_entity_id and w.sequence = p.sequence
    ),
    firsts as (
        select
            u.*,
            min(u.number) filter (where u.is_ours) over (partition by u.legal_entity_id, u.sequence) as first_number
        from used as u
        where u.number is not null
    )
    select
        f.legal_entity_id, 'numbers_have_no_gaps', format('number sequence %s', f.sequence),
        case when p_run_id is null
            then format('%s numbers from %s to %s', f.next_number - f.first_number, f.first_number, f.next_number - 1)
            else format('numbers to %s', f.next_number - 1)
        end,
        format('%s numbers, the last %s', count(*) filter (where f.number between f.first_number and f.next_number - 1),
            max(f.number) filter (where f.is_ours))
    from firsts as f
    group by f.legal_entity_id, f.sequence, f.next_number, f.first_number
    having max(f.number) filter (where f.is_ours) >= f.next_number
        or p_run_id is null and count(*) filter (where f.number between f.first_number and f.next_number - 1)
        <> f.next_number - f.first_number
    union all
    select distinct w.legal_entity_id, 'numbers_have_no_gaps', format('number sequence %s', w.sequence), 'a row', 'none'
    from written as w
    where w.is_ours
        and not exists (
            select from reimbursement.number_sequences as q
            where q.legal_entity_id = w.legal_entity_id and q.sequence = w.sequence
        )
$$;

comment on function reimbursement.check_numbers(text, bigint) is 'Violations: number sequences with gaps, or gone.';
