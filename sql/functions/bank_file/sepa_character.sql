-- What stands in a bank file for one character that SEPA does not have, without the marks it may bear.
--
-- By the European Payments Council's conversion table (EPC217-08), Latin letters become their basic letter, Greek and
-- Bulgarian letters are transliterated, signs become the nearest sign, and what has none becomes a full stop. Where the
-- table has one letter for two (ß Æ Œ Þ) both are written. Quotes, dashes, and the letters that Russian, Ukrainian,
-- Serbian and Macedonian have and Bulgarian has not, are full stops in the table and are written here.
create or replace function reimbursement.sepa_character(p_character text) returns text
language sql immutable strict parallel safe
as $$
    select coalesce('{
        "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ẞ": "SS", "ß": "ss", "Þ": "TH", "þ": "th",
        "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Ə": "E", "ə": "e", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k",
        "Ł": "L", "ł": "l", "Ŋ": "N", "ŋ": "n", "Ø": "O", "ø": "o", "Ŧ": "T", "ŧ": "t", "Ƶ": "Z", "ƶ": "z",

        "Α": "A", "Β": "V", "Γ": "G", "Δ": "D", "Ε": "E", "Ζ": "Z", "Η": "I", "Θ": "TH", "Ι": "I", "Κ": "K",
        "Λ": "L", "Μ": "M", "Ν": "N", "Ξ": "X", "Ο": "O", "Π": "P", "Ρ": "R", "Σ": "S", "Τ": "T", "Υ": "Y",
        "Φ": "F", "Χ": "CH", "Ψ": "PS", "Ω": "O",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
        "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
        "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",

        "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ж": "ZH", "З": "Z", "И": "I", "К": "K",
        "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U", "Ф": "F",
        "Х": "H", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHT", "Ъ": "A", "Ь": "Y", "Ю": "YU", "Я": "YA",
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ъ": "a", "ь": "y", "ю": "yu", "я": "ya",
        "Ы": "Y", "ы": "y", "Э": "E", "э": "e", "Є": "IE", "є": "ie", "І": "I", "і": "i", "Ґ": "G", "ґ": "g",
        "Ђ": "DJ", "ђ": "dj", "Ј": "J", "ј": "j", "Љ": "LJ", "љ": "lj", "Њ": "NJ", "њ": "nj", "Ћ": "C", "ћ": "c",
        "Џ": "DZ", "џ": "dz", "Ѕ": "DZ", "ѕ": "dz",

        "&": "+", ";": ",", "_": "-", "~": "-", "¿": "?", "[": "(", "{": "(", "]": ")", "}": ")",
        "\\": "/", "|": "/", "⁄": "/",
        "\"": "''", "`": "''", "‘": "''", "’": "''", "‚": "''", "‛": "''", "“": "''", "”": "''", "„": "''",
        "‟": "''", "‹": "''", "›": "''", "«": "''", "»": "''", "′": "''", "ʹ": "''", "ʻ": "''", "ʼ": "''", "ʽ": "''",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-"
    }'::jsonb ->> p_character, '.')
$$;

comment on function reimbursement.sepa_character(text) is
'What stands in a bank file for one character that SEPA does not have; a full stop for what has no likeness.';
