-- Makes a legal entity ready for its first run: accounts, number sequences, one-time vendor template, methods of
-- payment, and an open period for every year from first_year to last_year.
--
-- Called again, it adds what is missing and leaves what is there. The minimum is in accounting currency.
-- Writes: legal_entities, ledger_periods, number_sequences, methods_of_payment.
-- Raises: RB006 an argument is NULL, RB008 the years are reversed, RB009 unknown currency,
-- RB018 the legal entity exists with another name, currency or minimum.
create or replace function reimbursement.set_up_legal_entity(
    legal_entity_id text,
    name text,
    accounting_currency text,
    minimum_reimbursement numeric default 0,
    first_year int default extract(year from current_date)::int - 1,
    last_year int default extract(year from current_date)::int + 1
) returns void
language plpgsql security definer set search_path = reimbursement, pg_temp
set standard_conforming_strings = on
as $$
#variable_conflict use_column
declare
    v_there reimbursement.legal_entities;
begin
    perform reimbursement.require_duty(null, 'master');
    perform reimbursement.require_arguments(jsonb_build_object(
        'legal_entity_id', set_up_legal_entity.legal_entity_id, 'name', set_up_legal_entity.name,
        'accounting_currency', set_up_legal_entity.accounting_currency,
        'minimum_reimbursement', set_up_legal_entity.minimum_reimbursement,
        'first_year', first_year, 'last_year', last_year));
    if reimbursement.minor_unit(set_up_legal_entity.accounting_currency) is null then
        perform reimbursement.raise_unknown_currency(set_up_legal_entity.accounting_currency);
    end if;
    if first_year > last_year or last_year - first_year > 200 then
        raise exception using errcode = 'RB008',
            message = format('first_year %s and last_year %s are no span of years', first_year, last_year),
            hint = 'Give first_year <= last_year, at most 200 years apart.';
    end if;

    insert into reimbursement.legal_entities (legal_entity_id, name, accounting_currency, minimum_reimbursement)
    values (
        set_up_legal_entity.legal_entity_id, set_up_legal_entity.name,
        set_up_legal_entity.accounting_currency, set_up_legal_entity.minimum_reimbursement
    )
    on conflict do nothing;
    select le.* into v_there from reimbursement.legal_entities as le
    where le.legal_entity_id = set_up_legal_entity.legal_entity_id;
    if (v_there.name, v_there.accounting_currency, v_there.minimum_reimbursement)
        <> (
            set_up_legal_entity.name, set_up_legal_entity.accounting_currency,
            set_up_legal_entity.minimum_reimbursement
        )
    then
        raise exception using errcode = 'RB018',
            message = format('legal entity "%s" is there already: "%s", %s, minimum reimbursement %s',
                v_there.legal_entity_id, v_there.name, v_there.accounting_currency, v_there.minimum_reimbursement),
            hint = 'Change it with UPDATE reimbursement.legal_entities, or give the same values to add what is missing.';
    end if;

    insert into reimbursement.ledger_periods (legal_entity_id, starts_on, ends_on)
    select v_there.legal_entity_id, make_date(y.year, 1, 1), make_date(y.year, 12, 31)
    from generate_series(first_year, last_year) as y(year)
    where not exists (
        select from reimbursement.ledger_periods as p
        where p.legal_entity_id = v_there.legal_entity_id
            and p.starts_on <= make_date(y.year, 12, 31) and p.ends_on >= make_date(y.year, 1, 1)
    );

    insert into reimbursement.number_sequences (legal_entity_id, sequence, format)
    values
        (v_there.legal_entity_id, 'reimbursement', 'RMB-########'),
        (v_there.legal_entity_id, 'vendor_invoice', 'RINV-########'),
        (v_there.legal_entity_id, 'one_time_vendor', 'OTV-########'),
        (v_there.legal_entity_id, 'settlement', 'STL-########'),
        (v_there.legal_entity_id, 'payment', 'PAY-########'),
        (v_there.legal_entity_id, 'reversal', 'REV-########'),
        (v_there.legal_entity_id, 'bank', 'BNK-########')
    on conflict do nothing;

    insert into reimbursement.methods_of_payment (legal_entity_id, method_of_payment, needs_bank_account)
    values (v_there.legal_entity_id, 'SEPA', true), (v_there.legal_entity_id, 'CHECK', false)
    on conflict do nothing;
end
$$;

comment on function reimbursement.set_up_legal_entity(text, text, text, numeric, int, int) is
'Makes a legal entity ready for its first run: accounts, number sequences, one-time vendor template, open periods.';
