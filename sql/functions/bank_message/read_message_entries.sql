-- Reads the entries of a message, each as XML of its own: what a piece of the message says, and where it stands.
--
-- Only what the skeleton has a mark for is an entry: what looks like one in a comment is none.
-- Returns: the entry's place, the account that it is under, the batch, and the entry as a document.
-- Raises: RB066 an entry is not well-formed, and which.
create or replace function reimbursement.read_message_entries(p_content text, p_message reimbursement.bank_message)
returns table ("position" bigint, account_iban text, payment_information text, document xml)
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
#variable_conflict use_column
declare
    v_element constant text := case p_message.message_kind when 'pain.002' then 'TxInfAndSts' else 'Ntry' end;
    v_end constant text := '</' || p_message.prefix || 'Document>';
    v_problem text;
    v_entry bigint;
begin
    return query
    select p.position, m.account_iban, m.payment_information, xmlparse(document p_message.root || p.entry || v_end)
    from (
        select
            x.no, upper(replace(x.account_iban, ' ', '')) as account_iban, nullif(x.payment_information, '')
            as payment_information
        from xmltable(
            xmlnamespaces(p_message.namespace as m), '//m:Ntry | //m:TxInfAndSts' passing p_message.skeleton
            columns
                no bigint path '@no',
                account_iban text path 'normalize-space((ancestor::m:Stmt | ancestor::m:Ntfctn)/m:Acct/m:Id/m:IBAN)',
                payment_information text path 'normalize-space(ancestor::m:OrgnlPmtInfAndSts/m:OrgnlPmtInfId)'
        ) as x
    ) as m
    inner join reimbursement.message_pieces(ltrim(p_content, U&'\FEFF'), p_message.prefix, v_element) as p
        on p.position = m.no;
exception when invalid_xml_document or invalid_xml_content or program_limit_exceeded then
    get stacked diagnostics v_problem = pg_exception_detail;
    select min(p.position) into v_entry
    from reimbursement.message_pieces(ltrim(p_content, U&'\FEFF'), p_message.prefix, v_element) as p
    where not xml_is_well_formed_document(p_message.root || p.entry || v_end);
    perform reimbursement.raise_unreadable_message(
        format('its entry %s is not well-formed XML', v_entry), v_problem);
end
$$;

comment on function reimbursement.read_message_entries(text, reimbursement.bank_message) is
'Reads the entries of a message of a bank, each as XML of its own.';
