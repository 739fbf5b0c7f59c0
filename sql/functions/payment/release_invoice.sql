-- Lets an invoice be paid though its payee or its amount holds it, until it is paid: release_invoice('USMF',
-- 'INV-00000007', 'the bank confirms the account').
--
-- It lifts returned_to_same_account, iban_shared, customer_owes and over_single_maximum for this invoice, and nothing
-- else. A payment uses it up: one that comes back needs another release. The release is a row of invoice_releases, and
-- with who and when in the view reimbursement.changes. An invoice that none of these reasons holds, with one payment an
-- invoice or one a vendor, needs none: a notice says so, and nothing is written.
-- reason: why, kept with it. Returns nothing.
-- Reads: what judge_invoices reads. Writes: invoice_releases. Locks: the invoice's vendor transaction.
-- Raises: 42501 the duty approver is missing; RB006; RB007 without a reason; RB030; RB063 there is no such invoice, or
-- it is paid or cancelled.
create or replace function reimbursement.release_invoice(legal_entity_id text, invoice_number text, reason text)
returns void
language plpgsql security definer set search_path = reimbursement, pg_temp set standard_conforming_strings = on
set jit = off set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    v_invoice reimbursement.vendor_transactions;
    v_who constant name := reimbursement.acting_role();
    v_held_by text[];
begin
    perform reimbursement.require_duty(release_invoice.legal_entity_id, 'approver');
    if coalesce(release_invoice.reason, '') !~ '\S' then
        raise exception using errcode = 'RB007',
            message = 'an invoice is released for a reason, and none was given',
            hint = 'Say in reason why: it is kept with the release.';
    end if;
    v_invoice := reimbursement.lock_open_invoice(
        release_invoice.legal_entity_id, release_invoice.invoice_number, 'released');

    select array_agg(distinct r.reason) into v_held_by
    from (values ('invoice'), ('vendor')) as w (pay_per)
    cross join lateral reimbursement.reasons_of_invoice(
        v_invoice,
        row(
            reimbursement.legal_entity_today(v_invoice.legal_entity_id), 'infinity'::date, null, null, null, null,
            w.pay_per, null
        )::reimbursement.vendor_payment_choices
    ) as j
    cross join lateral unnest(j.reasons) as r (reason)
    where r.reason in ('returned_to_same_account', 'iban_shared', 'customer_owes', 'over_single_maximum');
    if v_held_by is null then
        raise notice using
            message = format('invoice "%s" is not held by anything that a release lifts: nothing was written',
                v_invoice.invoice_number),
            hint = format('reimbursement.explain_invoice(%L, %L) says what holds it.', v_invoice.legal_entity_id,
                v_invoice.invoice_number);
        return;
    end if;
    insert into reimbursement.invoice_releases (
        legal_entity_id, invoice_number, release, payments, reason, released_by, released_by_id
    )
    select
        v_invoice.legal_entity_id, v_invoice.invoice_number,
        coalesce(
            (
                select max(x.release)
                from reimbursement.invoice_releases as x
                where x.legal_entity_id = v_invoice.legal_entity_id and x.invoice_number = v_invoice.invoice_number
            ), 0
        ) + 1,
        p.payments, btrim(release_invoice.reason), v_who,
        (select r.oid from pg_catalog.pg_roles as r where r.rolname = v_who)
    from reimbursement.payments_of_invoice(v_invoice.legal_entity_id, v_invoice.vendor_transaction_id) as p;
end
$$;

comment on function reimbursement.release_invoice(text, text, text) is
'Lets an invoice be paid though its payee or its amount holds it, until it is paid, and writes down who did and why.';
