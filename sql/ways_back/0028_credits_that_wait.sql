-- The way back from explanations.

drop type reimbursement.explanation cascade;
