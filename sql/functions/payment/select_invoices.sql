-- Decides which invoices are paid: the selection that preview and transfer share.
--
-- A row is a due, open invoice that the run's choices name, of those that the job has locked (p_locked; null: of all,
-- for the preview). Invoices that are not due, or that the choices do not name, are no rows. skip_reason is the first
-- reason in the order of the product's rules, null for an invoice that is paid.
--   invoice_of_payment         the invoice, where each has a payment of its own; null: the vendor's, in its currency
--   amount                     what is open, positive; invoice_accounting_amount is its accounting part
--   accounting_amount          what it adds to its payment at the payment date's rate; the payment is rounded once
--   is_transfer                the method of payment needs a bank account, as one that is missing or unknown does
--   credited_account           the ledger account that is credited: the bank account's bridging account, or its own
--   payment_index              which payment pays it, from 1, by vendor, currency and invoice; null: none
-- The maximum total is over the whole run: p_run_id is the run whose earlier batches have used up a part of it (null:
-- none), and the invoices of vendors outside of the batch, folded accounts above p_vendor_after and up to
-- p_vendor_through (null: no bound), have their places in the order too.
-- Every look-up is by a whole key and for itself: its limit keeps the planner from joining all with all, whatever it
-- knows of the tables. What belongs to a payment is summed by windows, not joined back. An offset of 0 keeps a step
-- apart whose result is used more than once.
-- Reads: vendor_transactions, vendor_invoices, vendors, reimbursements, customers, methods_of_payment, bank_accounts,
-- exchange_rates, legal_entities, payments; with confirm_bank_details what unconfirmed_changes reads. Writes and locks
-- nothing.
create or replace function reimbursement.select_invoices(
    p_legal_entity_id text,
    p_choices reimbursement.vendor_payment_choices,
    p_run_id bigint default null,
    p_vendor_after text default null,
    p_vendor_through text default null,
    p_locked bigint[] default null
) returns setof reimbursement.selected_invoice
language sql stable
as $$
    -- A job that pays up to a maximum looks at what the other batches of its run may pay, too.
    with named as (
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
    ),
    known as (
        select
            d.*, i.held_until, i.description, r.exchange_rate, le.accounting_currency,
            le.confirm_bank_details, v.hold, v.name as creditor_name,
            v.method_of_payment, nullif(replace(v.iban, ' ', ''), '') as creditor_iban,
            nullif(v.bic, '') as creditor_bic,
            v.country as creditor_country, v.address as creditor_address,
            nullif(replace(c.iban, ' ', ''), '') as customer_iban,
            coalesce(m.needs_bank_account, true) as is_transfer, b.bank_account, b.currency as bank_currency,
            coalesce(b.bridging_account, b.ledger_account, le.bank_ledger_account) as credited_account,
            case when (p_choices).pay_per = 'invoice' then d.invoice_number end as invoice_of_payment
        from due_invoices as d
        left join rates as r on r.currency = d.currency
        cross join lateral (
            select e.accounting_currency, e.bank_ledger_account, e.confirm_bank_details
            from reimbursement.legal_entities as e
            where e.legal_entity_id = p_legal_entity_id
            limit 1
        ) as le
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
            select x.customer_account
            from reimbursement.reimbursements as x
            where x.legal_entity_id = p_legal_entity_id and x.reimbursement_number between d.voucher and d.voucher
            order by x.reimbursement_number
            limit 1
        ) as n on true
        left join lateral (
            select x.iban
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
    ),
    judged as (
        select
            k.*,
            case
                when k.hold in ('payment', 'all') then 'vendor_on_hold'
                when k.held_until > (p_choices).payment_date then 'held_until'
                when k.is_transfer and (
                    reimbursement.is_iban(k.creditor_iban) is not true
                    or not coalesce(reimbursement.is_bic(k.creditor_bic), true)
                ) then 'bank_details_missing'
                when k.creditor_iban <> k.customer_iban then 'bank_details_differ'
                when k.confirm_bank_details and exists (
                    select from reimbursement.unconfirmed_changes(p_legal_entity_id, k.vendor_account)
                ) then 'bank_details_unconfirmed'
                when k.transaction_date > (p_choices).payment_date then 'before_invoice'
                -- Reopened by the reversal of a payment on a later day: nothing is dated before what it touches.
                when k.last_settled_on > (p_choices).payment_date then 'later_activity'
                when (k.bank_currency = k.currency) is not true then 'currency_not_payable'
                when k.is_transfer and reimbursement.sepa_text(k.creditor_name) = '' then 'name_not_representable'
            end as reason
        from known as k
        offset 0
    ),
    -- What a payment comes to, and how far it reaches with each of its invoices.
    reaching as (
        select
            j.*,
            sum(j.amount) filter (where j.reason is null) over payment as payment_amount,
            sum(j.amount) filter (where j.reason is null) over so_far as reaches
        from judged as j
        window
            payment as (partition by j.vendor_account, j.currency, j.invoice_of_payment),
            so_far as (
                partition by j.vendor_account, j.currency, j.invoice_of_payment order by j.due_date, j.invoice_number
                rows unbounded preceding
            )
    ),
    payable as (
        select
            r.*,
            coalesce(r.reason, case
                when r.is_transfer
                    and not reimbursement.fits_transfer(r.payment_amount, r.currency, r.creditor_iban)
                    then 'amount_not_representable'
                when r.exchange_rate is null then 'no_exchange_rate'
            end) as payable_reason,
            -- What the invoice adds to its payment, which is rounded once.
            round(r.reaches * r.exchange_rate, reimbursement.minor_unit(r.accounting_currency))
            - round((r.reaches - r.amount) * r.exchange_rate, reimbursement.minor_unit(r.accounting_currency)) as adds
        from reaching as r
        offset 0
    ),
    limited as (
        select
            p.*,
            case when (p_choices).maximum_total is not null then coalesce(
                (
                    select sum(q.accounting_amount)
                    from (
                        select x.accounting_amount
                        from reimbursement.payments as x
                        where x.legal_entity_id = p_legal_entity_id and x.run_id between p_run_id and p_run_id
                        order by x.run_id
                        offset 0
                    ) as q
                ), 0
            ) + sum(p.adds) filter (where p.payable_reason is null) over (
                order by p.due_date, p.invoice_number rows unbounded preceding
            ) end as run_total
        from payable as p
    ),
    decisions as (
        select
            l.*,
            coalesce(l.payable_reason, case when l.run_total > (p_choices).maximum_total then 'over_maximum' end)
            as skip_reason
        from limited as l
        offset 0
    )
    select
        p_legal_entity_id, d.vendor_transaction_id, d.invoice_number, d.voucher, d.vendor_account, d.invoice_of_payment,
        d.due_date, d.payable_account, d.currency, d.amount, d.invoice_accounting_amount, d.exchange_rate,
        case
            when d.payable_reason is null then d.adds
            else round(d.amount * d.exchange_rate, reimbursement.minor_unit(d.accounting_currency))
        end,
        d.method_of_payment, d.is_transfer, d.bank_account, d.credited_account, d.creditor_name, d.creditor_iban,
        d.creditor_bic, d.creditor_country, d.creditor_address, d.description, d.skip_reason,
        case when d.skip_reason is null then dense_rank() over (
            partition by d.skip_reason is null order by d.vendor_account, d.currency, d.invoice_of_payment
        ) end
    from decisions as d
    where d.is_ours
$$;

comment on function reimbursement.select_invoices(
    text, reimbursement.vendor_payment_choices, bigint, text, text, bigint[]
) is 'Decides which invoices are paid: the selection that preview and transfer share. Writes nothing.';
