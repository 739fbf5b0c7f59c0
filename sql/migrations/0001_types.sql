-- Types that functions and callers share.

-- Ranges of customer accounts and groups, compared byte by byte as the filter syntax says.
create type reimbursement.account_range as range (subtype = text, collation = "C");

-- A parsed filter. The terms are folded to upper case; a single account is a range of one.
create type reimbursement.account_filter as (
    selects boolean,                                   -- has a positive term: otherwise all but the excluded
    included reimbursement.account_multirange,
    included_patterns text[],                          -- LIKE patterns
    includes_blank boolean,
    excluded reimbursement.account_multirange,
    excluded_patterns text[],
    excludes_blank boolean
);
comment on type reimbursement.account_filter is 'A filter on accounts or groups, parsed by parse_account_filter.';

-- What a reimbursement run was asked to do, with its dates resolved.
create type reimbursement.reimbursement_choices as (
    posting_date date,
    credits_through date,
    summarize_customer boolean,
    include_open_debits boolean,
    net_open_debits boolean,
    customer_filter text,
    customer_group_filter text,
    currency text
);
comment on type reimbursement.reimbursement_choices is 'The choices of a reimbursement run, dates resolved.';

-- A row of the preview: a reimbursement to be, or a skipped customer.
create type reimbursement.reimbursement_preview as (
    customer_account text,
    currency text,
    dimensions jsonb,
    amount numeric,
    accounting_amount numeric,
    vendor_account text,
    new_vendor boolean,
    netted_amount numeric,
    skip_reason text
);
comment on type reimbursement.reimbursement_preview is
'A reimbursement that a run would make, or a customer that it would skip, and why.';

-- What a job has done, as its transfer reports it. The amount is in accounting currency.
create type reimbursement.job_result as (
    customers_reimbursed integer,
    customers_skipped integer,
    accounting_amount numeric
);
comment on type reimbursement.job_result is 'What a job has done, as its transfer reports it.';

-- A rule that the books break somewhere, as check_books finds it.
create type reimbursement.violation as (
    legal_entity_id text,
    rule text,
    reference text,
    expected text,
    found text
);
comment on type reimbursement.violation is 'A rule that the books break: where, what was expected, and what was found.';
