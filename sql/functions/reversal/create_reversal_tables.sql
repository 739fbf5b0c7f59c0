-- Creates the work tables of one reversal job, or empties them when the transaction has them already.
--
-- They are this session's and are gone when the transaction ends. Every step reads its rows from them.
create or replace function reimbursement.create_reversal_tables() returns void
language plpgsql set search_path = reimbursement, pg_temp set client_min_messages = warning
as $$
begin
    -- A reimbursement or a payment. It is reversed under a voucher of its own, unless it has a skip_reason.
    create temporary table if not exists documents_to_reverse (
        reversed_type text not null,
        reversed_voucher text collate "C" not null,
        run_id bigint not null,
        account text collate "C" not null,
        vendor_transaction_id bigint not null,
        accounting_amount numeric not null,
        latest_date date not null,
        skip_reason text
    ) on commit drop;
    -- A settlement on the customer's side. reversed_voucher: the reimbursement it belongs to, or the netting's voucher;
    -- null where the netting had nothing to move.
    create temporary table if not exists settlements_to_undo (
        settlement_id bigint not null,
        is_netting boolean not null,
        reversed_voucher text collate "C",
        debit_transaction_id bigint not null,
        credit_transaction_id bigint not null,
        currency text not null,
        amount numeric not null,
        debit_accounting_amount numeric not null,
        credit_accounting_amount numeric not null
    ) on commit drop;
    -- The voucher that each reversed voucher is reversed by.
    create temporary table if not exists new_reversals (
        voucher text collate "C" not null,
        reversed_type text not null,
        reversed_voucher text collate "C" not null
    ) on commit drop;
    truncate pg_temp.documents_to_reverse, pg_temp.settlements_to_undo, pg_temp.new_reversals;
end
$$;

comment on function reimbursement.create_reversal_tables() is
'Creates the work tables of one reversal job, gone when the transaction ends.';
