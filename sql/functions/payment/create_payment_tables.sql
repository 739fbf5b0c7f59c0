-- Creates the work tables of one payment job, or empties them when the transaction has them already.
--
-- They are this session's and are gone when the transaction ends. Every step reads its rows from them.
create or replace function reimbursement.create_payment_tables() returns void
language plpgsql set search_path = reimbursement, pg_temp set client_min_messages = warning
as $$
begin
    -- payment_index: which payment of the batch pays the invoice, from 1; null: none.
    create temporary table if not exists selected_invoices (
        vendor_transaction_id bigint not null,
        invoice_number text collate "C" not null,
        voucher text collate "C" not null,
        vendor_account text collate "C" not null,
        invoice_of_payment text collate "C",
        due_date date not null,
        currency text not null,
        amount numeric not null,
        invoice_accounting_amount numeric not null,
        exchange_rate numeric,
        accounting_amount numeric,
        method_of_payment text collate "C",
        is_transfer boolean not null,
        bank_account text collate "C",
        credited_account text collate "C",
        creditor_name text not null,
        creditor_iban text,
        creditor_bic text,
        creditor_country text,
        creditor_address jsonb,
        description text not null,
        skip_reason text,
        payment_index bigint
    ) on commit drop;
    create temporary table if not exists new_payments (
        payment_index bigint not null,
        payment_number text collate "C" not null,
        vendor_transaction_id bigint not null,
        vendor_account text collate "C" not null,
        currency text not null,
        amount numeric not null,
        exchange_rate numeric not null,
        accounting_amount numeric not null,
        credited_account text collate "C" not null
    ) on commit drop;
    truncate pg_temp.selected_invoices, pg_temp.new_payments;
end
$$;

comment on function reimbursement.create_payment_tables() is
'Creates the work tables of one payment job, gone when the transaction ends.';
