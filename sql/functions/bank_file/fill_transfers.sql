-- Fills the work table of what the bank files say of each payment that a run makes by transfer.
--
-- A name has 70 characters in SEPA and 140 elsewhere. The bank is to make a payment on its date, or on the day of the
-- legal entity on which the file is written, where that is later: no bank makes one in the past. Payments of other
-- service levels or dates are batches of their own.
-- A payment that was reversed before the last job of its run ended, or before the file is written anew, is left out.
-- p_bank_account: payments from this bank account alone; null: from all. p_written_at: when the file is written.
-- Reads: payments, reversals, legal_entities. Writes: transfers.
create or replace function reimbursement.fill_transfers(
    p_legal_entity_id text, p_run_id bigint, p_bank_account text, p_written_at timestamptz
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_written_on constant date := (
        select (p_written_at at time zone le.time_zone)::date
        from reimbursement.legal_entities as le
        where le.legal_entity_id = p_legal_entity_id
    );
begin
    insert into pg_temp.transfers
    select
        p.bank_account, p.payment_number,
        dense_rank() over (partition by p.bank_account order by s.is_sepa desc, d.execution_date),
        s.is_sepa, d.execution_date, p.end_to_end_id, p.currency,
        round(p.amount, reimbursement.minor_unit(p.currency)),
        reimbursement.transfer_text(p.creditor_name, case when s.is_sepa then 70 else 140 end),
        replace(p.creditor_iban, ' ', ''), p.creditor_bic,
        a.street, a.building, a.postcode, a.town, a.country,
        reimbursement.transfer_text(p.remittance, 140)
    from (
        select x.*
        from reimbursement.payments as x
        where x.legal_entity_id = p_legal_entity_id and x.run_id between p_run_id and p_run_id and x.is_transfer
        order by x.run_id
        offset 0
    ) as p
    cross join lateral reimbursement.is_sepa_transfer(p.currency, p.creditor_iban) as s (is_sepa)
    cross join lateral reimbursement.transfer_address(p.creditor_country, p.creditor_address) as a
    cross join lateral (select greatest(p.payment_date, v_written_on) as execution_date) as d
    where (p_bank_account is null or p.bank_account = p_bank_account) and not exists (
        select from reimbursement.reversals as v
        where v.legal_entity_id = p_legal_entity_id
            and v.reversed_voucher between p.payment_number and p.payment_number
        order by v.reversed_voucher
        offset 0
    );
end
$$;

comment on function reimbursement.fill_transfers(text, bigint, text, timestamptz) is
'Fills the work table of what the bank files say of each payment that a run makes by transfer.';
