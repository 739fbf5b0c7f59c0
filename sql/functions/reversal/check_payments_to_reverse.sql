-- Refuses the reversal of what is no payment, or was reversed already, and one that is dated before the payment.
--
-- Reads: what find_payments reads. Raises: RB007 no numbers were given; RB025; RB026.
create or replace function reimbursement.check_payments_to_reverse(
    p_legal_entity_id text, p_payment_numbers text[], p_posting_date date
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_reasons text[];
    v_latest record;
begin
    if coalesce(cardinality(p_payment_numbers), 0) = 0 or array_ndims(p_payment_numbers) > 1 then
        raise exception using errcode = 'RB007',
            message = 'a payment reversal is of payment_numbers, one at least',
            hint = 'Give an array of numbers in one dimension: the view reimbursement.vendor_payments has them.';
    end if;
    select array_agg(
        case
            when f.payment_number is null then format('%s is no payment', coalesce('"' || w.number || '"', 'NULL'))
            else format('%s was reversed by %s', w.number, f.reversed_by)
        end
        order by w.number)
    into v_reasons
    from (select distinct n.number from unnest(p_payment_numbers) as n(number)) as w
    left join lateral reimbursement.find_payments(p_legal_entity_id, array[w.number]) as f on true
    where f.payment_number is null or f.reversed_by is not null;
    perform reimbursement.raise_not_reversible(
        v_reasons, 'The view reimbursement.vendor_payments shows the payments and what became of them.');

    select f.payment_number, f.latest_date into v_latest
    from reimbursement.find_payments(p_legal_entity_id, p_payment_numbers) as f
    order by f.latest_date desc, f.payment_number
    limit 1;
    perform reimbursement.refuse_early_reversal(p_posting_date, v_latest.latest_date, v_latest.payment_number);
end
$$;

comment on function reimbursement.check_payments_to_reverse(text, text[], date) is
'Refuses the reversal of what is no payment, or was reversed already, and one that is dated before the payment.';
