-- Refuses messages that a bank would send back as a whole, before they are written.
--
-- Reads: transfer_messages, legal_entities.
-- Raises: RB027 a name that SEPA's characters cannot write, more payments or a greater total than a message can carry.
create or replace function reimbursement.check_transfer_messages(p_legal_entity_id text) returns void
language plpgsql set search_path = reimbursement, pg_temp
as $$
declare
    v_most_payments constant bigint := 500000;
    v_message record;
begin
    for v_message in
        select m.*, le.name as legal_entity_name
        from pg_temp.transfer_messages as m
        inner join reimbursement.legal_entities as le on le.legal_entity_id = p_legal_entity_id
        order by m.bank_account
    loop
        if v_message.debtor_name = '' then
            raise exception using errcode = 'RB027',
                message = format('a bank file cannot carry the name "%s" of legal entity "%s"',
                    v_message.legal_entity_name, p_legal_entity_id),
                detail = 'Banks in SEPA take Latin letters; Greek and Cyrillic ones can be transliterated, others cannot.',
                hint = 'Change reimbursement.legal_entities.name to its Latin form, then call retry_run().';
        end if;
        if v_message.payments > v_most_payments
            or v_message.control_sum >= power(10::numeric, 18 - reimbursement.minor_unit(v_message.currency))
        then
            raise exception using errcode = 'RB027',
                message = format('%s payments of %s %s in all from bank account "%s" are too much for one bank file',
                    v_message.payments, v_message.currency, v_message.control_sum, v_message.bank_account),
                detail = format('It can carry %s payments, and a total of 18 digits with the decimals.', v_most_payments),
                hint = 'Pay in several runs: up to an earlier due date, for some of the vendors, or with a maximum_total. What other jobs of this run have paid can be reversed with enqueue_payment_reversal() and paid again.';
        end if;
    end loop;
end
$$;

comment on function reimbursement.check_transfer_messages(text) is
'Refuses messages that a bank would send back as a whole, before they are written.';
