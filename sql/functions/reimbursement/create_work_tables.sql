-- Creates the work tables of one transfer, or empties them when the transaction has them already.
--
-- They are this session's and are gone when the transaction ends. Every step reads its rows from them.
create or replace function reimbursement.create_work_tables() returns void
language plpgsql set search_path = reimbursement, pg_temp set client_min_messages = warning
as $$
begin
    create temporary table if not exists locked_customers (
        customer_account text collate "C" primary key
    ) on commit drop;
    -- reimbursement_index: which reimbursement of the batch clears the credit, from 1; null: none.
    create temporary table if not exists selected_transactions (
        customer_account text collate "C" not null,
        customer_transaction_id bigint not null,
        is_credit boolean not null,
        transaction_date date not null,
        currency text not null,
        receivable_account text collate "C" not null,
        dimension_set_id bigint not null,
        group_receivable_account text collate "C",
        group_dimension_set_id bigint,
        amount numeric not null,
        accounting_amount numeric not null,
        settled_amount numeric not null,
        settled_accounting_amount numeric not null,
        last_settled_on date,
        "position" numeric not null,
        netted_amount numeric not null,
        reimbursed_amount numeric not null,
        reimbursed_accounting_amount numeric not null,
        exchange_rate numeric,
        vendor_account text collate "C",
        is_new_vendor boolean not null,
        skip_reason text,
        credit_amount numeric not null,
        debit_amount numeric not null,
        reimbursement_index bigint
    ) on commit drop;
    -- voucher_index: which netting voucher of the batch the pair is posted in, from 1; null: nothing has to move.
    create temporary table if not exists nettings (
        customer_account text collate "C" not null,
        currency text not null,
        amount numeric not null,
        debit_transaction_id bigint not null,
        debit_accounting_amount numeric not null,
        debit_account text collate "C" not null,
        debit_dimension_set_id bigint not null,
        credit_transaction_id bigint not null,
        credit_accounting_amount numeric not null,
        credit_account text collate "C" not null,
        credit_dimension_set_id bigint not null,
        voucher_index bigint
    ) on commit drop;
    create temporary table if not exists taken_numbers (
        sequence text collate "C" not null,
        format text not null,
        first_number bigint not null
    ) on commit drop;
    create temporary table if not exists new_reimbursements (
        reimbursement_index bigint not null,
        reimbursement_number text collate "C" not null,
        invoice_number text collate "C" not null,
        customer_account text collate "C" not null,
        vendor_account text collate "C" not null,
        due_date date not null,
        currency text not null,
        amount numeric not null,
        exchange_rate numeric not null,
        accounting_amount numeric not null,
        group_receivable_account text collate "C",
        group_dimension_set_id bigint
    ) on commit drop;
    -- What a reimbursement clears on one receivable account and dimension set.
    create temporary table if not exists reimbursement_lines (
        reimbursement_index bigint not null,
        receivable_account text collate "C" not null,
        dimension_set_id bigint not null,
        amount numeric not null,
        accounting_amount numeric not null,
        customer_transaction_id bigint not null
    ) on commit drop;
    truncate pg_temp.locked_customers, pg_temp.selected_transactions, pg_temp.nettings, pg_temp.taken_numbers,
    pg_temp.new_reimbursements, pg_temp.reimbursement_lines;
end
$$;

comment on function reimbursement.create_work_tables() is
'Creates the work tables of one transfer, gone when the transaction ends.';
