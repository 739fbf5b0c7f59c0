-- Raises RB025 where there are reasons why something cannot be reversed; names twenty of them at most.
create or replace function reimbursement.raise_not_reversible(p_reasons text[], p_hint text) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
begin
    if p_reasons is not null then
        raise exception using errcode = 'RB025',
            message = format('this cannot be reversed: %s%s', array_to_string(p_reasons[:20], ', '),
                case when cardinality(p_reasons) > 20 then format(' and %s more', cardinality(p_reasons) - 20) end),
            hint = p_hint;
    end if;
end
$$;

comment on function reimbursement.raise_not_reversible(text[], text) is
'Raises RB025 where there are reasons why something cannot be reversed.';
