-- Decides what follows from what a message says of the payments of one legal entity, or why a person has to look at it.
--
-- A payment's status never goes back: posted, sent, accepted, executed, then returned; or rejected, before it was
-- executed. What says less than is known already is no news, and what says the opposite is an exception: of two in one
-- message the first counts. Of a batch it is the payments that still stand, and the bank has to have booked what these
-- come to. A movement is booked once, whoever tells of it first.
-- Dates: the day that the message gives or a later one, on which the period is open and nothing that it touches is
-- dated later.
-- p_message_date: the day of the message, from which reversals are dated.
-- Reads: payments, reversals, bank_entries, ledger_entries, bank_accounts, legal_entities, vendor_transactions,
-- ledger_periods. Writes and locks nothing: take_bank_entries has locked the payments.
create or replace function reimbursement.judge_bank_entries(
    p_legal_entity_id text, p_message_date date, p_found reimbursement.found_entry[]
) returns setof reimbursement.judged_entry
language plpgsql stable set search_path = reimbursement, pg_temp
set enable_seqscan = off set enable_mergejoin = off set jit = off
as $$
begin
    return query
    with said as (
        select
            (f.reported).*, f.bank_account, f.payment_number, f.batch_amount, not f.is_whole as is_single,
            case (f.reported).status when 'accepted' then 1 when 'executed' then 2 else 3 end as rank
        from unnest(p_found) as f
    ),
    known as (
        select
            s.*, p.amount as comes_to, p.accounting_amount as comes_to_in_accounting, p.currency as paid_in, p.paid_on,
            c.ledger_account as credited_account, coalesce(b.ledger_account, le.bank_ledger_account) as ledger_account,
            v.posting_date is not null as is_reversed, coalesce(k.rank, 0) as known_rank, k.side as known_side,
            coalesce(k.is_executed, false) as was_booked, coalesce(k.is_returned, false) as was_returned,
            coalesce(k.has_moved, false) as has_moved, k.returned_amount,
            greatest(p.paid_on, t.last_settled_on, k.moved_on) as touched_on
        from said as s
        left join lateral (
            select x.amount, x.accounting_amount, x.currency, x.payment_date as paid_on
            from reimbursement.payments as x
            where x.legal_entity_id = p_legal_entity_id and x.payment_number = s.payment_number
            limit 1
        ) as p on true
        left join lateral (
            select x.ledger_account
            from reimbursement.ledger_entries as x
            where x.legal_entity_id = p_legal_entity_id and x.voucher = s.payment_number and x.posting_type = 'bank'
            limit 1
        ) as c on true
        left join lateral (
            select x.posting_date
            from reimbursement.reversals as x
            where x.legal_entity_id = p_legal_entity_id and x.reversed_voucher = s.payment_number
            limit 1
        ) as v on true
        left join lateral (
            select x.last_settled_on
            from reimbursement.vendor_transactions as x
            where x.legal_entity_id = p_legal_entity_id and x.voucher = s.payment_number
                and x.transaction_type = 'payment'
            limit 1
        ) as t on true
        left join lateral (
            select x.ledger_account
            from reimbursement.bank_accounts as x
            where x.legal_entity_id = p_legal_entity_id and x.bank_account = s.bank_account
            limit 1
        ) as b on true
        cross join lateral (
            select x.bank_ledger_account
            from reimbursement.legal_entities as x
            where x.legal_entity_id = p_legal_entity_id
            limit 1
        ) as le
        left join lateral (
            select
                max(case x.status when 'accepted' then 1 when 'executed' then 2 else 3 end) as rank,
                max(case when x.status = 'rejected' then 'rejected' when x.status <> 'accepted' then 'executed' end)
                as side,
                bool_or(x.status = 'executed' and x.is_booked) as is_executed,
                bool_or(x.status = 'returned' and x.is_booked) as is_returned,
                bool_or(x.status = 'executed' and x.voucher is not null) as has_moved,
                max(x.amount) filter (where x.status = 'returned' and x.is_booked) as returned_amount,
                max(e.posting_date) as moved_on
            from reimbursement.bank_entries as x
            left join lateral (
                select y.posting_date
                from reimbursement.ledger_entries as y
                where y.legal_entity_id = p_legal_entity_id and y.voucher = x.voucher
                limit 1
            ) as e on true
            where x.legal_entity_id = p_legal_entity_id and x.payment_number = s.payment_number and x.problem is null
        ) as k on true
    ),
    -- Of what is said of a batch, what does not stand any more is not meant.
    standing as (
        select
            k.*, reimbursement.minor_unit(k.paid_in) as decimals,
            round(k.charges, reimbursement.minor_unit(k.paid_in)) as stated_charges,
            k.problem is not null or k.payment_number is null or k.is_single or not (
                k.known_side is not distinct from 'rejected'
                or (k.is_reversed and k.known_side is null and k.status <> 'accepted')
            ) as stands
        from known as k
    ),
    meant as (
        select
            s.*,
            case
                when s.status <> 'returned' or s.amount >= s.comes_to then 0
                when s.amount + s.stated_charges = s.comes_to then s.stated_charges
                when s.original_amount = s.comes_to then round(s.comes_to - s.amount, s.decimals)
                else 0
            end as kept,
            coalesce(sum(s.comes_to) filter (where s.stands) over batch, 0) as batch_comes_to,
            bool_or(s.stands) over batch as does_any_stand,
            row_number() over (partition by s."position", s.is_single order by s.stands desc, s.payment_number)
            as in_batch
        from standing as s
        window batch as (partition by s."position", s.is_single)
    ),
    reasons as (
        select
            m.*,
            coalesce(m.problem, case
                when m.payment_number is null then 'payment_not_found'
                when m.batch_amount <> m.batch_comes_to then 'amount_differs'
                when m.known_side = 'rejected' and m.status <> 'rejected' then 'status_contradicts'
                when m.is_reversed and (
                    (m.rank > m.known_rank and m.known_rank < 3)
                    or (m.is_movement and m.status = 'executed' and not m.was_booked and not m.was_returned)
                ) then 'already_reversed'
                when m.currency <> m.paid_in then 'currency_differs'
                -- A statement may repeat a return without the charges that a notification told of.
                when m.is_single and m.amount + m.kept <> m.comes_to
                    and (m.status <> 'returned' or m.amount is distinct from m.returned_amount) then 'amount_differs'
            end) as early_problem
        from meant as m
        where (m.status is not null or m.problem is not null)
            and (m.stands or (m.batch_amount is not null and not m.does_any_stand and m.in_batch = 1))
    ),
    -- Of what contradicts itself in one message the first counts.
    sided as (
        select
            r.*,
            coalesce(r.known_side, (array_agg(case r.status when 'rejected' then 'rejected' else 'executed' end)
                filter (where r.early_problem is null and r.status <> 'accepted') over before)[1]) as side
        from reasons as r
        window before as (
            partition by r.payment_number order by r."position" rows between unbounded preceding and 1 preceding
        )
    ),
    answers as (
        select
            s.*,
            coalesce(s.early_problem, case
                when (s.status = 'rejected' and s.side = 'executed') or (s.status <> 'rejected' and s.side = 'rejected')
                    then 'status_contradicts'
            end) as late_problem
        from sided as s
    ),
    progress as (
        select
            a.*,
            greatest(a.known_rank, max(a.rank) filter (where a.late_problem is null) over before) as rank_before,
            a.was_booked or coalesce(
                bool_or(a.status = 'executed') filter (where a.late_problem is null and a.is_movement) over before, false
            ) as booked_before,
            a.was_returned or coalesce(
                bool_or(a.status = 'returned') filter (where a.late_problem is null and a.is_movement) over before, false
            ) as returned_before
        from answers as a
        window before as (
            partition by a.payment_number order by a."position" rows between unbounded preceding and 1 preceding
        )
    ),
    booked as (
        select
            g.*,
            g.late_problem is null and g.rank > g.rank_before as is_news,
            g.late_problem is null and g.is_movement and not g.returned_before
            and (g.status = 'returned' or not g.booked_before) as is_booked
        from progress as g
    ),
    moving as (
        select
            b.*,
            b.is_booked and b.credited_account <> b.ledger_account
            and (b.status = 'executed' or b.has_moved or (b.booked_before and not b.was_booked)) as moves
        from booked as b
    ),
    dated as (
        select
            m.*,
            case when m.is_booked and (m.moves or m.kept > 0)
                then reimbursement.first_open_day(p_legal_entity_id, greatest(m.booking_date, m.touched_on))
            end as own_day
        from moving as m
    ),
    -- One voucher has one date: the latest that one of its payments needs.
    posting as (
        select
            d.*,
            case when d.own_day is not null
                then max(d.own_day) over (partition by d.voucher_of, d.status)
            end as posted_on
        from dated as d
    ),
    reversing as (
        select
            d.*,
            case when d.is_news and d.status in ('rejected', 'returned') and not d.is_reversed
                then reimbursement.first_open_day(
                    p_legal_entity_id, greatest(p_message_date, d.touched_on, d.posted_on))
            end as reversed_on
        from posting as d
    ),
    decided as (
        select
            r.*,
            coalesce(r.late_problem, case
                when r.is_booked and (r.moves or r.kept > 0) and r.posted_on is null then 'no_open_period'
                when r.is_news and r.status in ('rejected', 'returned') and not r.is_reversed and r.reversed_on is null
                    then 'no_open_period'
            end) as why
        from reversing as r
    ),
    -- What is wrong with a batch as a whole is one exception, and not one for each of its payments.
    concluded as (
        select
            d.*, not d.is_single and (d.problem is not null or d.why is not distinct from 'amount_differs') as is_of_batch
        from decided as d
    )
    select
        d."position", d.entry, d.bank_account,
        case when not d.is_of_batch then d.payment_number end, d.status::text,
        d.is_news and d.why is null, d.is_booked and d.why is null, d.moves and d.why is null,
        d.reason_code,
        case when d.is_single or d.why is not null then d.amount else d.comes_to end, d.currency,
        case when d.why is null and d.is_booked then d.kept else 0 end, d.booking_date, d.value_date,
        d.payment_information, d.end_to_end_id, d.voucher_of, d.comes_to, d.comes_to_in_accounting, d.credited_account,
        d.ledger_account, case when d.why is null then d.posted_on end, case when d.why is null then d.reversed_on end,
        d.why
    from concluded as d
    where not d.is_of_batch or d.in_batch = 1;
end
$$;

comment on function reimbursement.judge_bank_entries(text, date, reimbursement.found_entry []) is
'Decides what follows from what a message of a bank says of the payments of one legal entity.';
