-- Per reversal: what it reverses is there; its voucher is the exact opposite of the other, but for the bank's account
-- where the bank had executed a payment, on its own date and in its own run, with the reason and the return code that
-- the run was given, a code only for what was in a bank file; it is not dated before what it reverses; every settlement
-- of a reversed document is undone by the same run; and no transaction of type reversal stands without one, nor a
-- reversal without its transactions.
create or replace function reimbursement.check_reversals(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    -- Payments that were moved to the bank's account, and are taken back from there.
    with moved as (
        select b.legal_entity_id, b.payment_number, l.ledger_account
        from reimbursement.bank_entries as b
        inner join reimbursement.ledger_entries as l
            on l.legal_entity_id = b.legal_entity_id and l.voucher = b.voucher and l.posting_type = 'bank'
                and l.amount < 0
        where b.problem is null and b.status = 'executed' and b.voucher is not null
            and not exists (
                select from reimbursement.bank_entries as r
                where r.legal_entity_id = b.legal_entity_id and r.payment_number = b.payment_number
                    and r.problem is null and r.status = 'returned' and r.is_booked
            )
    ),
    opposites as (
        select
            v.legal_entity_id, v.voucher, e.ledger_account, e.posting_type, e.dimension_set_id, e.currency, e.amount,
            e.accounting_amount, 1 as lines, e.posting_date >= v.posting_date and e.run_id = v.run_id as is_in_place
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        inner join reimbursement.ledger_entries as e on e.legal_entity_id = v.legal_entity_id and e.voucher = v.voucher
        where e.posting_date = v.posting_date
        union all
        select
            v.legal_entity_id, v.voucher,
            case e.posting_type when 'bank' then coalesce(m.ledger_account, e.ledger_account) else e.ledger_account end,
            e.posting_type, e.dimension_set_id, e.currency, e.amount, e.accounting_amount, -1,
            e.posting_date <= v.posting_date
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        inner join reimbursement.ledger_entries as e
            on e.legal_entity_id = v.legal_entity_id and e.voucher = v.reversed_voucher
        left join moved as m on m.legal_entity_id = v.legal_entity_id and m.payment_number = v.reversed_voucher
    ),
    -- What a document settled, and the reversal that has to undo it.
    settled as (
        select
            v.legal_entity_id, v.voucher, v.run_id, format('settlement %s', s.settlement_id) as settlement,
            u.run_id as undone_by, v.posting_date, u.settled_on as undone_on
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        left join reimbursement.reimbursements as r
            on r.legal_entity_id = v.legal_entity_id and r.reimbursement_number = v.reversed_voucher
        left join reimbursement.customer_transactions as t
            on t.legal_entity_id = r.legal_entity_id and t.voucher = r.reimbursement_number and t.run_id = r.run_id
        left join reimbursement.settlements as s
            on s.legal_entity_id = t.legal_entity_id and s.debit_transaction_id = t.customer_transaction_id
                and s.run_id = r.run_id
        left join reimbursement.settlements as u
            on u.legal_entity_id = s.legal_entity_id and u.undoes_settlement_id = s.settlement_id
        where v.reversed_type = 'reimbursement'
        union all
        select
            v.legal_entity_id, v.voucher, v.run_id, format('settlement %s', s.settlement_id), u.run_id,
            v.posting_date, u.settled_on
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        left join reimbursement.settlements as s
            on s.legal_entity_id = v.legal_entity_id and s.voucher = v.reversed_voucher
        left join reimbursement.settlements as u
            on u.legal_entity_id = s.legal_entity_id and u.undoes_settlement_id = s.settlement_id
        where v.reversed_type = 'netting'
        union all
        select
            v.legal_entity_id, v.voucher, v.run_id, format('vendor settlement %s', s.vendor_settlement_id), u.run_id,
            v.posting_date, u.settled_on
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        left join reimbursement.vendor_transactions as t
            on t.legal_entity_id = v.legal_entity_id and t.voucher = v.reversed_voucher
                and t.transaction_type <> 'invoice'
        left join reimbursement.vendor_settlements as s
            on s.legal_entity_id = t.legal_entity_id and s.debit_transaction_id = t.vendor_transaction_id
                and s.run_id = t.run_id
        left join reimbursement.vendor_settlements as u
            on u.legal_entity_id = s.legal_entity_id and u.undoes_vendor_settlement_id = s.vendor_settlement_id
        where v.reversed_type = 'payment'
    ),
    -- What a reversal has to close, and what it closes: the sum of both is nothing.
    closed as (
        select
            c.legal_entity_id, c.voucher,
            format('customer transactions, account %s, dimension set %s', c.receivable_account, c.dimension_set_id)
            as what,
            c.amount, c.accounting_amount, c.run_id, c.transaction_date, c.due_date
        from reimbursement.written_customer_transactions(p_legal_entity_id, p_run_id) as c
        where c.run_id is not null and c.transaction_type = 'reversal'
        union all
        select
            c.legal_entity_id, c.voucher,
            format('vendor transactions, account %s, invoice %s', c.payable_account, c.invoice_number),
            c.amount, c.accounting_amount, c.run_id, c.transaction_date, c.due_date
        from reimbursement.written_vendor_transactions(p_legal_entity_id, p_run_id) as c
        where c.transaction_type = 'reversal'
        union all
        select
            v.legal_entity_id, v.voucher,
            format('customer transactions, account %s, dimension set %s', t.receivable_account, t.dimension_set_id),
            t.amount, t.accounting_amount, v.run_id, v.posting_date, v.posting_date
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        left join reimbursement.reimbursements as r
            on r.legal_entity_id = v.legal_entity_id and r.reimbursement_number = v.reversed_voucher
        left join reimbursement.customer_transactions as t
            on t.legal_entity_id = r.legal_entity_id and t.voucher = r.reimbursement_number and t.run_id = r.run_id
        where v.reversed_type = 'reimbursement'
        union all
        select
            v.legal_entity_id, v.voucher,
            format('vendor transactions, account %s, invoice %s', t.payable_account, t.invoice_number),
            t.amount, t.accounting_amount, v.run_id, v.posting_date, v.posting_date
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        inner join reimbursement.reimbursements as r
            on r.legal_entity_id = v.legal_entity_id and r.reimbursement_number = v.reversed_voucher
        inner join reimbursement.vendor_transactions as t
            on t.legal_entity_id = r.legal_entity_id and t.invoice_number = r.invoice_number
                and t.voucher = r.reimbursement_number and t.transaction_type = 'invoice'
        where v.reversed_type <> 'netting'
        union all
        select
            v.legal_entity_id, v.voucher,
            format('vendor transactions, account %s, invoice %s', t.payable_account, t.invoice_number),
            t.amount, t.accounting_amount, v.run_id, v.posting_date, v.posting_date
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
        inner join reimbursement.vendor_transactions as t
            on t.legal_entity_id = v.legal_entity_id and t.voucher = v.reversed_voucher
                and t.transaction_type <> 'invoice'
        where v.reversed_type <> 'netting'
    )
    select
        o.legal_entity_id, 'reversal_posts_the_opposite',
        format('voucher %s, account %s, dimension set %s, %s', o.voucher, o.ledger_account, o.dimension_set_id,
            o.posting_type),
        '0, accounting 0', format('%s, accounting %s', sum(o.amount), sum(o.accounting_amount))
    from opposites as o
    group by o.legal_entity_id, o.voucher, o.ledger_account, o.posting_type, o.dimension_set_id, o.currency
    having sum(o.amount) <> 0 or sum(o.accounting_amount) <> 0 or sum(o.lines) <> 0 or not bool_and(o.is_in_place)
    union all
    select
        v.legal_entity_id, 'reversal_has_what_it_reverses', format('voucher %s', v.voucher),
        format('%s %s, by a job of run %s of %s', v.reversed_type, v.reversed_voucher, v.run_id, v.posting_date),
        format('%s, run %s of %s', coalesce(r.reimbursement_number, p.payment_number, v.netting_voucher, 'none'),
            coalesce(rt.run_id, j.run_id), q.posting_date)
    from (
        select
            x.*,
            (
                select min(s.voucher)
                from reimbursement.settlements as s
                where s.legal_entity_id = x.legal_entity_id and s.voucher = x.reversed_voucher
            ) as netting_voucher
        from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as x
    ) as v
    left join reimbursement.reimbursements as r
        on r.legal_entity_id = v.legal_entity_id and r.reimbursement_number = v.reversed_voucher
    left join reimbursement.payments as p
        on p.legal_entity_id = v.legal_entity_id and p.payment_number = v.reversed_voucher
    left join reimbursement.jobs as j on j.legal_entity_id = v.legal_entity_id and j.job_id = v.job_id
    left join reimbursement.run_totals as rt
        on rt.legal_entity_id = v.legal_entity_id and rt.run_id = v.run_id
            and v.job_id between rt.first_job_id and rt.last_job_id
    left join reimbursement.run_requests as q on q.legal_entity_id = v.legal_entity_id and q.run_id = v.run_id
    where (
        case v.reversed_type
            when 'reimbursement' then r.reimbursement_number
            when 'payment' then p.payment_number
            else v.netting_voucher
        end is not null
        and coalesce(rt.run_id, j.run_id) = v.run_id and q.posting_date = v.posting_date
    ) is not true
    union all
    select
        v.legal_entity_id, 'reversal_says_what_its_run_said', format('voucher %s', v.voucher),
        concat_ws(', ', q.choices ->> 'reason', c.return_code, case when c.is_not_sent then 'not sent' end),
        concat_ws(', ', v.reason, v.return_code, case when v.not_sent then 'not sent' end)
    from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
    inner join reimbursement.run_requests as q on q.legal_entity_id = v.legal_entity_id and q.run_id = v.run_id
    cross join lateral (
        select
            case when v.reversed_type = 'payment'
                then coalesce(q.choices -> 'return_codes' ->> v.reversed_voucher, q.choices ->> 'return_code')
            end as return_code,
            v.reversed_type = 'payment' and coalesce((q.choices ->> 'not_sent')::boolean, false) as is_not_sent
    ) as c
    where v.reason is distinct from q.choices ->> 'reason' or v.return_code is distinct from c.return_code
        or v.not_sent <> c.is_not_sent
    union all
    select
        v.legal_entity_id, 'reversal_of_what_was_sent_alone_has_a_code', format('voucher %s', v.voucher),
        'in a bank file', format('payment %s, return code %s', v.reversed_voucher, v.return_code)
    from reimbursement.written_reversals(p_legal_entity_id, p_run_id) as v
    inner join reimbursement.payments as p
        on p.legal_entity_id = v.legal_entity_id and p.payment_number = v.reversed_voucher
    where v.return_code is not null and p.is_transfer and v.in_bank_file is not true
    union all
    select
        s.legal_entity_id, 'reversal_undoes_every_settlement', format('voucher %s, %s', s.voucher, s.settlement),
        format('undone by run %s on %s', s.run_id, s.posting_date),
        case when s.undone_by is null then 'not undone' else format('by run %s on %s', s.undone_by, s.undone_on) end
    from settled as s
    where (s.undone_by, s.undone_on) is distinct from (s.run_id, s.posting_date)
    union all
    select
        c.legal_entity_id, 'reversal_closes_what_it_reverses', format('voucher %s, %s', c.voucher, c.what),
        '0, accounting 0, one run and date',
        format('%s, accounting %s, %s runs, %s dates', sum(c.amount), sum(c.accounting_amount), count(distinct c.run_id),
            count(distinct c.transaction_date))
    from closed as c
    group by c.legal_entity_id, c.voucher, c.what
    having sum(c.amount) <> 0 or sum(c.accounting_amount) <> 0 or count(distinct c.run_id) > 1
        or count(distinct c.transaction_date) > 1 or count(distinct c.due_date) > 1
$$;

comment on function reimbursement.check_reversals(text, bigint) is
'Violations: reversals that are not the exact opposite of what they reverse.';
