-- Who may reach which table, view and function: the one place where that is said. apply_access carries it out.
--
-- kind 'table', by what is in it, which says who sees its rows, in the legal entities where he has the duty:
--     books           those who read the books (reading_duties)
--     bank_details    those who see bank details (bank_detail_duties); for others there is a view that masks them
--     bank_files      auditor; logs too
--     queue           those who read the books, and operator
--     everybody       everybody: it belongs to no legal entity
--     owner           the schema's owner alone
--   A master may insert rows of its legal entity with the columns inserted, and change the columns updated. Whatever
--   column is in neither is the owner's, and so are deletions.
-- kind 'view': everybody may select from it. It shows what its caller may see in the tables (security_invoker), or
--   filters for itself by who acts.
-- kind 'function':
--     users           everybody may call it; SECURITY DEFINER, it asks for the duty itself
--     everybody       everybody may call it: constraints, policies and views do, as whoever writes or reads
--   A function that is not named is internal, and nobody but the owner may call it.
-- A table or a view that is not named is nobody's but the owner's, and a test says so; so are the partitions of jobs
-- (secure_job_partitions).
create or replace function reimbursement.access_rules()
returns table (kind text, name text, access text, inserted text [], updated text [])
language sql immutable
as $$
    values
    ('table', 'legal_entities', 'books', '{}'::text [], '{
        name, minimum_reimbursement, time_zone, max_rate_age_days, country, address,
        receivable_account, payable_account, bank_ledger_account, bank_charges_account, realized_gain_account,
        realized_loss_account, one_time_vendor_group, one_time_payment_terms_days, one_time_method_of_payment
    }'::text []),
    ('table', 'ledger_periods', 'books', '{legal_entity_id, starts_on, ends_on, is_open}', '{ends_on, is_open}'),
    ('table', 'exchange_rates', 'books', '{legal_entity_id, currency, valid_from, rate}', '{rate}'),
    ('table', 'number_sequences', 'books', '{legal_entity_id, sequence, format, next_number}', '{format, next_number}'),
    ('table', 'methods_of_payment', 'books', '{legal_entity_id, method_of_payment, needs_bank_account}',
        '{needs_bank_account}'),
    ('table', 'credit_rules', 'books', '{legal_entity_id, transaction_type, is_refundable, cooling_days}',
        '{is_refundable, cooling_days}'),
    ('table', 'dimension_sets', 'books', '{}', '{}'),
    ('table', 'customers', 'bank_details', '{
        legal_entity_id, customer_account, name, vendor_account, customer_group, country, address, language, tax_number,
        iban, bic, on_hold_from, on_hold_to
    }', '{
        name, vendor_account, customer_group, country, address, language, tax_number, iban, bic, on_hold_from, on_hold_to
    }'),
    ('table', 'vendors', 'bank_details', '{
        legal_entity_id, vendor_account, name, vendor_group, is_one_time, payment_terms_days, method_of_payment, iban, bic,
        hold, country, address, language, tax_number, customer_account
    }', '{
        name, vendor_group, is_one_time, payment_terms_days, method_of_payment, iban, bic, hold, country, address, language,
        tax_number, customer_account
    }'),
    ('table', 'bank_accounts', 'bank_details', '{
        legal_entity_id, bank_account, name, currency, iban, bic, ledger_account, bridging_account, is_default
    }', '{name, currency, iban, bic, ledger_account, bridging_account, is_default}'),
    ('table', 'customer_transactions', 'books', '{
        legal_entity_id, customer_account, transaction_type, voucher, transaction_date, due_date, currency, amount,
        accounting_amount, settled_amount, settled_accounting_amount, receivable_account, dimension_set_id,
        source_reference, marked_for, held_until, hold_reason
    }', '{
        customer_account, transaction_type, voucher, transaction_date, due_date, currency, amount, accounting_amount,
        settled_amount, settled_accounting_amount, receivable_account, dimension_set_id, source_reference, marked_for,
        held_until, hold_reason
    }'),
    ('table', 'settlements', 'books', '{}', '{}'),
    ('table', 'reimbursements', 'books', '{}', '{}'),
    ('table', 'vendor_invoices', 'books', '{}', '{}'),
    ('table', 'vendor_transactions', 'books', '{}', '{}'),
    ('table', 'vendor_settlements', 'books', '{}', '{}'),
    ('table', 'ledger_entries', 'books', '{}', '{}'),
    ('table', 'reversals', 'books', '{}', '{}'),
    ('table', 'customer_skips', 'books', '{}', '{}'),
    ('table', 'invoice_skips', 'books', '{}', '{}'),
    ('table', 'invoice_releases', 'books', '{}', '{}'),
    ('table', 'reimbursement_skips', 'books', '{}', '{}'),
    ('table', 'payment_file_changes', 'books', '{}', '{}'),
    ('table', 'payments', 'bank_details', '{}', '{}'),
    ('table', 'payment_files', 'bank_files', '{}', '{}'),
    ('table', 'run_requests', 'queue', '{}', '{}'),
    ('table', 'jobs', 'queue', '{}', '{}'),
    ('table', 'job_errors', 'queue', '{}', '{}'),
    ('table', 'run_totals', 'queue', '{}', '{}'),
    ('table', 'job_partitions', 'everybody', '{}', '{}'),
    ('table', 'job_retention', 'everybody', '{}', '{}'),
    ('table', 'cancel_requests', 'queue', '{}', '{}'),
    ('table', 'run_schedules', 'queue', '{}', '{}'),
    ('table', 'job_limits', 'queue', '{}', '{}'),
    ('table', 'paused_queues', 'everybody', '{}', '{}'),
    ('table', 'connected_workers', 'everybody', '{}', '{}'),
    ('table', 'approval_rules', 'books', '{}', '{}'),
    ('table', 'run_votes', 'books', '{}', '{}'),
    ('table', 'approved_jobs', 'owner', '{}', '{}'),
    ('table', 'approved_rows', 'owner', '{}', '{}'),
    ('table', 'change_log', 'bank_files', '{}', '{}'),
    ('table', 'bank_detail_confirmations', 'books', '{}', '{}'),
    ('table', 'payment_file_rewrites', 'books', '{}', '{}'),
    ('table', 'payment_file_takings', 'books', '{}', '{}'),
    ('table', 'bank_imports', 'owner', '{}', '{}'),
    ('table', 'bank_import_accounts', 'books', '{}', '{}'),
    ('table', 'bank_entries', 'books', '{}', '{}'),
    ('table', 'bank_exception_resolutions', 'books', '{}', '{}'),
    ('table', 'run_kinds', 'everybody', '{}', '{}'),
    ('table', 'migrations', 'everybody', '{}', '{}'),
    ('table', 'installed_objects', 'owner', '{}', '{}'),
    ('table', 'duty_grants', 'owner', '{}', '{}'),
    ('table', 'queue_gates', 'owner', '{}', '{}'),
    ('table', 'waiting_lists', 'owner', '{}', '{}'),
    ('table', 'claim_bounds', 'owner', '{}', '{}'),
    ('table', 'claim_turns', 'owner', '{}', '{}'),

    ('view', 'bank_answers', 'view', '{}', '{}'),
    ('view', 'bank_exceptions', 'view', '{}', '{}'),
    ('view', 'bank_files', 'view', '{}', '{}'),
    ('view', 'bank_messages', 'view', '{}', '{}'),
    ('view', 'blocked_jobs', 'view', '{}', '{}'),
    ('view', 'changes', 'view', '{}', '{}'),
    ('view', 'customer_accounts', 'view', '{}', '{}'),
    ('view', 'customer_balances', 'view', '{}', '{}'),
    ('view', 'duties', 'view', '{}', '{}'),
    ('view', 'job_progress', 'view', '{}', '{}'),
    ('view', 'oldest_transaction', 'view', '{}', '{}'),
    ('view', 'paying_bank_accounts', 'view', '{}', '{}'),
    ('view', 'payment_file_releases', 'view', '{}', '{}'),
    ('view', 'pending_approvals', 'view', '{}', '{}'),
    ('view', 'queues', 'view', '{}', '{}'),
    ('view', 'reimbursement_report', 'view', '{}', '{}'),
    ('view', 'reimbursement_trace', 'view', '{}', '{}'),
    ('view', 'run_approvals', 'view', '{}', '{}'),
    ('view', 'runs', 'view', '{}', '{}'),
    ('view', 'schedules', 'view', '{}', '{}'),
    ('view', 'skipped_customers', 'view', '{}', '{}'),
    ('view', 'skipped_invoices', 'view', '{}', '{}'),
    ('view', 'skipped_reimbursements', 'view', '{}', '{}'),
    ('view', 'vendor_accounts', 'view', '{}', '{}'),
    ('view', 'vendor_balances', 'view', '{}', '{}'),
    ('view', 'vendor_payments', 'view', '{}', '{}'),
    ('view', 'waiting_jobs', 'view', '{}', '{}'),
    ('view', 'workers', 'view', '{}', '{}'),

    ('function', 'enqueue_reimbursement', 'users', '{}', '{}'),
    ('function', 'preview_reimbursement', 'users', '{}', '{}'),
    ('function', 'enqueue_reversal', 'users', '{}', '{}'),
    ('function', 'preview_reversal', 'users', '{}', '{}'),
    ('function', 'settle_transactions', 'users', '{}', '{}'),
    ('function', 'refresh_one_time_vendors', 'users', '{}', '{}'),
    ('function', 'explain_customer', 'users', '{}', '{}'),
    ('function', 'enqueue_vendor_payment', 'users', '{}', '{}'),
    ('function', 'preview_vendor_payment', 'users', '{}', '{}'),
    ('function', 'enqueue_payment_reversal', 'users', '{}', '{}'),
    ('function', 'preview_payment_reversal', 'users', '{}', '{}'),
    ('function', 'hold_invoice', 'users', '{}', '{}'),
    ('function', 'release_invoice', 'users', '{}', '{}'),
    ('function', 'explain_invoice', 'users', '{}', '{}'),
    ('function', 'payment_file', 'users', '{}', '{}'),
    ('function', 'retry_run', 'users', '{}', '{}'),
    ('function', 'cancel_run', 'users', '{}', '{}'),
    ('function', 'pause_queue', 'users', '{}', '{}'),
    ('function', 'resume_queue', 'users', '{}', '{}'),
    ('function', 'keep_jobs', 'users', '{}', '{}'),
    ('function', 'forget_jobs', 'users', '{}', '{}'),
    ('function', 'tend_jobs', 'users', '{}', '{}'),
    ('function', 'limit_jobs', 'users', '{}', '{}'),
    ('function', 'schedule_run', 'users', '{}', '{}'),
    ('function', 'unschedule_run', 'users', '{}', '{}'),
    ('function', 'cancelled_jobs', 'users', '{}', '{}'),
    ('function', 'ended_attempts', 'users', '{}', '{}'),
    ('function', 'enqueue_due_runs', 'users', '{}', '{}'),
    ('function', 'queue_figures', 'users', '{}', '{}'),
    ('function', 'approve_run', 'users', '{}', '{}'),
    ('function', 'reject_run', 'users', '{}', '{}'),
    ('function', 'preview_run', 'users', '{}', '{}'),
    ('function', 'run_digest', 'users', '{}', '{}'),
    ('function', 'confirm_bank_details', 'users', '{}', '{}'),
    ('function', 'release_payment_file', 'users', '{}', '{}'),
    ('function', 'rewrite_payment_file', 'users', '{}', '{}'),
    ('function', 'import_bank_message', 'users', '{}', '{}'),
    ('function', 'resolve_bank_exception', 'users', '{}', '{}'),
    ('function', 'trace', 'users', '{}', '{}'),
    ('function', 'check_books', 'users', '{}', '{}'),
    ('function', 'set_up_legal_entity', 'users', '{}', '{}'),
    ('function', 'dimension_set', 'users', '{}', '{}'),
    ('function', 'grant_duty', 'users', '{}', '{}'),
    ('function', 'revoke_duty', 'users', '{}', '{}'),
    ('function', 'claim_jobs', 'users', '{}', '{}'),
    ('function', 'claim_passes', 'users', '{}', '{}'),
    ('function', 'begin_jobs', 'users', '{}', '{}'),
    ('function', 'execute_job', 'users', '{}', '{}'),
    ('function', 'execute_jobs', 'users', '{}', '{}'),
    ('function', 'fail_job', 'users', '{}', '{}'),
    ('function', 'release_jobs', 'users', '{}', '{}'),
    ('function', 'rescue_jobs', 'users', '{}', '{}'),
    ('function', 'report_worker', 'users', '{}', '{}'),
    ('function', 'retire_worker', 'users', '{}', '{}'),
    ('function', 'queue_drained', 'users', '{}', '{}'),

    ('function', 'acting_role', 'everybody', '{}', '{}'),
    ('function', 'firing_role', 'everybody', '{}', '{}'),
    ('function', 'acts_as_owner', 'everybody', '{}', '{}'),
    ('function', 'has_duty', 'everybody', '{}', '{}'),
    ('function', 'legal_entities_of', 'everybody', '{}', '{}'),
    ('function', 'legal_entities_with_books', 'everybody', '{}', '{}'),
    ('function', 'legal_entities_with_bank_details', 'everybody', '{}', '{}'),
    ('function', 'may_work', 'everybody', '{}', '{}'),
    ('function', 'find_blocked_jobs', 'everybody', '{}', '{}'),
    ('function', 'reading_duties', 'everybody', '{}', '{}'),
    ('function', 'bank_detail_duties', 'everybody', '{}', '{}'),
    ('function', 'mask_bank_detail', 'everybody', '{}', '{}'),
    ('function', 'runs_awaiting_approval', 'everybody', '{}', '{}'),
    ('function', 'fold_account', 'everybody', '{}', '{}'),
    ('function', 'iban_length', 'everybody', '{}', '{}'),
    ('function', 'is_bic', 'everybody', '{}', '{}'),
    ('function', 'is_iban', 'everybody', '{}', '{}'),
    ('function', 'plain_iban', 'everybody', '{}', '{}'),
    ('function', 'is_money', 'everybody', '{}', '{}'),
    ('function', 'minor_unit', 'everybody', '{}', '{}'),
    ('function', 'minor_unit_of_row', 'everybody', '{}', '{}'),
    ('function', 'has_decimals', 'everybody', '{}', '{}'),
    ('function', 'currencies', 'everybody', '{}', '{}')
$$;

comment on function reimbursement.access_rules() is
'Who may reach which table, view and function. What is not named is the owner''s.';
