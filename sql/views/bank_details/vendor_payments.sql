-- The payments: who was paid what, from which bank account, for which invoices, and whether it was taken back.
--
-- What stands elsewhere is looked up row by row, by key, as in reimbursement_report. Whoever reads the books of a legal
-- entity sees its payments; creditor_iban in full with a duty that has to do with bank details, else masked. The
-- owner's view: it filters for itself, by who acts, once a statement.
create or replace view reimbursement.vendor_payments
with (security_barrier = true, security_invoker = false) as
select
    p.run_id,
    p.legal_entity_id,
    p.payment_number,
    p.vendor_account,
    p.payment_date,
    p.currency,
    p.amount,
    p.accounting_amount,
    p.method_of_payment,
    p.bank_account,
    case
        when p.legal_entity_id = any(array(select reimbursement.legal_entities_with_bank_details()))
            then p.creditor_iban
        else reimbursement.mask_bank_detail(p.creditor_iban)
    end as creditor_iban,
    p.end_to_end_id,
    case
        when a.status in ('rejected', 'returned') then a.status
        when v.voucher is not null then 'reversed'
        when a.status is not null then a.status
        when p.is_transfer and exists (
            select from reimbursement.payment_file_takings as t
            where t.legal_entity_id = p.legal_entity_id and t.run_id = p.run_id and t.bank_account = p.bank_account
        ) then 'sent'
        else 'posted'
    end as status,
    (
        select array_agg(i.invoice_number order by i.due_date, i.invoice_number)
        from reimbursement.vendor_transactions as t
        inner join reimbursement.vendor_settlements as s
            on s.legal_entity_id = p.legal_entity_id and s.debit_transaction_id = t.vendor_transaction_id
                and s.undoes_vendor_settlement_id is null
        inner join reimbursement.vendor_transactions as i
            on i.legal_entity_id = p.legal_entity_id and i.vendor_transaction_id = s.credit_transaction_id
                and i.transaction_type = 'invoice'
        where t.legal_entity_id = p.legal_entity_id and t.voucher = p.payment_number and t.transaction_type = 'payment'
    ) as invoice_numbers,
    p.creditor_name,
    v.voucher as reversed_by,
    v.posting_date as reversed_on,
    v.reason as reversal_reason,
    p.is_transfer,
    v.return_code
from reimbursement.payments as p
left join lateral (
    select r.voucher, r.posting_date, r.reason, r.return_code
    from reimbursement.reversals as r
    where r.legal_entity_id = p.legal_entity_id and r.reversed_voucher = p.payment_number
    limit 1
) as v on true
left join lateral (
    select e.status
    from reimbursement.bank_entries as e
    where e.legal_entity_id = p.legal_entity_id and e.payment_number = p.payment_number and e.problem is null
        and e.is_news
    order by e.status = 'accepted', e.status = 'executed'
    limit 1
) as a on true
where p.legal_entity_id = any(array(select reimbursement.legal_entities_with_books()));

comment on view reimbursement.vendor_payments is
'One row a payment: vendor, amount, bank account, invoices; status (posted, sent, accepted, executed, rejected, returned, reversed), by which voucher reversed, when and why.';
