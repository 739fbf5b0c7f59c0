-- What is known of the due invoices that a payment run's choices name, before they are judged.
--
-- A row is an open invoice, of those that the job has locked (p_locked; null: of all that are due, for the preview).
-- Invoices that are not due, or that the choices do not name, are no rows.
--   is_ours                    the job may pay it; otherwise it only counts for the maximum total
--   amount                     what is open, positive; invoice_accounting_amount is its accounting part
--   is_transfer                the method of payment needs a bank account, as one that is missing or unknown does
--   credited_account           the ledger account that is credited: the bank account's bridging account, or its own
-- The maximum total is over the whole run: the invoices of vendors outside of the batch, folded accounts above
-- p_vendor_after and up to p_vendor_through (null: no bound), have their places in the order too.
-- Every look-up is by a whole key and for itself: its limit keeps the planner from joining all with all, whatever it
-- knows of the tables.
-- Reads: vendor_transactions, vendor_invoices, vendors, reimbursements, customers, methods_of_payment, bank_accounts,
-- exchange_rates, legal_entities. Writes and locks nothing.
create or replace function reimbursement.know_invoices(
    p_legal_entity_id text,
    p_choices reimbursement.vendor_payment_choices,
    p_vendor_after text,
    p_vendor_through text,
    p_locked bigint[]
) returns setof reimbursement.known_invoice
language sql stable
as $$
    with entity as materialized (
        select
            e.accounting_currency, e.bank_ledger_account, e.confirm_bank_details, e.recheck_open_debits,
            e.shared_iban_maximum, e.maximum_payment,
            array(
                select reimbursement.plain_iban(a.iban)
                from reimbursement.bank_accounts as a
                where a.legal_entity_id = p_legal_entity_id
            ) as own_ibans,
            (now() at time zone e.time_zone)::date as today
        from reimbursement.legal_entities as e
        where e.legal_entity_id = p_legal_entity_id
        limit 1
    ),
    -- A job that pays up to a maximum looks at what the other batches of its run may pay, too.
    named as (
        select k.vendor_transaction_id, true as is_ours
        from unnest(p_locked) as k (vendor_transaction_id)
        union all
        select f.vendor_transaction_id, true
        from reimbursement.find_invoices(p_legal_entity_id, p_choices) as f
        where p_locked is null
        union all
        select f.vendor_transaction_id, false
        from reimbursement.find_invoices(p_legal_entity_id, p_choices, null, p_vendor_after) as f
        where p_locked is not null and p_vendor_after is not null and (p_choices).maximum_total is not null
        union all
        select f.vendor_transaction_id, false
        from reimbursement.find_invoices(p_legal_entity_id, p_choices, p_vendor_through, null) as f
        where p_locked is not null and p_vendor_through is not null and (p_choices).maximum_total is not null
    ),
    due_invoices as materialized (
        select n.is_ours, t.*
        from named as n
        cross join lateral (
            select
                x.vendor_transaction_id, x.invoice_number, x.voucher, x.vendor_account, x.due_date, x.payable_account,
                x.currency, -x.open_amount as amount, -x.open_accounting_amount as invoice_accounting_amount,
                x.transaction_date, x.last_settled_on
            from reimbursement.vendor_transactions as x
            where x.legal_entity_id = p_legal_entity_id
                and x.vendor_transaction_id between n.vendor_transaction_id and n.vendor_transaction_id
                and x.settled_amount <> x.amount
            order by x.vendor_transaction_id
            limit 1
        ) as t
    ),
    rates as materialized (
        select
            c.currency,
            reimbursement.exchange_rate(p_legal_entity_id, c.currency, (p_choices).payment_date) as exchange_rate
        from (select distinct d.currency from due_invoices as d) as c
    )
    select
        d.is_ours, d.vendor_transaction_id, d.invoice_number, d.voucher, d.vendor_account,
        case when (p_choices).pay_per = 'invoice' then d.invoice_number end, d.due_date, d.payable_account, d.currency,
        d.amount, d.invoice_accounting_amount, d.transaction_date, d.last_settled_on, r.exchange_rate,
        le.accounting_currency, le.confirm_bank_details, le.recheck_open_debits, le.shared_iban_maximum,
        le.maximum_payment, coalesce(reimbursement.plain_iban(v.iban) = any(le.own_ibans), false),
        i.held_until, i.description, n.customer_account, n.open_debits,
        coalesce(
            (c.on_hold_from <= (p_choices).payment_date and coalesce(c.on_hold_to >= (p_choices).payment_date, true))
            or (c.on_hold_from <= le.today and coalesce(c.on_hold_to >= le.today, true)), false
        ),
        nullif(replace(c.iban, ' ', ''), ''), v.hold, v.method_of_payment, coalesce(m.needs_bank_account, true), v.name,
        nullif(replace(v.iban, ' ', ''), ''), nullif(v.bic, ''), v.country, v.address,
        nullif(reimbursement.plain_iban(v.iban), ''), b.bank_account, b.currency,
        coalesce(b.bridging_account, b.ledger_account, le.bank_ledger_account)
    from due_invoices as d
    left join rates as r on r.currency = d.currency
    cross join entity as le
    cross join lateral (
        select x.held_until, x.description
        from reimbursement.vendor_invoices as x
        where x.legal_entity_id = p_legal_entity_id and x.invoice_number = d.invoice_number
        limit 1
    ) as i
    cross join lateral (
        select x.*
        from reimbursement.vendors as x
        where x.legal_entity_id = p_legal_entity_id and x.vendor_account = d.vendor_account
        limit 1
    ) as v
    left join lateral (
        select x.needs_bank_account
        from reimbursement.methods_of_payment as x
        where x.legal_entity_id = p_legal_entity_id and x.method_of_payment = v.method_of_payment
        limit 1
    ) as m on true
    left join lateral (
        select x.customer_account, x.open_debits
        from reimbursement.reimbursements as x
        where x.legal_entity_id = p_legal_entity_id and x.reimbursement_number between d.voucher and d.voucher
        order by x.reimbursement_number
        limit 1
    ) as n on true
    left join lateral (
        select x.iban, x.on_hold_from, x.on_hold_to
        from reimbursement.customers as x
        where x.legal_entity_id = p_legal_entity_id and x.customer_account = n.customer_account
        limit 1
    ) as c on true
    left join lateral (
        select x.*
        from reimbursement.bank_accounts as x
        where x.legal_entity_id = p_legal_entity_id
            and case
                when (p_choices).bank_account is null then x.is_default and x.currency = d.currency
                else x.bank_account = (p_choices).bank_account
            end
        limit 1
    ) as b on true
    where (p_choices).method_of_payment is null or v.method_of_payment = (p_choices).method_of_payment
$$;

comment on function reimbursement.know_invoices(
    text, reimbursement.vendor_payment_choices, text, text, bigint[]
) is 'What is known of the due invoices that a payment run''s choices name, before they are judged. Writes nothing.';
