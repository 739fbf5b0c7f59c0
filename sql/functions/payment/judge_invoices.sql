-- Judges the due invoices that a payment run's choices name: every reason why each is left out, in the order of the
-- product's rules; none for an invoice that is paid.
--
-- A row is a row of know_invoices, with:
--   reasons             what holds it; what a release lifts (release_invoice) is no reason
--   is_released         whether it has a release, where that was looked for: where one would lift something
--   payable_amount      what its payment comes to, without what is held; of a held invoice with it
--   counted_amount      of that, what counts for the maximum of one payment: what is not released
--   adds                what it adds to its payment's accounting amount at the payment date's rate; the payment is
--                       rounded once
--   run_total           what the run comes to with it, in accounting currency; null without a maximum total
-- p_run_id is the run whose earlier batches have used up a part of the maximum (null: none).
-- What belongs to a payment is summed by windows, not joined back. Payments are by vendor, currency and payable
-- account, and by invoice where each has its own. An offset of 0 keeps a step apart whose result is used more than
-- once. What only some legal entities ask for is looked up only there.
-- Reads: what know_invoices reads, payments; invoice_releases, vendor_settlements, reversals, customer_transactions and
-- vendors; with confirm_bank_details what unconfirmed_changes reads. Writes and locks nothing.
create or replace function reimbursement.judge_invoices(
    p_legal_entity_id text,
    p_choices reimbursement.vendor_payment_choices,
    p_run_id bigint,
    p_vendor_after text,
    p_vendor_through text,
    p_locked bigint[]
) returns table (
    is_ours boolean, vendor_transaction_id bigint, invoice_number text, voucher text, vendor_account text,
    invoice_of_payment text, due_date date, payable_account text, currency text, amount numeric,
    invoice_accounting_amount numeric, exchange_rate numeric, accounting_currency text, customer_account text,
    open_debits numeric, held_until date, description text, method_of_payment text, is_transfer boolean,
    bank_account text, bank_currency text, credited_account text, creditor_name text, creditor_iban text,
    creditor_bic text, creditor_country text, creditor_address jsonb, customer_iban text, transaction_date date,
    last_settled_on date, vendor_hold text, is_released boolean, payable_amount numeric, counted_amount numeric,
    adds numeric, run_total numeric, reasons text[]
)
language sql stable
as $$
    with judged as (
        select
            k.*,
            array_remove(array[
                case when k.vendor_hold in ('payment', 'all') then 'vendor_on_hold' end,
                case when k.is_customer_on_hold then 'customer_on_hold' end,
                case when k.held_until > (p_choices).payment_date then 'held_until' end,
                case when k.recheck_open_debits and k.open_debits < (
                    select o.open_debits from reimbursement.debts_of(p_legal_entity_id, k.customer_account) as o
                ) then 'customer_owes' end,
                case when k.is_transfer and (
                    reimbursement.is_iban(k.creditor_iban) is not true
                    or not coalesce(reimbursement.is_bic(k.creditor_bic), true)
                ) then 'bank_details_missing' end,
                case when k.creditor_iban <> k.customer_iban then 'bank_details_differ' end,
                case when k.confirm_bank_details and exists (
                    select from reimbursement.unconfirmed_changes(p_legal_entity_id, k.vendor_account)
                ) then 'bank_details_unconfirmed' end,
                case when k.is_own_account then 'own_account' end,
                -- An invoice that was never paid has never been settled.
                case when k.last_settled_on is not null and exists (
                    select from reimbursement.returned_payments(
                        p_legal_entity_id, k.vendor_transaction_id, k.plain_iban)
                ) then 'returned_to_same_account' end,
                case when k.shared_iban_maximum is not null and k.shared_iban_maximum < (
                    select count(*)
                    from reimbursement.vendors_with_iban(
                        p_legal_entity_id, k.plain_iban, k.shared_iban_maximum + 1)
                ) then 'iban_shared' end,
                case when k.transaction_date > (p_choices).payment_date then 'before_invoice' end,
                -- Reopened by the reversal of a payment on a later day: nothing is dated before what it touches.
                case when k.last_settled_on > (p_choices).payment_date then 'later_activity' end,
                case when (k.bank_currency = k.currency) is not true then 'currency_not_payable' end,
                case when k.is_transfer and reimbursement.sepa_text(k.creditor_name) = ''
                    then 'name_not_representable'
                end
            ], null) as found
        from reimbursement.know_invoices(
            p_legal_entity_id, p_choices, p_vendor_after, p_vendor_through, p_locked) as k
        offset 0
    ),
    released as (
        select
            j.*,
            case when j.maximum_payment is not null
                or j.found && array['customer_owes', 'returned_to_same_account', 'iban_shared']
                then exists (
                    select from reimbursement.release_in_force(
                        p_legal_entity_id, j.invoice_number, j.vendor_transaction_id)
                )
                else false
            end as is_released
        from judged as j
        offset 0
    ),
    lifted as (
        select
            r.*,
            case when r.is_released then array_remove(array_remove(array_remove(
                r.found, 'customer_owes'), 'returned_to_same_account'), 'iban_shared')
                else r.found
            end as held_by
        from released as r
        offset 0
    ),
    summed as (
        select
            l.*,
            coalesce(sum(l.amount) filter (where l.held_by = '{}') over payment, 0)
            + case when l.held_by = '{}' then 0 else l.amount end as payable_amount
        from lifted as l
        window payment as (
            partition by l.vendor_account, l.currency, l.payable_account, l.invoice_of_payment
            order by l.due_date, l.invoice_number rows between unbounded preceding and unbounded following
        )
    ),
    payable as (
        select
            s.*,
            array_cat(s.held_by, array_remove(array[
                case when s.is_transfer
                    and not reimbursement.fits_transfer(s.payable_amount, s.currency, s.creditor_iban)
                    then 'amount_not_representable'
                end,
                case when s.exchange_rate is null then 'no_exchange_rate' end
            ], null)) as payable_reasons
        from summed as s
        offset 0
    ),
    counted as (
        select
            p.*,
            coalesce(sum(p.amount) filter (where p.payable_reasons = '{}' and not p.is_released) over payment, 0)
            + case when p.payable_reasons = '{}' or p.is_released then 0 else p.amount end as counted_amount
        from payable as p
        window payment as (
            partition by p.vendor_account, p.currency, p.payable_account, p.invoice_of_payment
            order by p.due_date, p.invoice_number rows between unbounded preceding and unbounded following
        )
    ),
    single as (
        select
            c.*, reimbursement.minor_unit(c.accounting_currency) as decimals,
            case
                when not c.is_released and c.maximum_payment < round(
                    c.counted_amount * c.exchange_rate, reimbursement.minor_unit(c.accounting_currency))
                    then array_append(c.payable_reasons, 'over_single_maximum')
                else c.payable_reasons
            end as single_reasons
        from counted as c
        offset 0
    ),
    -- How far the payment reaches before each of its invoices.
    reaching as (
        select
            s.*,
            coalesce(sum(s.amount) filter (where s.single_reasons = '{}') over so_far, 0)
            - case when s.single_reasons = '{}' then s.amount else 0 end as begins
        from single as s
        window so_far as (
            partition by s.vendor_account, s.currency, s.payable_account, s.invoice_of_payment
            order by s.due_date, s.invoice_number rows unbounded preceding
        )
    ),
    priced as (
        select
            r.*,
            round((r.begins + r.amount) * r.exchange_rate, r.decimals)
            - round(r.begins * r.exchange_rate, r.decimals) as adds
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
            ) + coalesce(sum(p.adds) filter (where p.single_reasons = '{}') over (
                order by p.due_date, p.invoice_number rows unbounded preceding
            ), 0) + case when p.single_reasons = '{}' then 0 else p.adds end end as run_total
        from priced as p
    )
    select
        l.is_ours, l.vendor_transaction_id, l.invoice_number, l.voucher, l.vendor_account, l.invoice_of_payment,
        l.due_date, l.payable_account, l.currency, l.amount, l.invoice_accounting_amount, l.exchange_rate,
        l.accounting_currency, l.customer_account, l.open_debits, l.held_until, l.description, l.method_of_payment,
        l.is_transfer, l.bank_account, l.bank_currency, l.credited_account, l.creditor_name, l.creditor_iban,
        l.creditor_bic, l.creditor_country, l.creditor_address, l.customer_iban, l.transaction_date, l.last_settled_on,
        l.vendor_hold, l.is_released, l.payable_amount, l.counted_amount, l.adds, l.run_total,
        case when l.run_total > (p_choices).maximum_total then array_append(l.single_reasons, 'over_maximum')
            else l.single_reasons
        end
    from limited as l
$$;

comment on function reimbursement.judge_invoices(
    text, reimbursement.vendor_payment_choices, bigint, text, text, bigint[]
) is 'Judges the due invoices that a payment run''s choices name: every reason why each is left out, in order.';
