-- Locks the ledger periods of several posting dates, in their order, and checks the set-up anew.
--
-- Locks: the periods' rows for share. Raises: as check_set_up.
create or replace function reimbursement.lock_periods(
    p_legal_entity_id text, p_posting_dates date [], p_sequences text []
) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_posting_date date;
begin
    foreach v_posting_date in array p_posting_dates loop
        perform reimbursement.lock_period(p_legal_entity_id, v_posting_date, p_sequences);
    end loop;
end
$$;

comment on function reimbursement.lock_periods(text, date [], text []) is
'Locks the ledger periods of several posting dates against closing, and checks the set-up anew.';
