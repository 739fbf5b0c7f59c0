-- A bank file says what its row says, its message's number, how many payments and their sum; and each of its payments,
-- once, what was posted: number, amount, currency, creditor, IBAN, BIC and what it is for.
--
-- What stands in a file is compared in its newest version, in the format that has a payment a line
-- (credit_transfers); that a file has not changed since says its digest (check_payment_files).
create or replace function reimbursement.check_file_contents(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with files as materialized (
        select distinct on (x.legal_entity_id, x.run_id, x.bank_account)
            x.legal_entity_id, x.run_id, x.bank_account, x.message_id, x.payments, x.control_sum, x.content,
            format('run %s, %s, %s', x.run_id, x.format, x.bank_account) as reference
        from reimbursement.payment_files as x
        where x.format = 'pain.001.001.09'
            and (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or x.run_id = p_run_id)
        order by x.legal_entity_id, x.run_id, x.bank_account, x.file_version desc
    ),
    lines as materialized (
        select
            f.legal_entity_id, f.run_id, f.bank_account, f.reference,
            split_part(split_part(l.line, '<InstrId>', 2), '</InstrId>', 1) as payment_number,
            split_part(split_part(l.line, '<EndToEndId>', 2), '</EndToEndId>', 1) as end_to_end_id,
            split_part(split_part(l.line, '<InstdAmt Ccy="', 2), '</InstdAmt>', 1) as amount,
            split_part(split_part(l.line, '<Nm>', 2), '</Nm>', 1) as creditor_name,
            split_part(split_part(l.line, '<BICFI>', 2), '</BICFI>', 1) as creditor_bic,
            split_part(split_part(l.line, '<IBAN>', 2), '</IBAN>', 1) as creditor_iban,
            split_part(split_part(l.line, '<Ustrd>', 2), '</Ustrd>', 1) as remittance
        from files as f
        cross join lateral string_to_table(f.content, e'\n') as l (line)
        where l.line like '<CdtTrfTxInf>%'
    ),
    counted as (
        select
            l.legal_entity_id, l.run_id, l.bank_account, count(*) as payments,
            count(distinct l.payment_number) as numbers,
            sum(split_part(l.amount, '>', 2)::numeric) as control_sum
        from lines as l
        group by l.legal_entity_id, l.run_id, l.bank_account
    ),
    compared as (
        select
            l.legal_entity_id, l.reference, l.payment_number,
            concat_ws(', ', concat(p.currency, '">', round(p.amount, reimbursement.minor_unit(p.currency))),
                p.creditor_name, replace(p.creditor_iban, ' ', ''), p.creditor_bic, p.remittance) as expected,
            concat_ws(', ', l.amount, l.creditor_name, l.creditor_iban, nullif(l.creditor_bic, ''), l.remittance) as found,
            l.amount = concat(p.currency, '">', round(p.amount, reimbursement.minor_unit(p.currency)))
            and l.end_to_end_id = p.end_to_end_id and l.creditor_iban = replace(p.creditor_iban, ' ', '')
            and l.creditor_bic = coalesce(p.creditor_bic, '') and p.run_id = l.run_id
            and p.bank_account = l.bank_account and p.is_transfer
            -- Most texts are written as they are, and to write one is dear.
            and (
                (l.creditor_name = p.creditor_name and length(p.creditor_name) <= 70)
                or l.creditor_name = reimbursement.transfer_text(
                    p.creditor_name,
                    case when reimbursement.is_sepa_transfer(p.currency, p.creditor_iban) then 70 else 140 end)
            )
            and (
                (l.remittance = p.remittance and length(p.remittance) <= 140)
                or l.remittance = reimbursement.transfer_text(p.remittance, 140)
            ) as agrees
        from lines as l
        left join reimbursement.payments as p
            on p.legal_entity_id = l.legal_entity_id and p.payment_number = l.payment_number
    )
    select
        f.legal_entity_id, 'payment_file_says_what_its_row_says', f.reference,
        format('message %s, %s payments, %s', f.message_id, f.payments, f.control_sum),
        format('message %s, %s payments, %s', m.message_id, c.payments, c.control_sum)
    from files as f
    cross join lateral (
        select split_part(split_part(f.content, '<MsgId>', 2), '</MsgId>', 1) as message_id
    ) as m
    left join counted as c
        on c.legal_entity_id = f.legal_entity_id and c.run_id = f.run_id and c.bank_account = f.bank_account
    where (
        m.message_id = f.message_id and c.payments = f.payments and c.numbers = f.payments
        and c.control_sum = f.control_sum
    ) is not true
    union all
    select
        c.legal_entity_id, 'payment_file_says_what_was_posted',
        format('%s, payment %s', c.reference, c.payment_number), c.expected, c.found
    from compared as c
    where c.agrees is not true
$$;

comment on function reimbursement.check_file_contents(text, bigint) is
'Violations: bank files that say something else than their rows, or of a payment something else than was posted.';
