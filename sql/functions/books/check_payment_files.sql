-- A completed payment run has a file in every format for each bank account that it paid transfers from, and no other
-- run has one; each agrees with its digest, and with the payments but for those that were reversed before: how many,
-- and their sum. Of files that were written anew the last ones do. Every format of a file has the same message number.
create or replace function reimbursement.check_payment_files(p_legal_entity_id text, p_run_id bigint)
returns setof reimbursement.violation
language sql stable
as $$
    with files as (
        select x.*
        from reimbursement.payment_files as x
        where (p_legal_entity_id is null or x.legal_entity_id = p_legal_entity_id)
            and (p_run_id is null or x.run_id = p_run_id)
    ),
    wanted as (
        select p.legal_entity_id, p.run_id, f.format, p.bank_account, count(*) as payments, sum(p.amount) as control_sum
        from reimbursement.written_payments(p_legal_entity_id, p_run_id) as p
        inner join reimbursement.runs as r on r.legal_entity_id = p.legal_entity_id and r.run_id = p.run_id
        left join reimbursement.reversals as v
            on v.legal_entity_id = p.legal_entity_id and v.reversed_voucher = p.payment_number
        left join lateral (
            select x.left_out
            from reimbursement.payment_file_rewrites as x
            where x.legal_entity_id = p.legal_entity_id and x.run_id = p.run_id and x.bank_account = p.bank_account
            order by x.file_version desc
            limit 1
        ) as n on true
        cross join (values ('pain.001.001.09'), ('pain.001.001.03'), ('csv')) as f(format)
        where p.is_transfer and r.state = 'completed' and v.in_bank_file is not false
            and (p.payment_number = any (n.left_out)) is not true
        group by p.legal_entity_id, p.run_id, f.format, p.bank_account
    )
    select
        coalesce(w.legal_entity_id, f.legal_entity_id), 'payment_file_agrees_with_its_payments',
        format('run %s, %s, %s', coalesce(w.run_id, f.run_id), coalesce(w.format, f.format),
            coalesce(w.bank_account, f.bank_account)),
        coalesce(format('%s payments, %s', w.payments, w.control_sum), 'no file'),
        coalesce(format('%s payments, %s', f.payments, f.control_sum), 'no file')
    from wanted as w
    full join (
        select distinct on (x.legal_entity_id, x.run_id, x.format, x.bank_account) x.*
        from files as x
        order by x.legal_entity_id, x.run_id, x.format, x.bank_account, x.file_version desc
    ) as f
        on f.legal_entity_id = w.legal_entity_id and f.run_id = w.run_id and f.format = w.format
            and f.bank_account = w.bank_account
    where (f.payments = w.payments and f.control_sum = w.control_sum) is not true
    union all
    select
        f.legal_entity_id, 'payment_file_has_one_message_number',
        format('run %s, %s, version %s', f.run_id, f.bank_account, f.file_version), min(f.message_id),
        max(f.message_id)
    from files as f
    group by f.legal_entity_id, f.run_id, f.bank_account, f.file_version
    having min(f.message_id) <> max(f.message_id)
    union all
    select
        f.legal_entity_id, 'payment_file_has_its_digest', format('run %s, %s, %s', f.run_id, f.format, f.bank_account),
        f.sha256, encode(sha256(convert_to(f.content, 'UTF8')), 'hex')
    from files as f
    where f.sha256 <> encode(sha256(convert_to(f.content, 'UTF8')), 'hex')
$$;

comment on function reimbursement.check_payment_files(text, bigint) is
'Violations: bank files that are missing, or differ from their payments or their digest.';
