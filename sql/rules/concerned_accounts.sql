-- Whose payments a change of customers or vendors concerns: the vendor who gets another bank account or name by it, and
-- the customer whose one-time vendor takes them over.
--
-- p_old and p_new: the row before and after; null where there is none. A vendor is concerned who is inserted with bank
-- details, whose bank details, name or account change, or to whom a customer is newly pointed; a customer who is
-- inserted with bank details, or whose bank details or name change. What refresh_one_time_vendors() writes on a vendor
-- is the customer's, and concerned already who changed that.
create or replace function reimbursement.concerned_accounts(
    p_table_name text, p_old jsonb, p_new jsonb, out vendor text, out customer text
)
language sql immutable
as $$
    select
        case
            when p_table_name = 'vendors' and d.are_concerned then p_new ->> 'vendor_account'
            when p_table_name = 'customers' and p_new ->> 'vendor_account' is distinct from p_old ->> 'vendor_account'
                then nullif(p_new ->> 'vendor_account', '')
        end,
        case when p_table_name = 'customers' and d.are_concerned then p_new ->> 'customer_account' end
    from (
        select case
            when p_new is null then false
            when p_table_name = 'vendors' and p_old is not null
                and p_new ->> 'refreshed_at' is distinct from p_old ->> 'refreshed_at' then false
            when p_old is null then coalesce(p_new ->> 'iban', p_new ->> 'bic') is not null
            else (p_new ->> 'iban', p_new ->> 'bic', p_new ->> 'name', p_new ->> rtrim(p_table_name, 's') || '_account')
                is distinct from
                (p_old ->> 'iban', p_old ->> 'bic', p_old ->> 'name', p_old ->> rtrim(p_table_name, 's') || '_account')
        end as are_concerned
    ) as d
$$;

comment on function reimbursement.concerned_accounts(text, jsonb, jsonb) is
'Whose payments a change of customers or vendors concerns.';
