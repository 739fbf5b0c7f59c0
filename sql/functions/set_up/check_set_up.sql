-- Refuses a run whose legal entity is not ready for it, or whose posting date is not in an open period.
--
-- p_sequences: the number sequences that the run takes numbers from.
-- Reads: legal_entities, number_sequences, ledger_periods. Locks nothing: see lock_period.
-- Raises: RB001 unknown legal entity, RB002 something is missing in its set-up, or its vouchers would clash, RB003 no
-- period, RB004 period closed.
create or replace function reimbursement.check_set_up(
    p_legal_entity_id text, p_posting_date date, p_sequences text[]
) returns void
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    v_entity reimbursement.legal_entities;
    c_of_vouchers constant text [] := array['reimbursement', 'settlement', 'payment', 'reversal', 'bank'];
    v_numbered record;
    v_missing text;
    v_clash text;
    v_period reimbursement.ledger_periods;
begin
    select le.* into v_entity from reimbursement.legal_entities as le where le.legal_entity_id = p_legal_entity_id;
    if not found then
        perform reimbursement.raise_unknown_legal_entity(p_legal_entity_id);
    end if;

    select
        coalesce(array_agg(s.sequence), '{}') as sequences,
        count(s.format) filter (where s.sequence = any (c_of_vouchers)) as formats,
        count(distinct regexp_replace(s.format, '#+', '#')) filter (where s.sequence = any (c_of_vouchers))
        as different_formats
    into v_numbered
    from reimbursement.number_sequences as s
    where s.legal_entity_id = p_legal_entity_id;
    v_missing := nullif(concat_ws(', ',
        case when v_entity.receivable_account is null then 'receivable_account' end,
        case when v_entity.payable_account is null then 'payable_account' end,
        case when v_entity.bank_ledger_account is null then 'bank_ledger_account' end,
        case when v_entity.realized_gain_account is null then 'realized_gain_account' end,
        case when v_entity.realized_loss_account is null then 'realized_loss_account' end,
        case when v_entity.one_time_vendor_group is null then 'one_time_vendor_group' end,
        case when v_entity.one_time_payment_terms_days is null then 'one_time_payment_terms_days' end,
        case when v_entity.one_time_method_of_payment is null then 'one_time_method_of_payment' end,
        case when not p_sequences <@ v_numbered.sequences then (
            select string_agg(format('number sequence %s', w.sequence), ', ' order by w.position)
            from unnest(p_sequences) with ordinality as w (sequence, "position")
            where w.sequence <> all (v_numbered.sequences)
        ) end), '');
    if v_missing is not null then
        raise exception using errcode = 'RB002',
            message = format('the set-up of legal entity "%s" is incomplete: %s', p_legal_entity_id, v_missing),
            hint = 'Accounts and the one-time vendor template are columns of reimbursement.legal_entities; sequences are rows of reimbursement.number_sequences. set_up_legal_entity() adds missing sequences.';
    end if;

    if v_numbered.different_formats < v_numbered.formats then
        select format('%s and %s', min(s.sequence), max(s.sequence)) into v_clash
        from reimbursement.number_sequences as s
        where s.legal_entity_id = p_legal_entity_id
            and s.sequence = any (c_of_vouchers)
        group by regexp_replace(s.format, '#+', '#')
        having count(*) > 1
        order by 1
        limit 1;
        raise exception using errcode = 'RB002',
            message = format('the number sequences %s of legal entity "%s" have the same format', v_clash, p_legal_entity_id),
            detail = 'They number vouchers, and two vouchers would have one number.',
            hint = 'Give each a format of its own in reimbursement.number_sequences.';
    end if;

    select p.* into v_period
    from reimbursement.ledger_periods as p
    where p.legal_entity_id = p_legal_entity_id and p_posting_date between p.starts_on and p.ends_on;
    if not found then
        raise exception using errcode = 'RB003',
            message = format('legal entity "%s" has no ledger period for the posting date %s', p_legal_entity_id, p_posting_date),
            hint = 'Add a row to reimbursement.ledger_periods, or choose another posting date.';
    elsif not v_period.is_open then
        raise exception using errcode = 'RB004',
            message = format('the ledger period from %s to %s of legal entity "%s" is closed',
                v_period.starts_on, v_period.ends_on, p_legal_entity_id),
            detail = format('The posting date is %s.', p_posting_date),
            hint = 'Open the period in reimbursement.ledger_periods, or choose another posting date.';
    end if;
end
$$;

comment on function reimbursement.check_set_up(text, date, text[]) is
'Refuses a run whose legal entity is not ready, or whose posting date is not in an open period.';
