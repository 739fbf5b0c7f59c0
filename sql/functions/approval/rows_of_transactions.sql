-- What is approved of reimbursements: of each, and of debits that are only settled, the customer, whom to pay and to
-- which bank account, the currency, the amount, and each transaction with what is settled of it.
--
-- p_selected: what select_transactions has selected, for the preview or under the transfer's locks. Customers that are
-- skipped and have nothing settled are no rows. Who has no vendor is paid as a new one-time vendor, which takes the
-- customer's name and bank details; one that there is follows them (follow_customers).
-- Reads: customers, vendors, legal_entities, each by a whole key.
create or replace function reimbursement.rows_of_transactions(
    p_legal_entity_id text, p_selected reimbursement.selected_transaction []
) returns setof reimbursement.approval_row
language sql stable
as $$
    with done as (
        select
            s.job_id, s.customer_account, s.currency, s.group_receivable_account, s.group_dimension_set_id,
            s.vendor_account, s.exchange_rate, sum(s.reimbursed_amount) as amount,
            jsonb_agg(
                jsonb_build_array(
                    s.customer_transaction_id, trim_scale(s.netted_amount), trim_scale(s.reimbursed_amount)
                ) order by s.customer_transaction_id
            ) as transactions
        from unnest(p_selected) as s
        where s.reimbursed_amount > 0 or s.netted_amount > 0
        group by
            s.job_id, s.customer_account, s.currency, s.group_receivable_account, s.group_dimension_set_id,
            s.vendor_account, s.exchange_rate
        offset 0
    ),
    paid as (
        select
            d.*, case when 'name' = any (f.fields) then (c.row).name else (v.row).name end as name,
            nullif(
                replace(case when 'bank_details' = any (f.fields) then (c.row).iban else (v.row).iban end, ' ', ''), ''
            ) as iban,
            nullif(case when 'bank_details' = any (f.fields) then (c.row).bic else (v.row).bic end, '') as bic,
            reimbursement.minor_unit(le.accounting_currency) as decimals
        from done as d
        cross join lateral (
            select x as row
            from reimbursement.customers as x
            where x.legal_entity_id = p_legal_entity_id and x.customer_account = d.customer_account
            limit 1
        ) as c
        left join lateral (
            select x as row
            from reimbursement.vendors as x
            where x.legal_entity_id = p_legal_entity_id and x.vendor_account = d.vendor_account
            limit 1
        ) as v on true
        -- What a one-time vendor has from the customer when the transfer is done.
        cross join lateral (
            select case
                when v.row is null then array['name', 'bank_details']
                when (v.row).is_one_time and (v.row).run_id is not null
                    and (v.row).customer_account = d.customer_account
                    then array(
                        select k from unnest(reimbursement.details_that_differ(v.row, c.row)) as k
                        where k <> all ((v.row).edited_by_hand))
                else '{}'
            end as fields
        ) as f
        inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
        offset 0
    )
    select
        p.job_id,
        jsonb_build_array(p.customer_account, p.currency, p.group_receivable_account, p.group_dimension_set_id)::text,
        reimbursement.row_digest(jsonb_build_array(
            p.vendor_account, p.name, p.iban, p.bic, trim_scale(p.amount), p.transactions)),
        concat_ws(', ',
            format('customer %s: %s %s to %s %s', p.customer_account, p.currency,
                round(p.amount, reimbursement.minor_unit(p.currency)),
                coalesce(p.vendor_account, 'a new vendor'), p.name),
            coalesce(reimbursement.mask_bank_detail(p.iban), 'no bank account'), reimbursement.mask_bank_detail(p.bic),
            format('transactions: %s', jsonb_array_length(p.transactions))),
        coalesce(round(p.amount * p.exchange_rate, p.decimals), 0)
    from paid as p
$$;

comment on function reimbursement.rows_of_transactions(text, reimbursement.selected_transaction []) is
'What is approved of reimbursements: customer, payee, bank details, currency, amount and credits of each.';
