-- What is asked of a selection: not only whom a run would leave out, but every reason, with what would change it.

create type reimbursement.explanation as (
    reason text,
    is_first boolean,
    found jsonb,
    remedy text
);
comment on type reimbursement.explanation is
'A reason why a customer or an invoice is left out, whether it is the one that a run reports, the rows behind it, and what would change it.';
