-- Finds the payments that a message is about.
--
-- Ours is what names a message or a payment information of ours, or an end-to-end identification of ours together with
-- one of our paying accounts: end-to-end identifications alone repeat between legal entities, and the customers of
-- other banks have theirs. What names our account alone is somebody else's affair (salaries, fees) and is no row,
-- unless it bears a number of our payments that there is not.
-- A row a payment: what is said of a file or of a batch is said of each of its payments, unless the same message says
-- something of a part of it. Then is_whole, and batch_amount is what the bank booked for all of them. A row without a
-- payment has a problem.
-- Reads: payment_files, payments, bank_accounts, number_sequences, reversals. Writes and locks nothing.
create or replace function reimbursement.find_reported_payments(p_reported reimbursement.reported_entry[])
returns setof reimbursement.found_entry
language plpgsql stable set search_path = reimbursement, pg_temp
set enable_seqscan = off set enable_mergejoin = off set jit = off
as $$
begin
    return query
    with reported as materialized (
        select
            r as entry, r.position, r.entry as place, r.payment_information, r.end_to_end_id, r.account_iban, f.*
        from unnest(p_reported) as r
        left join lateral (
            select x.legal_entity_id, x.run_id, x.bank_account, x.file_version, k.is_batch
            from (
                values
                (1, r.original_message, false), (2, regexp_replace(r.payment_information, '-\d+$', ''), true)
            ) as k (preference, message_id, is_batch)
            inner join reimbursement.payment_files as x on x.message_id = k.message_id
            order by k.preference
            limit 1
        ) as f on true
    ),
    -- A file or a batch of it that is meant as a whole.
    wholes as (
        select r.entry, r.legal_entity_id, r.bank_account, p.payment_number, p.batch
        from reported as r
        cross join lateral (
            select x.payment_number, x.batch
            from reimbursement.payments_in_file(r.legal_entity_id, r.run_id, r.bank_account, r.file_version) as x
            offset 0
        ) as p
        where r.legal_entity_id is not null and r.end_to_end_id is null
            and (r.payment_information is null or r.payment_information like '%-' || p.batch)
    ),
    -- One payment, by its file, or by the account and its number there.
    candidates as (
        select
            r.entry, r.legal_entity_id, r.bank_account, p.payment_number, p.bank_account as paid_from,
            p.run_id = r.run_id as is_of_file
        from reported as r
        left join lateral (
            select x.payment_number, x.bank_account, x.run_id
            from reimbursement.payments as x
            where x.legal_entity_id = r.legal_entity_id and x.payment_number = r.end_to_end_id
            limit 1
        ) as p on true
        where r.legal_entity_id is not null and r.end_to_end_id is not null
        union all
        select r.entry, b.legal_entity_id, b.bank_account, p.payment_number, p.bank_account, null
        from reported as r
        cross join lateral (
            select x.legal_entity_id, x.bank_account
            from reimbursement.bank_accounts as x
            where upper(replace(x.iban, ' ', '')) = r.account_iban
            offset 0
        ) as b
        left join lateral (
            select x.payment_number, x.bank_account
            from reimbursement.payments as x
            where x.legal_entity_id = b.legal_entity_id and x.payment_number = r.end_to_end_id and x.is_transfer
            limit 1
        ) as p on true
        where r.legal_entity_id is null and r.end_to_end_id is not null
    ),
    singles as (
        select distinct on ((c.entry).position)
            c.entry, c.legal_entity_id, c.bank_account, c.payment_number,
            case
                when c.payment_number is null or not c.is_of_file then 'payment_not_found'
                when c.paid_from <> c.bank_account then 'account_differs'
                when count(*) filter (where c.paid_from = c.bank_account) over entry > 1 then 'payment_found_twice'
            end as problem,
            c.is_of_file is null and c.payment_number is null as is_by_number
        from candidates as c
        window entry as (partition by (c.entry).position)
        order by (c.entry).position, (c.paid_from = c.bank_account) is not true, c.payment_number, c.legal_entity_id
    ),
    found as (
        select w.entry, w.legal_entity_id, w.bank_account, w.payment_number, null as problem, true as is_whole, w.batch
        from wholes as w
        union all
        select s.entry, s.legal_entity_id, s.bank_account, s.payment_number, s.problem, false, null
        from singles as s
        where not s.is_by_number or exists (
            select from reimbursement.number_sequences as q
            where q.legal_entity_id = s.legal_entity_id and q.sequence = 'payment'
                and (s.entry).end_to_end_id ~ ('^' || regexp_replace(
                    regexp_replace(q.format, '([^[:alnum:]#])', '\\\1', 'g'), '#+',
                    format('\\d{%s,18}', length(q.format) - length(replace(q.format, '#', '')))) || '$')
        )
        union all
        -- A file that there is, and a batch in it that there is not.
        select r.entry, r.legal_entity_id, r.bank_account, null, 'payment_not_found', false, null
        from reported as r
        where r.legal_entity_id is not null and r.end_to_end_id is null
            and not exists (select from wholes as w where (w.entry).position = r.position and (w.entry).entry = r.place)
    ),
    -- The account under which it stands is the one from which the file was to be paid.
    placed as (
        select
            f.*,
            coalesce(f.problem, case when a.account_iban <> (f.entry).account_iban then 'account_differs' end) as why,
            case
                when not f.is_whole then 3
                when (f.entry).payment_information is not null then 2
                else 1
            end as level
        from found as f
        left join lateral (
            select upper(replace(x.iban, ' ', '')) as account_iban
            from reimbursement.bank_accounts as x
            where x.legal_entity_id = f.legal_entity_id and x.bank_account = f.bank_account
            limit 1
        ) as a on true
    ),
    specific as (
        select
            p.*,
            max(p.level) filter (where not (p.entry).is_movement)
                over (partition by p.legal_entity_id, p.payment_number) as most_specific
        from placed as p
    )
    select
        s.legal_entity_id, s.bank_account, case when s.why is null then s.payment_number end,
        s.is_whole, case when s.is_whole then (s.entry).amount end,
        row(
            (s.entry).position, (s.entry).entry, (s.entry).original_message, (s.entry).payment_information,
            (s.entry).end_to_end_id, (s.entry).account_iban, (s.entry).status, (s.entry).is_movement,
            (s.entry).reason_code, (s.entry).amount_text, (s.entry).amount, (s.entry).original_amount,
            (s.entry).currency, (s.entry).charges, (s.entry).booking_date, (s.entry).value_date, (s.entry).voucher_of,
            coalesce(s.why, (s.entry).problem)
        )::reimbursement.reported_entry
    from specific as s
    where (s.entry).is_movement or s.payment_number is null or s.level = s.most_specific;
end
$$;

comment on function reimbursement.find_reported_payments(reimbursement.reported_entry []) is
'Finds the payments that a message of a bank is about, and says of which there are none.';
