-- Cuts a message after each of its entries, so that no large one has to be in memory as XML at once.
--
-- p_element: the name of an entry's tag, with its prefix: Ntry, or ns2:Ntry.
-- Returns a row a piece, in their order: what stands before the entry, and the entry; the last has none.
-- What is no entry but looks like one, in a comment, is cut too: only the marks that the skeleton keeps count.
create or replace function reimbursement.message_pieces(p_content text, p_element text)
returns table ("position" bigint, before text, entry text)
language sql immutable
as $$
    select
        t."position",
        case when k.begins > 0 then left(t.piece, k.begins - 1) else t.piece end,
        case when k.begins > 0 then substr(t.piece, k.begins) || '</' || p_element || '>' end
    from string_to_table(p_content, '</' || p_element || '>') with ordinality as t (piece, "position")
    cross join lateral (select strpos(t.piece, '<' || p_element)) as k (begins)
$$;

comment on function reimbursement.message_pieces(text, text) is 'Cuts a message after each of its entries.';
