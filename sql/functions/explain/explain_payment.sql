-- What of the payment itself, its date, currency or amount, keeps an invoice from being paid, if it does: the rows
-- behind each reason, and what would change it. Whether it does says reasons_of_invoice.
--
-- p_bank_account and p_bank_currency: of the account that would pay. The amounts are those of reasons_of_invoice.
-- Reads: legal_entities, exchange_rates. Writes and locks nothing.
create or replace function reimbursement.explain_payment(
    p_invoice reimbursement.vendor_transactions, p_choices reimbursement.vendor_payment_choices, p_bank_account text,
    p_bank_currency text, p_exchange_rate numeric, p_payable_amount numeric, p_counted_amount numeric,
    p_run_total numeric
) returns table (reason text, found jsonb, remedy text)
language sql stable
as $$
    select e.reason, jsonb_build_array(e.found), e.remedy
    from (
        select
            le.accounting_currency, le.maximum_payment, le.max_rate_age_days,
            reimbursement.minor_unit(le.accounting_currency) as decimals, r.valid_from, r.rate
        from reimbursement.legal_entities as le
        left join lateral (
            select x.valid_from, x.rate
            from reimbursement.exchange_rates as x
            where x.legal_entity_id = le.legal_entity_id and x.currency = (p_invoice).currency
                and x.valid_from <= (p_choices).payment_date
            order by x.valid_from desc
            limit 1
        ) as r on true
        where le.legal_entity_id = (p_invoice).legal_entity_id
    ) as s
    cross join lateral (
        select
            'before_invoice' as reason,
            jsonb_build_object('invoice_date', (p_invoice).transaction_date, 'payment_date', (p_choices).payment_date)
            as found,
            format('Pay on %s or later.', (p_invoice).transaction_date) as remedy
        union all
        select
            'later_activity',
            jsonb_build_object('last_settled_on', (p_invoice).last_settled_on,
                'payment_date', (p_choices).payment_date),
            format('Pay on %s or later: on that day a payment of it was reversed.', (p_invoice).last_settled_on)
        union all
        select
            'currency_not_payable',
            jsonb_build_object('currency', (p_invoice).currency, 'bank_account', p_bank_account,
                'bank_currency', p_bank_currency),
            format('Name a bank account in %s, or make one the default of its currency (bank_accounts.is_default).',
                (p_invoice).currency)
        union all
        select
            'amount_not_representable',
            jsonb_build_object('currency', (p_invoice).currency, 'payment_amount', p_payable_amount),
            'A bank file cannot carry the amount: pay invoice by invoice, or by a method that needs no bank account.'
        union all
        select
            'no_exchange_rate',
            jsonb_build_object('currency', (p_invoice).currency, 'payment_date', (p_choices).payment_date,
                'newest_rate', s.rate, 'valid_from', s.valid_from, 'max_rate_age_days', s.max_rate_age_days),
            format('Enter a rate of %s that holds on %s (exchange_rates).', (p_invoice).currency,
                (p_choices).payment_date)
        union all
        select
            'over_single_maximum',
            jsonb_build_object(
                'payment_accounting_amount', round(p_counted_amount * p_exchange_rate, s.decimals),
                'maximum_payment', s.maximum_payment, 'accounting_currency', s.accounting_currency),
            'Have the invoice released with release_invoice(), pay invoice by invoice, or raise maximum_payment of the legal entity.'
        union all
        select
            'over_maximum',
            jsonb_build_object('run_total', p_run_total, 'maximum_total', (p_choices).maximum_total,
                'accounting_currency', s.accounting_currency),
            format('It comes after others that use the maximum up: give a maximum_total of %s, or pay it in another run.',
                p_run_total)
    ) as e
$$;

comment on function reimbursement.explain_payment(
    reimbursement.vendor_transactions, reimbursement.vendor_payment_choices, text, text, numeric, numeric, numeric,
    numeric
) is 'What of the payment itself keeps an invoice from being paid, if it does: the rows behind it, and what would change it.';
