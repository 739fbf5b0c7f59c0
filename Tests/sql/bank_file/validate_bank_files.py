"""Checks bank files, one JSON object a line on standard input, and says in TAP what was found.

- A credit-transfer message is valid by the official schema of its version (ISO 20022, in the package sepaxml).
- Its texts have SEPA's characters, no slash at an end and no two in a row.
- Its counts and sums are those of its transactions, and of the row it was kept in.
- The files of the same payments, in whatever format, have the same number and the same transactions, by payment number.
- A file has the digest that was kept with it.
"""

import csv
import hashlib
import io
import json
import re
import sys
from decimal import Decimal
from importlib.resources import files
from itertools import groupby
from xml.etree import ElementTree

import xmlschema

SEPA_TEXT = re.compile(r"(?!.*//)(?!/)[A-Za-z0-9/?:().,'+ -]+(?<!/)")
CSV_FIELDS = (
    "message_id payment_number end_to_end_id execution_date debtor_name debtor_iban debtor_bic creditor_name "
    "creditor_iban creditor_bic street building postcode town country currency amount remittance"
).split()
schemas = {}


def schema(version: str) -> xmlschema.XMLSchema:
    if version not in schemas:
        schemas[version] = xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / f"{version}.xsd"))
    return schemas[version]


def read_message(content: str, version: str):
    """The transactions of a message, as CSV has them, and what is wrong with it."""
    problems = [
        f"{error.path}: {error.reason}" for error in schema(version).iter_errors(io.BytesIO(content.encode()))
    ]
    document = ElementTree.fromstring(content.encode())
    for element in document.iter():
        element.tag = element.tag.split("}")[1]
        if element.text and element.text.strip() and not SEPA_TEXT.fullmatch(element.text):
            problems.append(f"{element.tag} has other characters: {element.text!r}")

    message = document[0]
    transactions = []
    for batch in message.findall("PmtInf"):
        totals(batch, batch, problems)
        for t in batch.findall("CdtTrfTxInf"):
            paths = [
                (message, "GrpHdr/MsgId"), (t, "PmtId/InstrId"), (t, "PmtId/EndToEndId"),
                (batch, "ReqdExctnDt" if version.endswith("03") else "ReqdExctnDt/Dt"), (batch, "Dbtr/Nm"),
                (batch, "DbtrAcct/Id/IBAN"), (batch, "DbtrAgt/FinInstnId/BIC*"), (t, "Cdtr/Nm"),
                (t, "CdtrAcct/Id/IBAN"), (t, "CdtrAgt/FinInstnId/BIC*"), (t, "Cdtr/PstlAdr/StrtNm"),
                (t, "Cdtr/PstlAdr/BldgNb"), (t, "Cdtr/PstlAdr/PstCd"), (t, "Cdtr/PstlAdr/TwnNm"),
                (t, "Cdtr/PstlAdr/Ctry"), (t, "Amt/InstdAmt/@Ccy"), (t, "Amt/InstdAmt"), (t, "RmtInf/Ustrd"),
            ]
            transactions.append([text(element, path, version) for element, path in paths])
    totals(message.find("GrpHdr"), message, problems)
    return sorted(transactions, key=lambda row: row[1]), problems


def text(element: ElementTree.Element, path: str, version: str) -> str:
    if path.endswith("/@Ccy"):
        return element.find(path.removesuffix("/@Ccy")).get("Ccy")
    return element.findtext(path.replace("BIC*", "BIC" if version.endswith("03") else "BICFI")) or ""


def totals(header: ElementTree.Element, body: ElementTree.Element, problems: list[str]) -> None:
    amounts = [Decimal(amount.text) for amount in body.iter("InstdAmt")]
    if (int(header.findtext("NbOfTxs")), Decimal(header.findtext("CtrlSum"))) != (len(amounts), sum(amounts)):
        problems.append(f"count or sum of {header.tag} is not that of its {len(amounts)} transactions, {sum(amounts)}")


def read_csv(content: str):
    rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    problems = [] if rows[0] == CSV_FIELDS else [f"the header is {rows[0]}"]
    if not content.endswith("\r\n") or "\n" in content.replace("\r\n", ""):
        problems.append("a line does not end in CR LF")
    problems += [f"a formula: {field}" for row in rows for field in row if re.match("[-+=@]", field)]
    # An apostrophe before a sign is only there for spreadsheets.
    return [[re.sub("^'(?=[-+])", "", field) for field in row] for row in rows[1:]], problems


tests = 0
for name, of_payments in groupby(
    (json.loads(line, parse_float=Decimal) for line in sys.stdin), key=lambda file: file["name"]
):
    first = None
    for file in of_payments:
        content, version = file["content"], file["format"]
        rows, problems = read_csv(content) if version == "csv" else read_message(content, version)
        if (len(rows), sum(Decimal(row[-2]) for row in rows)) != (file["payments"], Decimal(file["control_sum"])):
            problems.append("count or sum is not the one that was kept")
        if hashlib.sha256(content.encode()).hexdigest() != file["sha256"]:
            problems.append("the digest is of something else")
        if first is None:
            first = rows
        problems += [f"{row} is {other} in another format" for row, other in zip(rows, first) if row != other]

        tests += 1
        print(f"{'not ok' if problems else 'ok'} {tests} - {version}, {name}: {len(rows)} payments")
        for problem in problems[:10]:
            print(f"# {problem}")
print(f"1..{tests}")
