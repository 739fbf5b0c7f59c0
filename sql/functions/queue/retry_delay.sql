-- How long a job waits after its p_ended-th attempt in a row that failed or was lost: 1, 2, 4 … seconds, five minutes
-- at most, with up to half as much again at random, so that jobs that failed together do not come back together.
create or replace function reimbursement.retry_delay(p_ended int) returns interval
language sql volatile
as $$
    select least(power(2, least(p_ended, 20) - 1), 300) * (1 + random() / 2) * interval '1 second'
$$;

comment on function reimbursement.retry_delay(int) is
'How long a job waits after so many attempts in a row: exponential, with jitter, at most seven and a half minutes.';
