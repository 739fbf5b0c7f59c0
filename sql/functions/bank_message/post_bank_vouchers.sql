-- Posts the movements that a message tells of: a voucher an entry, for what is booked there and moves an account.
--
-- An execution moves the payments from the bridging account to the bank's. A return moves them back first, so that both
-- accounts follow the statement; its charges stay with the bank. A payment that credited the bank's account at once has
-- a voucher for the charges of its return alone. Amounts are the payments', and so are accounting amounts: no rate is
-- read. Bank, bridging account and charges have no dimensions, and the voucher no run.
-- p_numbers: of the sequence bank, one for each voucher_of and status of the entries that have posted_on, in their
-- order. Reads: legal_entities. Writes: ledger_entries.
create or replace function reimbursement.post_bank_vouchers(
    p_legal_entity_id text, p_entries reimbursement.judged_entry[], p_numbers reimbursement.taken_numbers
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.ledger_entries (
        legal_entity_id, voucher, line_number, run_id, posting_date, ledger_account, posting_type, dimension_set_id,
        currency, amount, accounting_amount
    )
    with entries as (
        select
            e.*, dense_rank() over (order by e.voucher_of::bigint, e.status) as voucher_index,
            reimbursement.prorate(
                e.comes_to_in_accounting, e.charges, e.comes_to, le.accounting_currency) as charges_in_accounting,
            le.bank_charges_account
        from unnest(p_entries) as e
        inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
        where e.posted_on is not null
    ),
    lines as (
        select
            e.voucher_index, e.posted_on, e.currency, l.ledger_account, l.posting_type,
            sum(l.amount) as amount, sum(l.accounting_amount) as accounting_amount
        from entries as e
        cross join lateral (
            values
            (
                e.credited_account, 'bank',
                case when not e.moves then 0 when e.status = 'executed' then e.comes_to else -e.comes_to end,
                case
                    when not e.moves then 0
                    when e.status = 'executed' then e.comes_to_in_accounting
                    else -e.comes_to_in_accounting
                end
            ),
            (
                e.ledger_account, 'bank',
                case when not e.moves then 0 when e.status = 'executed' then -e.comes_to else e.comes_to end - e.charges,
                case
                    when not e.moves then 0
                    when e.status = 'executed' then -e.comes_to_in_accounting
                    else e.comes_to_in_accounting
                end - e.charges_in_accounting
            ),
            (e.bank_charges_account, 'bank_charges', e.charges, e.charges_in_accounting)
        ) as l (ledger_account, posting_type, amount, accounting_amount)
        group by e.voucher_index, e.currency, l.ledger_account, l.posting_type, e.posted_on
    ),
    dated as (
        select l.*, max(l.posted_on) over (partition by l.voucher_index) as posting_date
        from lines as l
    )
    select
        p_legal_entity_id, reimbursement.number_text(p_numbers, d.voucher_index),
        row_number() over (partition by d.voucher_index order by d.amount < 0, d.posting_type, d.ledger_account),
        null, d.posting_date, d.ledger_account, d.posting_type, 0, d.currency, d.amount, d.accounting_amount
    from (
        select
            x.voucher_index, x.posting_date, x.currency, x.ledger_account, x.posting_type, sum(x.amount) as amount,
            sum(x.accounting_amount) as accounting_amount
        from dated as x
        group by x.voucher_index, x.posting_date, x.currency, x.ledger_account, x.posting_type
    ) as d
    where d.amount <> 0 or d.accounting_amount <> 0;
end
$$;

comment on function reimbursement.post_bank_vouchers(
    text, reimbursement.judged_entry [], reimbursement.taken_numbers
) is 'Posts the movements that a message of a bank tells of: bridging account, bank and charges.';
