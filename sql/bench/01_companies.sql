-- Companies to measure with: legal entities, customers, what they are owed and what they owe. Set by set, and the same
-- every time.

create schema bench;

-- Makes a legal entity that is ready to reimburse and to pay.
create function bench.set_up(p_legal_entity_id text) returns void
language sql
as $$
    select reimbursement.set_up_legal_entity(
        legal_entity_id => p_legal_entity_id, name => 'Benchmark ' || p_legal_entity_id, accounting_currency => 'EUR');
    insert into reimbursement.bank_accounts (legal_entity_id, bank_account, name, currency, iban, bic)
    values (p_legal_entity_id, 'BANK-EUR', 'The bank', 'EUR', 'DE89370400440532013000', 'COBADEFF');
$$;

-- A German IBAN with the right check digits, one for every number. D and E are 13 and 14 in the sum.
create function bench.iban(p_number bigint) returns text
language sql immutable
as $$
    select 'DE' || to_char(98 - ((p_number + 370400440000000000)::text || '131400')::numeric % 97, 'FM00')
        || (p_number + 370400440000000000)
$$;

-- The account of a customer, such as C0000042.
create function bench.account(p_prefix text, p_number bigint) returns text
language sql immutable
as $$
    select p_prefix || lpad(p_number::text, 7, '0')
$$;

-- Adds customers, numbered from first to last; every so many of them one has a vendor account of his own.
create function bench.add_customers(
    p_legal_entity_id text, p_prefix text, p_first int, p_last int, p_vendor_every int default 2
) returns void
language sql
as $$
    insert into reimbursement.vendors
        (legal_entity_id, vendor_account, name, vendor_group, payment_terms_days, method_of_payment, iban)
    select
        p_legal_entity_id, bench.account(p_prefix || 'V', i), 'Vendor ' || i, 'TRADE', 14, 'SEPA', bench.iban(i)
    from generate_series(p_first, p_last) as i
    where i % p_vendor_every = 0;

    insert into reimbursement.customers
        (legal_entity_id, customer_account, name, vendor_account, customer_group, country, language, iban, address)
    select
        p_legal_entity_id, bench.account(p_prefix, i), 'Customer ' || i,
        case when i % p_vendor_every = 0 then bench.account(p_prefix || 'V', i) end,
        case when i % 10 = 0 then 'WEB' else 'SHOP' end, 'DE', 'de', bench.iban(i),
        jsonb_build_object('street', 'Marktplatz', 'building', i::text, 'postcode', '20095', 'town', 'Hamburg')
    from generate_series(p_first, p_last) as i;
$$;

-- Gives each of some customers credits; the series keeps the references of later ones apart from those of earlier ones.
create function bench.add_credits(
    p_legal_entity_id text, p_prefix text, p_numbers int[], p_each int, p_series text
) returns void
language sql
as $$
    insert into reimbursement.customer_transactions (
        legal_entity_id, customer_account, transaction_type, voucher, transaction_date, currency, amount,
        source_reference
    )
    select
        p_legal_entity_id, bench.account(p_prefix, i), 'credit_note', format('%sCN-%s-%s-%s', p_prefix, p_series, i, k),
        current_date - 30, 'EUR', -((i * 37 + k * 11) % 50000 + 100) / 100.0,
        format('%s%s-credit-%s-%s', p_prefix, p_series, i, k)
    from unnest(p_numbers) as i, generate_series(1, p_each) as k;
$$;

-- Gives each of some customers open invoices, or invoices that were settled before they were loaded.
create function bench.add_invoices(
    p_legal_entity_id text, p_prefix text, p_numbers int[], p_each int, p_are_settled boolean
) returns void
language sql
as $$
    insert into reimbursement.customer_transactions (
        legal_entity_id, customer_account, transaction_type, voucher, transaction_date, due_date, currency, amount,
        settled_amount, source_reference
    )
    select
        p_legal_entity_id, bench.account(p_prefix, i), 'invoice', format('%sINV-%s-%s', p_prefix, i, k),
        current_date - 40 - k, current_date - 10 - k, 'EUR', a.amount, case when p_are_settled then a.amount else 0 end,
        format('%sinvoice-%s-%s', p_prefix, i, k)
    from unnest(p_numbers) as i, generate_series(1, p_each) as k,
        lateral (select ((i * 53 + k * 17) % 90000 + 100) / 100.0 as amount) as a;
$$;

-- The numbers from first to last.
create function bench.numbers(p_first int, p_last int) returns int[]
language sql immutable
as $$
    select array(select generate_series(p_first, p_last))
$$;
