-- The way back from payees: what keeps money from the wrong one, releases, and payments that come back.

do $$
declare
    v_lost text;
begin
    select string_agg(l.loss, '; ' order by l.loss) into v_lost
    from (
        select format('the settings of %s legal entities: recheck_open_debits, shared_iban_maximum, maximum_payment, country or address', count(*)) as loss
        from reimbursement.legal_entities as le
        where le.recheck_open_debits
            or coalesce(le.shared_iban_maximum, le.maximum_payment) is not null
            or coalesce(le.country, le.address::text) is not null
        having count(*) > 0
        union all
        select format('%s rows of invoice_releases', count(*))
        from reimbursement.invoice_releases
        having count(*) > 0
        union all
        select format('why %s invoices are held', count(*))
        from reimbursement.vendor_invoices as i
        where i.hold_reason is not null
        having count(*) > 0
        union all
        select format('how %s payments came back or were not sent', count(*))
        from reimbursement.reversals as r
        where r.return_code is not null or r.not_sent or r.is_rejection
        having count(*) > 0
        union all
        select format('the return code of %s runs that have not ended', count(distinct j.run_id))
        from reimbursement.jobs as j
        inner join reimbursement.run_requests as q on q.legal_entity_id = j.legal_entity_id and q.run_id = j.run_id
        where j.state in ('scheduled', 'awaiting_approval', 'ready', 'running')
            and q.choices ?| array['return_code', 'not_sent', 'return_codes']
        having count(*) > 0
        union all
        select format('%s skips of invoices for reasons that the version before does not know', count(*))
        from reimbursement.invoice_skips as s
        where s.skip_reason in (
            'customer_on_hold', 'customer_owes', 'own_account', 'returned_to_same_account', 'iban_shared',
            'over_single_maximum'
        )
        having count(*) > 0
    ) as l;
    if v_lost is not null then
        raise exception using errcode = 'object_in_use',
            message = format('taking this migration back would lose %s', v_lost),
            hint = 'Set the settings back if they may go, and let those runs end. Releases, reversals and skips stay: with them, stay at this version.';
    end if;
end
$$;

-- Views read the columns; the program of the version before makes its own at its next migrate.
drop view if exists reimbursement.reimbursement_trace, reimbursement.reimbursement_report,
reimbursement.vendor_payments;
drop function if exists reimbursement.preview_payment_reversal(text, text, text [], date, text, boolean);
drop function if exists reimbursement.know_invoices(
    text, reimbursement.vendor_payment_choices, text, text, bigint []
);
drop type reimbursement.payment_reversal_preview;
alter type reimbursement.trace_step drop attribute note;
drop type reimbursement.known_invoice;
drop index reimbursement.vendors_by_iban;
drop table reimbursement.invoice_releases;
drop trigger vendor_invoices_log_holds on reimbursement.vendor_invoices;
alter table reimbursement.vendor_invoices drop column hold_reason;
create trigger vendor_invoices_log_holds after update of held_until on reimbursement.vendor_invoices
for each row when (old.held_until is distinct from new.held_until)
execute function reimbursement.log_change('invoice_number');
alter table reimbursement.reversals
drop constraint reversals_come_back_or_were_not_sent, drop constraint reversals_of_payments_alone_come_back,
drop column return_code, drop column not_sent, drop column is_rejection;
alter table reimbursement.invoice_skips drop constraint invoice_skips_reason_is_known;
alter table reimbursement.invoice_skips add constraint invoice_skips_reason_is_known check (skip_reason in (
    'vendor_on_hold', 'held_until', 'bank_details_missing', 'bank_details_differ', 'bank_details_unconfirmed',
    'before_invoice', 'later_activity', 'currency_not_payable', 'name_not_representable', 'no_exchange_rate',
    'amount_not_representable', 'over_maximum'
));
alter table reimbursement.reimbursements drop column open_debits;
alter table reimbursement.legal_entities
drop column recheck_open_debits, drop column shared_iban_maximum, drop column maximum_payment, drop column country,
drop column address;
