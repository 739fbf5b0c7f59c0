-- What of a customer would be reimbursed, as rows for the eyes, and what is left for a later cut-off.
--
-- p_selected: what select_transactions has selected of him. Returns one row.
-- Reads: legal_entities, dimension_sets, what open_credits_of reads.
create or replace function reimbursement.describe_reimbursements(
    p_legal_entity_id text, p_customer_account text, p_batch reimbursement.reimbursement_batch,
    p_selected reimbursement.selected_transaction []
) returns table (found jsonb, remedy text)
language sql stable
as $$
    select
        (
            select jsonb_agg(
                jsonb_build_object(
                    'currency', r.currency, 'dimensions', r.dimensions, 'amount', r.amount,
                    'accounting_amount', r.accounting_amount, 'netted_amount', r.netted_amount,
                    'credits', r.credits, 'vendor_account', r.vendor_account, 'new_vendor', r.is_new_vendor
                ) order by r.currency, r.group_receivable_account, r.dimensions
            )
            from (
                select
                    s.currency, d.dimensions, s.group_receivable_account, s.vendor_account, s.is_new_vendor,
                    sum(s.reimbursed_amount) as amount, sum(s.netted_amount) as netted_amount, count(*) as credits,
                    round(
                        sum(s.reimbursed_amount) * s.exchange_rate, reimbursement.minor_unit(le.accounting_currency)
                    ) as accounting_amount
                from unnest(p_selected) as s
                inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
                left join reimbursement.dimension_sets as d
                    on d.legal_entity_id = p_legal_entity_id and d.dimension_set_id = s.group_dimension_set_id
                where s.is_credit
                group by
                    s.currency, d.dimensions, s.group_receivable_account, s.vendor_account, s.is_new_vendor,
                    s.exchange_rate, le.accounting_currency
                having sum(s.reimbursed_amount) > 0
            ) as r
        ),
        (
            select format('Credits dated after %s, which wait for a later cut-off: %s.', (p_batch).credits_through,
                string_agg(c.voucher, ', ' order by c.transaction_date, c.customer_transaction_id))
            from reimbursement.open_credits_of(p_legal_entity_id, p_customer_account, p_batch) as c
            where not c.is_looked_at
            having count(*) > 0
        )
$$;

comment on function reimbursement.describe_reimbursements(
    text, text, reimbursement.reimbursement_batch, reimbursement.selected_transaction []
) is 'What of a customer would be reimbursed, as rows for the eyes, and what is left for a later cut-off.';
