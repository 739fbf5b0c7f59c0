"""Checks what the files under sql/ hold: python Tests/lint/sql_files.py

- A file of sql/rules, sql/functions or sql/views creates one object, the one it is named for, comments on it, and
  opens with a comment that says what it is for.
- Keywords are lower case in the bodies of functions too, which are plain strings to an SQL linter.
- A line has at most 120 characters, not counting what it quotes, no tab and no white space at its end.

Prints a line for each problem and exits 1 if there is one.
"""

import re
import sys
from pathlib import Path

LONGEST_LINE = 120
KEYWORDS = (
    "select insert update delete from where join left inner outer cross lateral on using and or not null is in exists "
    "between like case when then else elsif end order group by having limit offset union all except intersect distinct "
    "with recursive materialized values returning into set default create replace function returns language immutable "
    "stable volatile strict as declare begin if loop for foreach while exit return next query raise exception perform "
    "execute get diagnostics found true false table view index unique primary key references check constraint "
    "coalesce nullif greatest least cast extract lock share nowait skip locked conflict do nothing asc desc nulls first "
    "last over partition filter within"
).split()
UPPER_CASE_KEYWORD = re.compile(r"\b(" + "|".join(word.upper() for word in KEYWORDS) + r")\b")
COMMENTS_AND_STRINGS = re.compile(
    r"""--[^\n]*            # a comment
      | /\*.*?\*/           # a comment of several lines
      | '(?:[^']|'')*'      # a string
      | "(?:[^"]|"")*"      # a quoted name
    """,
    re.VERBOSE | re.DOTALL,
)
CREATED = re.compile(
    r"^create (?:or replace )?(function|procedure|view|materialized view) (?:reimbursement\.)?(\w+)", re.MULTILINE
)


def blank(match: re.Match[str]) -> str:
    """Blanks a comment or string out, its line breaks apart."""
    return re.sub(r"[^\n]", " ", match.group())


def shorten(match: re.Match[str]) -> str:
    """Drops what a string holds, its line breaks apart; keeps a comment."""
    return re.sub(r"[^\n]", "", match.group()) if match.group().startswith("'") else match.group()


def problems_of_lines(text: str):
    code = COMMENTS_AND_STRINGS.sub(blank, text).split("\n")
    unquoted = COMMENTS_AND_STRINGS.sub(shorten, text).split("\n")
    for number, (line, code_line, unquoted_line) in enumerate(zip(text.split("\n"), code, unquoted), start=1):
        if len(unquoted_line) > LONGEST_LINE:
            yield number, f"has {len(line)} characters, {LONGEST_LINE} are the most"
        if "\t" in line:
            yield number, "has a tab"
        if line != line.rstrip():
            yield number, "ends in white space"
        if keyword := UPPER_CASE_KEYWORD.search(code_line):
            yield number, f"has the keyword {keyword.group()} in upper case"
    if not text.endswith("\n") or text.endswith("\n\n"):
        yield text.count("\n") + 1, "does not end in one line break"


def problems_of_object(path: Path, text: str):
    name = re.sub(r"^\d+_", "", path.stem)
    created = CREATED.findall(COMMENTS_AND_STRINGS.sub(blank, text))
    if [created_name for _, created_name in created] != [name]:
        yield 1, f"creates {', '.join(other for _, other in created) or 'nothing'}, not just {name}"
    else:
        kind = created[0][0]
        if not re.search(rf"^comment on {kind} reimbursement\.{name}\b", text, re.MULTILINE):
            yield 1, f"has no 'comment on {kind} reimbursement.{name}'"
    if not text.startswith("-- "):
        yield 1, "does not open with a comment that says what it is for"


def main() -> int:
    top = Path(__file__).resolve().parents[2]
    problems = []
    for path in sorted((top / "sql").rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        found = list(problems_of_lines(text))
        if path.relative_to(top).parts[1] in ("rules", "functions", "views"):
            found += problems_of_object(path, text)
        problems += [f"{path.relative_to(top)}:{line}: {problem}" for line, problem in found]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
