-- The bank's ledger account to which a payment was moved from its bridging account, when the bank had executed it;
-- null: it was not, or moved back when it was returned.
--
-- Reads: bank_entries, ledger_entries. Writes and locks nothing.
create or replace function reimbursement.bank_account_moved_to(p_legal_entity_id text, p_payment_number text)
returns text
language sql stable
as $$
    select l.ledger_account
    from reimbursement.bank_entries as e
    cross join lateral (
        select x.ledger_account
        from reimbursement.ledger_entries as x
        where x.legal_entity_id = p_legal_entity_id and x.voucher = e.voucher and x.posting_type = 'bank'
            and x.amount < 0
        limit 1
    ) as l
    where e.legal_entity_id = p_legal_entity_id and e.payment_number = p_payment_number and e.problem is null
        and e.status = 'executed' and e.voucher is not null
        and not exists (
            select from reimbursement.bank_entries as r
            where r.legal_entity_id = p_legal_entity_id and r.payment_number = p_payment_number
                and r.problem is null and r.status = 'returned' and r.is_booked
        )
    limit 1
$$;

comment on function reimbursement.bank_account_moved_to(text, text) is
'The bank''s ledger account to which a payment was moved from its bridging account; null: it was not, or moved back.';
