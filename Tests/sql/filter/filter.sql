-- Which customers a filter names, and what does not parse.
select plan(127);

select test.company();
select test.customer(c.account, customer_group => c.customer_group)
from (
    values
    ('US-001', '10'), ('US-002', '10'), ('US-007', '20'), ('US-013', null), ('US-020', ''), ('US-021', '30'),
    ('us-eu', 'Retail'), ('A', 'a*b'), ('A1', '10'), ('B', '10'), ('C', '10'), ('C1', '10'),
    ('100%', '10'), ('1000', '10'), ('X_Y', '10'), ('XZY', '10'), ('B\S', '10'), ('A B', '10'),
    ('A,B', '10'), ('A"B', '10'), ('A*B', '10'), ('!C', '10'), ('D.E', '10'), ('Ä', '10'), ('ß', '10')
) as c (account, customer_group);
select test.credit(c.customer_account, 1) from reimbursement.customers as c;

create function pg_temp.selected(customer_filter text, customer_group_filter text default null) returns text[]
language sql
as $$
    select coalesce(array_agg(p.customer_account order by p.customer_account collate "C"), '{}')
    from reimbursement.preview_reimbursement(
        legal_entity_id => 'US01', posting_date => '2025-06-30', customer_filter => selected.customer_filter,
        customer_group_filter => selected.customer_group_filter) as p
$$;

create function pg_temp.everybody_but(variadic accounts text[]) returns text[]
language sql
as $$
    select array_agg(c.customer_account order by c.customer_account)::text[]
    from reimbursement.customers as c where c.customer_account <> all (accounts)
$$;

-- A filter, and the accounts it names.
select is(pg_temp.selected(f.filter), f.accounts, format('filter %s: %s', coalesce(translate(f.filter, E'\n\t', '  '), 'NULL'), f.rule))
from (
    values
    (null, pg_temp.everybody_but(''), 'none is everybody'),
    ('US-001', array['US-001'], 'one'),
    ('us-001', array['US-001'], 'in any case'),
    ('US-EU', array['us-eu'], 'in any case of the account'),
    ('ä', array['Ä'], 'in any case of any letter'),
    ('SS', array['ß'], 'folded to upper case'),
    ('US-00', '{}', 'not the beginning of one'),
    ('NOBODY', '{}', 'one that is not there'),
    ('US-001, US-007', array['US-001', 'US-007'], 'a list'),
    ('US-001,US-001', array['US-001'], 'the same twice'),
    (E' \t US-001 ,\n US-007 ', array['US-001', 'US-007'], 'white space around terms'),
    ('A B', array['A B'], 'white space inside a term'),
    ('US-001..US-013', array['US-001', 'US-002', 'US-007', 'US-013'], 'a range, both ends in'),
    ('us-001 .. us-002', array['US-001', 'US-002'], 'white space around the dots'),
    ('A..C', array['A', 'A B', 'A"B', 'A*B', 'A,B', 'A1', 'B', 'B\S', 'C'], 'byte by byte: A1, not C1'),
    ('C..A', '{}', 'a reversed range'),
    ('X_Y..ä', array['X_Y', 'Ä'], 'byte by byte, whatever the order of the database'),
    ('ä..X_Y', '{}', 'reversed byte by byte'),
    ('C..A, B', array['B'], 'a reversed range adds nobody'),
    ('B..B', array['B'], 'a range of one'),
    ('..100%', array['!C', '100%'], 'an open range down'),
    ('us-020..us-zz', array['US-020', 'US-021', 'us-eu'], 'ranges fold case on both sides'),
    ('XZY..', array['XZY', 'X_Y', 'Ä'], 'an open range up'),
    ('>XZY', array['X_Y', 'Ä'], 'beyond'),
    ('> xzy', array['X_Y', 'Ä'], 'white space after the sign'),
    ('<100%', array['!C'], 'before'),
    ('<"100%"', array['!C'], 'before, quoted'),
    ('"A"..A1', array['A', 'A B', 'A"B', 'A*B', 'A,B', 'A1'], 'a quoted end'),
    ('US-*', array['US-001', 'US-002', 'US-007', 'US-013', 'US-020', 'US-021', 'us-eu'], 'begins with'),
    ('*-EU', array['us-eu'], 'ends with'),
    ('*-0*', array['US-001', 'US-002', 'US-007', 'US-013', 'US-020', 'US-021'], 'holds'),
    ('US-0?1', array['US-001', 'US-021'], '? is one character'),
    ('US-00?1', '{}', 'exactly one'),
    ('?', array['A', 'B', 'C', 'Ä'], 'of one character; ß folds to two'),
    ('*', pg_temp.everybody_but(''), 'anything'),
    ('100%', array['100%'], 'a percent sign is one'),
    ('100%*', array['100%'], 'with a wildcard too'),
    ('X_*', array['X_Y'], 'an underscore is one'),
    ('B\*', array['B\S'], 'a backslash is one'),
    ('!US-013', pg_temp.everybody_but('US-013'), 'not: all others'),
    ('! us-013', pg_temp.everybody_but('US-013'), 'white space after the sign'),
    ('!US-013, !US-0?1', pg_temp.everybody_but('US-013', 'US-001', 'US-021'), 'negative ones are joined by AND'),
    ('US-*, !US-00*', array['US-013', 'US-020', 'US-021', 'us-eu'], 'some without others'),
    ('!US-00*, US-*', array['US-013', 'US-020', 'US-021', 'us-eu'], 'in any order'),
    ('!A..US-007', array['!C', '100%', '1000', 'US-013', 'US-020', 'US-021', 'XZY', 'X_Y', 'us-eu', 'Ä'], 'not a range'),
    ('US-001, !US-001', '{}', 'one and not one'),
    ('!>A, !<A', array['A'], 'not beyond'),
    ('"US-001"', array['US-001'], 'quoted'),
    ('"us-001"', array['US-001'], 'quoted, in any case'),
    ('"A*B"', array['A*B'], 'a quoted wildcard is literal'),
    ('"A,B"', array['A,B'], 'a quoted comma'),
    ('"A""B"', array['A"B'], 'a doubled quote is a quote'),
    ('"!C"', array['!C'], 'a quoted sign'),
    ('!"!C", ?C', '{}', 'not a quoted sign'),
    ('D.E', array['D.E'], 'one dot is no range'),
    ('" US-001"', '{}', 'white space in quotes counts'),
    ('""', '{}', 'blank names no account'),
    ('!""', pg_temp.everybody_but(''), 'not blank')
) as f (filter, accounts, rule);

