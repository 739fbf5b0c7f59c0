-- What banks have said: every answer is of a payment; the voucher of a movement takes the payments off the bridging
-- account, or puts them back, and has the charges; the bridging account holds what stands and no bank has executed; and
-- what was rejected or returned is reversed, once its run is done.
--
-- Whole books alone: a message has no run.
create or replace function reimbursement.check_bank_entries(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with answers as materialized (
        select e.*
        from reimbursement.bank_entries as e
        where p_run_id is null and (p_legal_entity_id is null or e.legal_entity_id = p_legal_entity_id)
            and e.problem is null
    ),
    -- Every payment, the account that it credited, and where it is now.
    paid as materialized (
        select
            p.legal_entity_id, p.payment_number, p.currency, p.amount, p.accounting_amount, c.ledger_account,
            v.voucher as reversed_by, a.moved, a.returned, a.run_to_reverse
        from reimbursement.payments as p
        inner join reimbursement.ledger_entries as c
            on c.legal_entity_id = p.legal_entity_id and c.voucher = p.payment_number and c.posting_type = 'bank'
        left join reimbursement.reversals as v
            on v.legal_entity_id = p.legal_entity_id and v.reversed_voucher = p.payment_number
        left join (
            select
                x.legal_entity_id, x.payment_number,
                min(x.voucher) filter (where x.status = 'executed') as moved,
                bool_or(x.status = 'returned' and x.is_booked) as returned, max(x.reversal_run_id) as run_to_reverse
            from answers as x
            group by x.legal_entity_id, x.payment_number
        ) as a
            on a.legal_entity_id = p.legal_entity_id and a.payment_number = p.payment_number
        where p_run_id is null and (p_legal_entity_id is null or p.legal_entity_id = p_legal_entity_id)
    ),
    lines as (
        select a.legal_entity_id, a.voucher, p.ledger_account, a.status, p.amount, p.accounting_amount
        from answers as a
        inner join paid as p on p.legal_entity_id = a.legal_entity_id and p.payment_number = a.payment_number
        where a.voucher is not null and p.moved is not null
    ),
    movements as (
        select
            l.legal_entity_id, l.voucher, l.ledger_account,
            sum(case l.status when 'executed' then l.amount else -l.amount end) as amount,
            sum(case l.status when 'executed' then l.accounting_amount else -l.accounting_amount end)
            as accounting_amount
        from lines as l
        group by l.legal_entity_id, l.voucher, l.ledger_account
    ),
    bridging as (
        select distinct b.legal_entity_id, b.bridging_account, b.currency
        from reimbursement.bank_accounts as b
        inner join reimbursement.legal_entities as le on le.legal_entity_id = b.legal_entity_id
        where p_run_id is null and b.bridging_account is not null
            and (p_legal_entity_id is null or b.legal_entity_id = p_legal_entity_id)
            and not exists (
                select from reimbursement.bank_accounts as x
                where x.legal_entity_id = b.legal_entity_id
                    and coalesce(x.ledger_account, le.bank_ledger_account) = b.bridging_account
            )
    )
    select
        a.legal_entity_id, 'bank_answer_has_its_payment', format('import %s, %s', a.import_id, a.entry),
        format('payment %s', a.payment_number), 'none'
    from answers as a
    where not exists (
        select from paid as p where p.legal_entity_id = a.legal_entity_id and p.payment_number = a.payment_number
    )
    union all
    select
        m.legal_entity_id, 'bank_voucher_moves_its_payments', format('voucher %s, account %s', m.voucher, m.ledger_account),
        format('%s, accounting %s', m.amount, m.accounting_amount),
        format('%s, accounting %s', coalesce(sum(l.amount), 0), coalesce(sum(l.accounting_amount), 0))
    from movements as m
    left join reimbursement.ledger_entries as l
        on l.legal_entity_id = m.legal_entity_id and l.voucher = m.voucher and l.ledger_account = m.ledger_account
            and l.posting_type = 'bank'
    group by m.legal_entity_id, m.voucher, m.ledger_account, m.amount, m.accounting_amount
    having coalesce(sum(l.amount), 0) <> m.amount or coalesce(sum(l.accounting_amount), 0) <> m.accounting_amount
    union all
    select
        c.legal_entity_id, 'bank_voucher_has_the_charges', format('voucher %s', c.voucher), c.charges::text,
        coalesce(sum(l.amount), 0)::text
    from (
        select a.legal_entity_id, a.voucher, sum(a.charges) as charges
        from answers as a
        where a.voucher is not null
        group by a.legal_entity_id, a.voucher
    ) as c
    left join reimbursement.ledger_entries as l
        on l.legal_entity_id = c.legal_entity_id and l.voucher = c.voucher and l.posting_type = 'bank_charges'
    group by c.legal_entity_id, c.voucher, c.charges
    having coalesce(sum(l.amount), 0) <> c.charges
    union all
    select
        b.legal_entity_id, 'bridging_account_holds_what_is_not_executed',
        format('account %s, %s', b.bridging_account, b.currency), coalesce(-p.amount, 0)::text,
        coalesce(l.amount, 0)::text
    from bridging as b
    left join (
        select x.legal_entity_id, x.ledger_account, x.currency, sum(x.amount) as amount
        from paid as x
        where x.reversed_by is null and (x.moved is null or x.returned)
        group by x.legal_entity_id, x.ledger_account, x.currency
    ) as p
        on p.legal_entity_id = b.legal_entity_id and p.ledger_account = b.bridging_account and p.currency = b.currency
    left join (
        select x.legal_entity_id, x.ledger_account, x.currency, sum(x.amount) as amount
        from reimbursement.ledger_entries as x
        where p_run_id is null and x.posting_type = 'bank'
        group by x.legal_entity_id, x.ledger_account, x.currency
    ) as l
        on l.legal_entity_id = b.legal_entity_id and l.ledger_account = b.bridging_account and l.currency = b.currency
    where coalesce(-p.amount, 0) <> coalesce(l.amount, 0)
    union all
    select
        p.legal_entity_id, 'what_came_back_is_reversed', format('payment %s', p.payment_number),
        format('reversed by run %s', p.run_to_reverse), 'not reversed'
    from paid as p
    inner join reimbursement.runs as r on r.legal_entity_id = p.legal_entity_id and r.run_id = p.run_to_reverse
    where p.reversed_by is null and r.state = 'completed'
$$;

comment on function reimbursement.check_bank_entries(text, bigint) is
'Violations: answers of banks, their vouchers and the bridging accounts that do not agree with the payments.';
