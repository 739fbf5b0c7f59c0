-- The way back from credits that wait, dates within reach and vendors that follow.

do $$
declare
    v_lost text;
begin
    select string_agg(l.loss, '; ' order by l.loss) into v_lost
    from (
        select format('the holds of %s customer transactions', count(*)) as loss
        from reimbursement.customer_transactions as t
        where t.held_until is not null or t.hold_reason is not null
        having count(*) > 0
        union all
        select format('%s rows of credit_rules', count(*))
        from reimbursement.credit_rules
        having count(*) > 0
        union all
        select format('%s skips of customers whose credits were held', count(*))
        from reimbursement.customer_skips as s
        where s.skip_reason = 'credits_held'
        having count(*) > 0
        union all
        select format('the max_days_ahead of %s legal entities', count(*))
        from reimbursement.legal_entities as le
        where le.max_days_ahead <> 31
        having count(*) > 0
        union all
        select format('the due_in_days of %s runs that have not ended', count(distinct j.run_id))
        from reimbursement.jobs as j
        inner join reimbursement.run_requests as q on q.legal_entity_id = j.legal_entity_id and q.run_id = j.run_id
        where j.state in ('scheduled', 'awaiting_approval', 'ready', 'running') and q.choices ? 'due_in_days'
        having count(*) > 0
        union all
        select format('what people have changed by hand of %s one-time vendors', count(*))
        from reimbursement.vendors as v
        where v.edited_by_hand <> '{}'
        having count(*) > 0
    ) as l;
    if v_lost is not null then
        raise exception using errcode = 'object_in_use',
            message = format('taking this migration back would lose %s', v_lost),
            hint = 'Set holds, limits and edited_by_hand back and delete the rules, if they may go; let those runs end. Skips stay: with them, stay at this version.';
    end if;
end
$$;

drop trigger vendors_note_edit on reimbursement.vendors;
drop trigger customer_transactions_log_holds on reimbursement.customer_transactions;
drop table reimbursement.credit_rules;
-- The views that read the columns go; the program of the version before makes its own at its next migrate.
do $$
declare
    v_views text;
begin
    with recursive readers as (
        select r.ev_class as view
        from pg_catalog.pg_depend as d
        inner join pg_catalog.pg_rewrite as r on r.oid = d.objid
        where d.classid = 'pg_rewrite'::regclass and d.refobjid = 'reimbursement.vendors'::regclass
        union
        select r.ev_class
        from readers as v
        inner join pg_catalog.pg_depend as d on d.refobjid = v.view and d.classid = 'pg_rewrite'::regclass
        inner join pg_catalog.pg_rewrite as r on r.oid = d.objid
        where r.ev_class <> v.view
    )
    select string_agg(distinct v.view::regclass::text, ', ') into v_views
    from readers as v
    inner join pg_catalog.pg_class as c on c.oid = v.view
    inner join reimbursement.installed_objects as i on i.kind = 'view' and i.name = c.relname
    where c.relnamespace = 'reimbursement'::regnamespace;
    if v_views is not null then
        execute 'drop view ' || v_views;
    end if;
end
$$;
alter table reimbursement.vendors drop column edited_by_hand, drop column refreshed_at;
alter type reimbursement.reimbursement_batch drop attribute transfer_date;
alter type reimbursement.reimbursement_batch drop attribute due_in_days;
alter type reimbursement.reimbursement_choices drop attribute due_in_days;
alter table reimbursement.legal_entities drop column max_days_ahead;
alter table reimbursement.customer_skips drop constraint customer_skips_held_credits_count_nothing;
alter table reimbursement.customer_skips drop constraint customer_skips_reason_is_known;
alter table reimbursement.customer_skips add constraint customer_skips_reason_is_known check (skip_reason in (
    'on_hold', 'pending_settlement', 'open_debits', 'no_net_credit', 'later_activity', 'no_exchange_rate',
    'below_minimum', 'vendor_missing', 'vendor_on_hold', 'vendor_of_other_customer'
));
alter table reimbursement.customer_transactions drop column held_until, drop column hold_reason;
drop type reimbursement.explanation cascade;
