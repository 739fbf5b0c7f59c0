-- The entries of a message as XML, a megabyte or so at a time, each with its number (no).
--
-- What looks like an entry and has no mark in the skeleton (in a comment) is among them: message_marks says which are.
-- Raises: RB066 an entry is not well-formed, and which.
create or replace function reimbursement.message_documents(p_content text, p_message reimbursement.bank_message)
returns setof xml
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    c_characters constant int := 1000000;
    v_element constant text := p_message.prefix
    || case p_message.message_kind when 'pain.002' then 'TxInfAndSts' else 'Ntry' end;
    v_end constant text := '</' || p_message.prefix || 'Document>';
    v_problem text;
    v_entry bigint;
begin
    return query
    select xmlparse(document p_message.root || string_agg(
        format('<%s no="%s"%s', v_element, k."position", substr(k.entry, length(v_element) + 2)), e'\n'
        order by k."position") || v_end)
    from (
        select p."position", p.entry, sum(length(p.entry)) over (order by p."position") / c_characters as document
        from reimbursement.message_pieces(ltrim(p_content, U&'\FEFF'), v_element) as p
        where p.entry is not null
    ) as k
    group by k.document;
exception when invalid_xml_document or invalid_xml_content or program_limit_exceeded then
    get stacked diagnostics v_problem = pg_exception_detail;
    select min(p."position") into v_entry
    from reimbursement.message_pieces(ltrim(p_content, U&'\FEFF'), v_element) as p
    where not xml_is_well_formed_document(p_message.root || p.entry || v_end);
    perform reimbursement.raise_unreadable_message(
        format('its entry %s is not well-formed XML', v_entry), v_problem);
end
$$;

comment on function reimbursement.message_documents(text, reimbursement.bank_message) is
'The entries of a message of a bank as XML, a megabyte or so at a time.';
