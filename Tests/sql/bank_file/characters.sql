-- The characters that the files for the bank are written in: SEPA's, whatever a text has.
select plan(31);

select is(reimbursement.sepa_text(t.given), t.written, t.what)
from (
    values
    ('SEPA''s own characters stay', 'abcxyz ABCXYZ 0189 a/b-?:().,''+', 'abcxyz ABCXYZ 0189 a/b-?:().,''+'),
    ('letters lose their marks', 'Çelik Łódź Nguyễn İstanbul Ğ Ő ů ñ', 'Celik Lodz Nguyen Istanbul G O u n'),
    ('umlauts too', 'Müller ÄÖÜäöü', 'Muller AOUaou'),
    ('marks that follow their letter', e'Mu\u0308lle\ufe24r', 'Muller'),
    ('ligatures are two letters', 'Straße ẞ Æneas œuvre ﬁne Ĳ', 'Strasse SS AEneas oeuvre fine IJ'),
    ('letters of the north', 'Ærø Đorđe Þór ð ħ', 'AEro Dorde THor d h'),
    ('Greek', 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ ΆΈΉΊΌΎΏΪΫ', 'AVGDEZITHIKLMNXOPRSTYFCHPSO AEIIOYOIY'),
    ('Greek small letters', 'αβγδεζηθικλμνξοπρσςτυφχψω άέήίόύώΐΰ', 'avgdezithiklmnxoprsstyfchpso aeiioyoiy'),
    ('Bulgarian', 'АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ', 'ABVGDEZHZIYKLMNOPRSTUFHTSCHSHSHTAYYUYA'),
    ('Bulgarian small letters', 'абвгдежзийклмнопрстуфхцчшщъьюя', 'abvgdezhziyklmnoprstufhtschshshtayyuya'),
    ('Russian and Ukrainian', 'Объём Эры Київ Єва', 'Obaem Ery Kiiv IEva'),
    ('Serbian and Macedonian', 'Ђорђе Љубав Ѓорѓи', 'DJordje LJubav Gorgi'),
    ('the nearest sign', 'A & B; C_D ~ [E] {F} | G\H', 'A + B, C-D - (E) (F) / G/H'),
    ('quotes', '"a" “b” „c“ «d» ‘e’ `f´', '''a'' ''b'' ''c'' ''d'' ''e'' ''f'''),
    ('dashes', 'a–b—c−d‐e', 'a-b-c-d-e'),
    ('the at sign and the euro sign', 'ann@contoso.com 5 €', 'ann(at)contoso.com 5 EUR'),
    ('what has no likeness is a full stop', 'a!b#c$d%e*f=g<h>i^j§k李', 'a.b.c.d.e.f.g.h.i.j.k.'),
    ('signs that stand for letters', '№ 5 ™ ½ ² … Ａ', 'No 5 TM 1/2 2 ... A'),
    ('white space is one space', e' a\t\r\n b\u00a0\u2003c  d ', 'a b c d'),
    ('two spaces are one, where nothing else is wrong', 'a  b ', 'a b'),
    ('control characters too', e'a\u0001\u0085b\u007f', 'a b'),
    ('what cannot be seen goes', e'a\u200bb\u00ad\ufeffc', 'abc'),
    ('no slash begins or ends it, and none follows another', ' //a//b///c/ / ', 'a/b/c'),
    ('an empty text', '', ''),
    ('only Chinese', '李小龍', ''),
    ('only Arabic', 'محمد ١٢', ''),
    ('only signs', '-?:.', ''),
    ('only signs that would become letters', '@@ €', ''),
    ('one letter is enough', '李 A', '. A')
) as t (what, given, written);
select is(reimbursement.sepa_text(null), null, 'no text is no text');
select is(
    (select count(*) from generate_series(1, 55295) as c (code)
        where reimbursement.sepa_text('a' || chr(c.code) || 'b') !~ '^[a-zA-Z0-9/?:().,''+ -]+$'),
    0::bigint, 'whatever is given, nothing else is written');

select * from finish();
