-- Refuses the reversal of what is no reimbursement, of a run that is none or has not ended, or, by number, of what
-- cannot be reversed.
--
-- Either p_reimbursement_numbers or p_run_id. A preview shows what cannot be reversed with its reason: there it is no
-- error.
-- Reads: what find_reimbursements reads, runs. Raises: RB007 both or neither were given; RB025.
create or replace function reimbursement.check_reimbursements_to_reverse(
    p_legal_entity_id text, p_reimbursement_numbers text[], p_run_id bigint, p_is_preview boolean default false
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp set jit = off set enable_seqscan = off
set enable_sort = off
as $$
declare
    v_reasons text[];
begin
    if num_nonnulls(p_reimbursement_numbers, p_run_id) <> 1 or cardinality(p_reimbursement_numbers) = 0
        or array_ndims(p_reimbursement_numbers) > 1
    then
        raise exception using errcode = 'RB007',
            message = 'a reversal is of reimbursement_numbers, or of a run_id',
            hint = 'Give one of the two: an array of numbers in one dimension, or the number of a run.';
    end if;

    if p_run_id is not null then
        select array_remove(array[case
            when q.run_id is null
                then format('legal entity "%s" has no run %s', p_legal_entity_id, p_run_id)
            when q.kind <> 'reimbursement'
                then format('run %s reimbursed nobody: it is a %s', p_run_id, replace(q.kind, '_', ' '))
            when q.state not in ('completed', 'failed', 'cancelled')
                then format('run %s has not ended: it is %s', p_run_id, q.state)
        end], null)
        into v_reasons
        from (values (1)) as one(row)
        left join reimbursement.runs as q on q.legal_entity_id = p_legal_entity_id and q.run_id = p_run_id;
    else
        select array_agg(
            case f.skip_reason
                when 'paid' then format('%s is paid by %s', w.number, p.payment_number)
                when 'already_reversed' then format('%s was reversed by %s', w.number, p.reversed_by)
                else format('%s is no reimbursement', coalesce('"' || w.number || '"', 'NULL'))
            end
            order by w.number)
        into v_reasons
        from (select distinct n.number from unnest(p_reimbursement_numbers) as n(number)) as w
        left join lateral reimbursement.find_reimbursements(p_legal_entity_id, array[w.number], null) as f on true
        left join lateral (
            select r.payment_number, r.reversed_by
            from reimbursement.reimbursement_report as r
            where r.legal_entity_id = p_legal_entity_id and r.reimbursement_number = w.number
            limit 1
        ) as p on true
        where f.reimbursement_number is null or (f.skip_reason is not null and not p_is_preview);
    end if;
    perform reimbursement.raise_not_reversible(
        nullif(v_reasons, '{}'),
        'A paid reimbursement can be reversed once its payment is (enqueue_payment_reversal). The view reimbursement.reimbursement_report shows what there is.');
end
$$;

comment on function reimbursement.check_reimbursements_to_reverse(text, text[], bigint, boolean) is
'Refuses the reversal of what is no reimbursement, or of what cannot be reversed.';
