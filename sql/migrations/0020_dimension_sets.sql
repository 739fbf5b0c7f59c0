-- A dimension set is found by its key or by its dimensions, never by its legal entity alone: the check of a foreign
-- key, which a session plans once and maybe when there is one set, read all sets of the legal entity for each
-- transaction.

drop index reimbursement.dimension_sets_are_stored_once;
create unique index dimension_sets_are_stored_once
on reimbursement.dimension_sets (md5(dimensions::text), legal_entity_id);