-- Groups may be blank.
select is(pg_temp.selected(null, f.filter), f.accounts, format('group filter %s: %s', f.filter, f.rule))
from (
    values
    ('20', array['US-007'], 'one'),
    ('20, retail', array['US-007', 'us-eu'], 'a list'),
    ('"a*b"', array['A'], 'literally'),
    ('""', array['US-013', 'US-020'], 'blank is empty or NULL'),
    ('"", 20', array['US-007', 'US-013', 'US-020'], 'blank or one'),
    ('!"", !10', array['A', 'US-007', 'US-021', 'us-eu'], 'not blank'),
    ('<20', pg_temp.everybody_but('A', 'US-007', 'US-013', 'US-020', 'US-021', 'us-eu'), 'a blank is not before'),
    ('..10', pg_temp.everybody_but('A', 'US-007', 'US-013', 'US-020', 'US-021', 'us-eu'), 'a blank lies in no range'),
    ('30..', array['A', 'US-021', 'us-eu'], 'an open range'),
    ('!10', array['A', 'US-007', 'US-013', 'US-020', 'US-021', 'us-eu'], 'a blank is not ten'),
    ('!10..30', array['A', 'US-013', 'US-020', 'us-eu'], 'a blank is outside of a range'),
    ('!<20', array['A', 'US-007', 'US-013', 'US-020', 'US-021', 'us-eu'], 'a blank is not excluded by a range')
) as f (filter, accounts, rule);

select is(
    pg_temp.selected('US-*', '10'), array['US-001', 'US-002'], 'both filters have to name a customer');

-- What does not parse is refused by enqueue and preview alike.
select throws_ok(
    format('select pg_temp.selected(%L)', f.filter), 'RB005', null,
    format('%s is refused: %s', f.rule, translate(f.filter, E'\n\t', '  ')))
from (
    values
    ('', 'an empty filter'), (' ', 'a blank filter'), (E'\t\n', 'a blank filter'), (',', 'an empty term'),
    ('US-001,', 'an empty term'), (',US-001', 'an empty term'), ('US-001,,US-007', 'an empty term'),
    ('US-001, ,US-007', 'a blank term'),
    ('..', '.. alone'), (' .. ', '.. alone'), ('!..', '.. alone'), ('!', '! alone'), ('! ', '! alone'),
    ('US-001,!', '! alone'), ('!!US-001', '! doubled'), ('! !US-001', '! doubled'),
    ('"US-001', 'an unclosed quote'), ('US-001"', 'an unclosed quote'), ('"', 'an unclosed quote'),
    ('"""', 'an unclosed quote'), ('US-001, "', 'an unclosed quote'), ('"A", B"', 'an unclosed quote'),
    ('US-*..US-020', 'a wildcard in a range'), ('US-001..US-0?0', 'a wildcard in a range'), ('..*', 'a wildcard in a range'),
    ('*..', 'a wildcard in a range'), ('>US-*', 'a wildcard after >'), ('<?', 'a wildcard after <'),
    ('>', '> alone'), ('<', '< alone'), ('>>A', '> doubled'), ('<>A', '<>'), ('>=A', '>='), ('<=A', '<='),
    ('A>B', 'a sign inside'), ('A<B', 'a sign inside'), ('A!B', 'a sign inside'), ('A"B"', 'a quote inside'),
    ('"A"B', 'text after a quote'), ('"A" "B"', 'two quotes in a term'), ('"A"*', 'a quote with a wildcard'),
    ('A..B..C', 'two ranges in a term'), ('A...B', 'three dots'), ('A....', 'four dots'), ('...', 'three dots'),
    ('>A..B', 'a sign before a range'), ('A..>B', 'a sign in a range'), ('A..!B', 'a sign in a range'),
    ('""..A', 'a blank end'), ('A..""', 'a blank end'), ('>""', 'a blank after >'), ('<""', 'a blank after <')
) as f (filter, rule);

select throws_ok(
    $$ select reimbursement.enqueue_reimbursement('US01', '2025-06-30', customer_group_filter => 'A,') $$, 'RB005',
    'customer_group_filter does not parse: a term is empty', 'the error names the argument and the reason');
select is((select count(*) from reimbursement.runs), 0::bigint, 'and nothing is enqueued');

-- SQL in a filter is text.
select test.customer('x'' or 1=1; --');
select test.credit('x'' or 1=1; --', 1);
select is(
    pg_temp.selected('x'' or 1=1; --'), array['x'' or 1=1; --'], 'SQL in a filter is the account that is called so');
select is(pg_temp.selected('x'' or 1=?; *'), array['x'' or 1=1; --'], 'with wildcards too');

select * from finish();
