-- Records what the bank files say otherwise than the books: texts that were transliterated or cut.
--
-- The legal entity's name and address are recorded once for the run, under no payment number. An address that was not
-- to be written, for want of a town or a country, is no change.
-- Reads: transfers, transfer_messages, payments, legal_entities. Writes: payment_file_changes.
create or replace function reimbursement.record_transfer_changes(p_legal_entity_id text, p_run_id bigint) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
begin
    insert into reimbursement.payment_file_changes (
        legal_entity_id, run_id, payment_number, field, original, written
    )
    select p_legal_entity_id, p_run_id, '', f.field, f.original, coalesce(f.written, '')
    from reimbursement.legal_entities as le
    cross join (select q.debtor_name from pg_temp.transfer_messages as q limit 1) as m
    cross join lateral reimbursement.transfer_address(le.country, le.address) as a
    cross join lateral (
        values
        ('debtor_name', le.name, m.debtor_name),
        ('debtor_street', le.address ->> 'street', a.street),
        ('debtor_building', le.address ->> 'building', a.building),
        ('debtor_postcode', le.address ->> 'postcode', a.postcode),
        ('debtor_town', le.address ->> 'town', a.town)
    ) as f (field, original, written)
    where le.legal_entity_id = p_legal_entity_id and f.original <> coalesce(f.written, '')
        and (a.town is not null or f.field = 'debtor_name')
    union all
    select p_legal_entity_id, p_run_id, t.payment_number, f.field, f.original, coalesce(f.written, '')
    from pg_temp.transfers as t
    cross join lateral (
        select x.creditor_name, x.remittance, x.creditor_address
        from reimbursement.payments as x
        where x.legal_entity_id = p_legal_entity_id and x.payment_number between t.payment_number and t.payment_number
        order by x.payment_number
        limit 1
    ) as p
    cross join lateral (
        values
        ('creditor_name', p.creditor_name, t.creditor_name),
        ('remittance', p.remittance, t.remittance),
        ('street', p.creditor_address ->> 'street', t.street),
        ('building', p.creditor_address ->> 'building', t.building),
        ('postcode', p.creditor_address ->> 'postcode', t.postcode),
        ('town', p.creditor_address ->> 'town', t.town)
    ) as f (field, original, written)
    where f.original <> coalesce(f.written, '')
        and (t.town is not null or f.field in ('creditor_name', 'remittance'))
    order by 3, 4;
end
$$;

comment on function reimbursement.record_transfer_changes(text, bigint) is
'Records what the bank files say otherwise than the books: texts that were transliterated or cut.';
