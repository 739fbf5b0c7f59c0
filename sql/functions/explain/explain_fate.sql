-- What became of an invoice that is open no more: the payment that paid it, or the reversal that cancelled it, and what
-- would change it.
--
-- Reads: vendor_settlements, vendor_transactions, reversals. Writes and locks nothing.
create or replace function reimbursement.explain_fate(p_invoice reimbursement.vendor_transactions)
returns table (found jsonb, remedy text)
language sql stable
as $$
    select
        jsonb_build_array(jsonb_build_object('voucher', d.voucher, 'settled_on', s.settled_on, 'reason', v.reason)),
        case when d.transaction_type = 'payment'
            then format('Nothing has to be done; if it came back, or was never sent, reverse %s with enqueue_payment_reversal().',
                d.voucher)
            else 'Nothing: the reimbursement was reversed, and its credits are open again.'
        end
    from (
        select x.debit_transaction_id, x.settled_on
        from reimbursement.vendor_settlements as x
        where x.legal_entity_id = (p_invoice).legal_entity_id
            and x.credit_transaction_id = (p_invoice).vendor_transaction_id
            and x.undoes_vendor_settlement_id is null
        order by x.vendor_settlement_id desc
        limit 1
    ) as s
    inner join reimbursement.vendor_transactions as d
        on d.legal_entity_id = (p_invoice).legal_entity_id and d.vendor_transaction_id = s.debit_transaction_id
    left join reimbursement.reversals as v
        on v.legal_entity_id = d.legal_entity_id and v.voucher = d.voucher
$$;

comment on function reimbursement.explain_fate(reimbursement.vendor_transactions) is
'What became of an invoice that is open no more, and what would change it.';
