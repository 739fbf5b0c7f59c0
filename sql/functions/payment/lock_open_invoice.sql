-- The vendor transaction of an open invoice, locked: until the transaction ends nobody pays or cancels it.
--
-- p_refused: what is not done otherwise, as the message says it.
-- Reads: reversals. Locks: the vendor transaction, for no key update. Raises: RB006; RB030 the transaction is not READ
-- COMMITTED; RB063 there is no such invoice, or it is paid or cancelled.
create or replace function reimbursement.lock_open_invoice(
    p_legal_entity_id text, p_invoice_number text, p_refused text
) returns reimbursement.vendor_transactions
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_invoice reimbursement.vendor_transactions;
    v_problem text;
begin
    perform reimbursement.require_arguments(jsonb_build_object(
        'legal_entity_id', p_legal_entity_id, 'invoice_number', p_invoice_number));
    if current_setting('transaction_isolation') <> 'read committed' then
        perform reimbursement.raise_not_read_committed(
            format('an invoice is not %s', p_refused), 'It has to be seen whether others pay it meanwhile.');
    end if;
    select t.* into v_invoice
    from reimbursement.vendor_transactions as t
    where t.legal_entity_id = p_legal_entity_id and t.invoice_number = p_invoice_number
        and t.transaction_type = 'invoice'
    for no key update;
    v_problem := case
        when v_invoice.vendor_transaction_id is null then
            format('legal entity "%s" has no invoice "%s"', p_legal_entity_id, p_invoice_number)
        when v_invoice.settled_amount = v_invoice.amount then
            format('invoice "%s" of legal entity "%s" is %s: it is not %s', p_invoice_number, p_legal_entity_id,
                reimbursement.fate_of_invoice(v_invoice), p_refused)
    end;
    if v_problem is not null then
        raise exception using errcode = 'RB063', message = v_problem,
            hint = 'The view reimbursement.reimbursement_report has the invoices, and what became of them.';
    end if;
    return v_invoice;
end
$$;

comment on function reimbursement.lock_open_invoice(text, text, text) is
'The vendor transaction of an open invoice, locked; raises RB063 where there is none, or it is paid or cancelled.';
