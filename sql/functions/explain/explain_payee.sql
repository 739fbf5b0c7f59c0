-- What of an invoice's vendor, customer or account keeps it from being paid, if it does: the rows behind each reason,
-- and what would change it. Whether it does says reasons_of_invoice.
--
-- p_in_full: whether bank details are shown in full; otherwise masked.
-- Reads: vendors, customers, reimbursements, customer_transactions, vendor_invoices, bank_accounts, legal_entities, and
-- what unconfirmed_changes, returned_payments and vendors_with_iban read. Writes and locks nothing.
create or replace function reimbursement.explain_payee(
    p_invoice reimbursement.vendor_transactions, p_in_full boolean
) returns table (reason text, found jsonb, remedy text)
language sql stable
as $$
    with payee as (
        select
            v.vendor_account, v.name, v.hold, v.method_of_payment, v.iban, v.bic, c.customer_account, c.on_hold_from,
            c.on_hold_to, c.iban as customer_iban, r.open_debits, i.held_until, i.hold_reason, le.shared_iban_maximum,
            case when p_in_full then v.iban else reimbursement.mask_bank_detail(v.iban) end as shown_iban,
            format('vendor "%s"', v.vendor_account) as vendor, format('customer "%s"', c.customer_account) as customer
        from reimbursement.legal_entities as le
        inner join reimbursement.vendors as v
            on v.legal_entity_id = le.legal_entity_id and v.vendor_account = (p_invoice).vendor_account
        inner join reimbursement.vendor_invoices as i
            on i.legal_entity_id = le.legal_entity_id and i.invoice_number = (p_invoice).invoice_number
        left join reimbursement.reimbursements as r
            on r.legal_entity_id = le.legal_entity_id and r.reimbursement_number = (p_invoice).voucher
        left join reimbursement.customers as c
            on c.legal_entity_id = le.legal_entity_id and c.customer_account = r.customer_account
        where le.legal_entity_id = (p_invoice).legal_entity_id
    )
    select
        e.reason,
        case when jsonb_typeof(e.found) = 'array' then e.found else jsonb_build_array(e.found) end,
        e.remedy
    from payee as p
    cross join lateral (
        select
            'vendor_on_hold' as reason,
            jsonb_build_object('vendor_account', p.vendor_account, 'hold', p.hold) as found,
            format('Set hold of %s to none, or to invoice, which lets him be paid.', p.vendor) as remedy
        union all
        select
            'customer_on_hold',
            jsonb_build_object('customer_account', p.customer_account, 'on_hold_from', p.on_hold_from,
                'on_hold_to', p.on_hold_to),
            format('End the hold of %s (on_hold_to), or pay when it is over.', p.customer)
        union all
        select
            'held_until', jsonb_build_object('held_until', p.held_until, 'hold_reason', p.hold_reason),
            format('Pay on %s or later, or lift the hold with hold_invoice(%L, %L, null, reason).', p.held_until,
                (p_invoice).legal_entity_id, (p_invoice).invoice_number)
        union all
        select
            'customer_owes',
            (
                select jsonb_agg(d.found order by d.transaction_date desc, d.customer_transaction_id desc)
                from (
                    select
                        t.transaction_date, t.customer_transaction_id,
                        jsonb_build_object(
                            'customer_transaction_id', t.customer_transaction_id, 'voucher', t.voucher,
                            'transaction_date', t.transaction_date, 'currency', t.currency,
                            'open_amount', t.open_amount, 'open_accounting_amount', t.open_accounting_amount,
                            'open_debits_when_reimbursed', p.open_debits) as found
                    from reimbursement.customer_transactions as t
                    where t.legal_entity_id = (p_invoice).legal_entity_id and t.customer_account = p.customer_account
                        and t.amount > 0 and t.settled_amount <> t.amount
                    order by t.transaction_date desc, t.customer_transaction_id desc
                    limit 20
                ) as d
            ),
            format('Settle what %s owes, down to the %s of when he was reimbursed, reverse the reimbursement, or have the invoice released with release_invoice().', p.customer, p.open_debits)
        union all
        select
            'bank_details_missing',
            jsonb_build_object('vendor_account', p.vendor_account, 'method_of_payment', p.method_of_payment,
                'iban', p.shown_iban,
                'bic', case when p_in_full then p.bic else reimbursement.mask_bank_detail(p.bic) end),
            format('Enter a valid IBAN of %s, and a valid BIC or none; or a method of payment that needs no bank account.',
                p.vendor)
        union all
        select
            'bank_details_differ',
            jsonb_build_object(
                'vendor_account', p.vendor_account, 'iban', p.shown_iban, 'customer_account', p.customer_account,
                'customer_iban',
                case when p_in_full then p.customer_iban else reimbursement.mask_bank_detail(p.customer_iban) end),
            format('Find out which IBAN is right, and enter it with %s and %s, or with one of them alone.', p.vendor,
                p.customer)
        union all
        select
            'bank_details_unconfirmed',
            (
                select
                    jsonb_agg(jsonb_build_object('changed_by', u.changed_by, 'changed_at', u.changed_at)
                        order by u.change_id)
                from reimbursement.unconfirmed_changes((p_invoice).legal_entity_id, p.vendor_account) as u
            ),
            format('Let a master who made none of these changes confirm them: confirm_bank_details(%L, %L).',
                (p_invoice).legal_entity_id, p.vendor_account)
        union all
        select
            'own_account',
            (
                select jsonb_agg(jsonb_build_object('bank_account', a.bank_account, 'iban', p.shown_iban)
                    order by a.bank_account)
                from reimbursement.bank_accounts as a
                where a.legal_entity_id = (p_invoice).legal_entity_id
                    and reimbursement.plain_iban(a.iban) = reimbursement.plain_iban(p.iban)
            ),
            format('Enter the IBAN of %s: the one he has is an account of the legal entity itself.', p.vendor)
        union all
        select
            'returned_to_same_account',
            (
                select
                    jsonb_agg(jsonb_build_object('payment_number', b.payment_number, 'reversed_on', b.reversed_on,
                        'return_code', b.return_code, 'iban', p.shown_iban) order by b.payment_number)
                from reimbursement.returned_payments(
                    (p_invoice).legal_entity_id, (p_invoice).vendor_transaction_id,
                    reimbursement.plain_iban(p.iban)) as b
            ),
            format('Ask %s for another account and enter its IBAN; or have the invoice released with release_invoice().',
                p.vendor)
        union all
        select
            'iban_shared',
            (
                select jsonb_agg(jsonb_build_object('vendor_account', s.vendor_account, 'iban', p.shown_iban,
                    'shared_iban_maximum', p.shared_iban_maximum) order by s.vendor_account)
                from reimbursement.vendors_with_iban(
                    (p_invoice).legal_entity_id, reimbursement.plain_iban(p.iban),
                    greatest(p.shared_iban_maximum + 1, 20)) as s
            ),
            'Find out whose account it is, and mend the other vendors; or have the invoice released with release_invoice().'
        union all
        select
            'name_not_representable', jsonb_build_object('vendor_account', p.vendor_account, 'name', p.name),
            format('Enter the name of %s in Latin letters.', p.vendor)
        offset 0
    ) as e
$$;

comment on function reimbursement.explain_payee(reimbursement.vendor_transactions, boolean) is
'What of an invoice''s vendor, customer or account keeps it from being paid, if it does: the rows behind it, and what would change it.';
