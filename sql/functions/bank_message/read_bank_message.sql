-- Reads what a message of a bank is, and refuses what is none.
--
-- A document type definition is refused before anything is parsed: it could expand to anything, or read files. The
-- message is parsed without its entries, of which a mark is left for each (message_pieces): so the memory follows the
-- largest entry and not the message.
-- Returns: the message without its entries. Raises: RB066 it cannot be read, and where.
create or replace function reimbursement.read_bank_message(p_content text) returns reimbursement.bank_message
language plpgsql stable set search_path = reimbursement, pg_temp
as $$
declare
    c_bytes constant int := 256 * 1024 * 1024;
    c_namespace constant text := 'urn:iso:std:iso:20022:tech:xsd:';
    c_types constant text[] := array[
        'pain.002.001.03', 'pain.002.001.10', 'camt.053.001.02', 'camt.053.001.08', 'camt.054.001.02',
        'camt.054.001.08'];
    v_beginning constant text := left(p_content, 8000);
    v_encoding constant text := upper(
        substring(v_beginning from '^\s*<\?xml\s[^>]*encoding\s*=\s*["'']([^"'']*)["'']'));
    v_message reimbursement.bank_message;
    v_element text;
    v_problem text;
    v_header record;
begin
    v_problem := case
        when octet_length(p_content) > c_bytes
            then format('it has %s bytes, and at most %s are read', octet_length(p_content), c_bytes)
        when strpos(p_content, '<!DOCTYPE') > 0 then 'it has a document type definition'
        when v_encoding ~ '^(UTF|UCS)[-_]?(16|32|2|4)' or pg_char_to_encoding(v_encoding) < 0
            then format('it says that it is encoded in %s, which it is not', v_encoding)
        when v_beginning !~ '<([\w.-]+:)?Document[\s>]' then 'it is no ISO 20022 document'
    end;
    if v_problem is not null then
        perform reimbursement.raise_unreadable_message(v_problem);
    end if;

    v_message.root := substring(v_beginning from '<(?:[\w.-]+:)?Document(?:\s[^>]*)?>');
    v_message.prefix := coalesce(substring(v_message.root from '^<([\w.-]+:)'), '');
    v_element := v_message.prefix || case when v_message.root ~ 'pain\.002' then 'TxInfAndSts' else 'Ntry' end;
    begin
        select
            xmlparse(document string_agg(
                p.before || case when p.entry is not null
                    then format('<%s no="%s"/>', v_element, p.position) else '' end,
                '' order by p.position))
        into v_message.skeleton
        from reimbursement.message_pieces(ltrim(p_content, U&'\FEFF'), v_element) as p;
    exception when invalid_xml_document or invalid_xml_content or program_limit_exceeded then
        get stacked diagnostics v_problem = pg_exception_detail;
        perform reimbursement.raise_unreadable_message('it is not well-formed XML', v_problem);
    end;

    v_message.namespace := (xpath('namespace-uri(/*)', v_message.skeleton))[1]::text;
    v_message.message_type := substr(v_message.namespace, length(c_namespace) + 1);
    v_message.message_kind := left(v_message.message_type, 8);
    if v_message.namespace is distinct from c_namespace || v_message.message_type
        or v_message.message_type <> all (c_types)
    then
        perform reimbursement.raise_unreadable_message(format('its type is "%s"', v_message.namespace));
    end if;

    select h.* into v_header
    from xmltable(
        xmlnamespaces(v_message.namespace as m), '/m:Document' passing v_message.skeleton
        columns
            reports text path 'count(m:CstmrPmtStsRpt | m:BkToCstmrStmt | m:BkToCstmrDbtCdtNtfctn)',
            message_id text path 'normalize-space(*/m:GrpHdr/m:MsgId)',
            created text path 'normalize-space(*/m:GrpHdr/m:CreDtTm)',
            unmarked text path 'count(//m:Ntry[not(@no)] | //m:TxInfAndSts[not(@no)])'
    ) as h;
    v_message.message_id := v_header.message_id;
    v_message.message_date := reimbursement.message_date(v_header.created);
    v_problem := case
        when v_header.reports <> '1' then 'it has no report, statement or notification'
        when v_message.message_id = '' or length(v_message.message_id) > 35
            then format('its identification (MsgId) is "%s"', left(v_message.message_id, 100))
        when v_message.message_date is null
            then format('the time of its creation (CreDtTm) is "%s"', left(v_header.created, 100))
        when v_header.unmarked <> '0' then 'its tags have different prefixes'
    end;
    if v_problem is not null then
        perform reimbursement.raise_unreadable_message(v_problem);
    end if;
    return v_message;
end
$$;

comment on function reimbursement.read_bank_message(text) is
'Reads what a message of a bank is, without its entries, and refuses what is none.';
