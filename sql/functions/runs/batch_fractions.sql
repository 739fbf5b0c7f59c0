-- Where the batches of a run end, as fractions of what it looks at: for 4 batches 0.25, 0.5 and 0.75.
--
-- Raises: RB008 batches out of range.
create or replace function reimbursement.batch_fractions(p_batches int) returns float8[]
language plpgsql immutable set search_path = reimbursement, pg_temp
as $$
begin
    if p_batches not between 1 and 10000 then
        raise exception using errcode = 'RB008',
            message = format('batches is %s', p_batches),
            hint = 'Give a number from 1 to 10000: the run is split over so many jobs.';
    end if;
    return array(select i::float8 / p_batches from generate_series(1, p_batches - 1) as i);
end
$$;

comment on function reimbursement.batch_fractions(int) is
'Where the batches of a run end, as fractions of what it looks at.';
