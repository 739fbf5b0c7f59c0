-- Fills the work table of what the bank files say of each payment that a run makes by transfer.
--
-- A name has 70 characters in SEPA and 140 elsewhere. An address is written where its town and country are known: banks
-- refuse one without them from November 2026 on. Payments of other service levels or dates are batches of their own.
-- A payment that was reversed before the last job of its run ended, or before the file is written anew, is left out.
-- p_bank_account: payments from this bank account alone; null: from all.
-- Reads: payments, reversals. Writes: transfers.
create or replace function reimbursement.fill_transfers(
    p_legal_entity_id text, p_run_id bigint, p_bank_account text default null
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into pg_temp.transfers
    select
        p.bank_account, p.payment_number,
        dense_rank() over (partition by p.bank_account order by s.is_sepa desc, p.payment_date),
        s.is_sepa, p.payment_date, p.end_to_end_id, p.currency,
        round(p.amount, reimbursement.minor_unit(p.currency)),
        reimbursement.transfer_text(p.creditor_name, case when s.is_sepa then 70 else 140 end),
        replace(p.creditor_iban, ' ', ''), p.creditor_bic,
        reimbursement.transfer_text(a.address ->> 'street', 70),
        reimbursement.transfer_text(a.address ->> 'building', 16),
        reimbursement.transfer_text(a.address ->> 'postcode', 16),
        t.town, upper(p.creditor_country),
        reimbursement.transfer_text(p.remittance, 140)
    from (
        select x.*
        from reimbursement.payments as x
        where x.legal_entity_id = p_legal_entity_id and x.run_id between p_run_id and p_run_id and x.is_transfer
        order by x.run_id
        offset 0
    ) as p
    cross join lateral reimbursement.is_sepa_transfer(p.currency, p.creditor_iban) as s (is_sepa)
    cross join lateral reimbursement.transfer_text(
        case when p.creditor_country ~ '^[A-Za-z]{2}$' then nullif(p.creditor_address ->> 'town', '') end, 35
    ) as t (town)
    cross join lateral (select case when t.town <> '' then p.creditor_address end as address) as a
    where (p_bank_account is null or p.bank_account = p_bank_account) and not exists (
        select from reimbursement.reversals as v
        where v.legal_entity_id = p_legal_entity_id
            and v.reversed_voucher between p.payment_number and p.payment_number
        order by v.reversed_voucher
        offset 0
    );
end
$$;

comment on function reimbursement.fill_transfers(text, bigint, text) is
'Fills the work table of what the bank files say of each payment that a run makes by transfer.';
