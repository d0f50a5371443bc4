"""camt.053 statements (ISO 20022), message versions .001.02, .001.04 and .001.08."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.days import platform_date
from core.money import Money, WrongCurrency
from payments.statements import sentences
from payments.statements.reading import (
    BOOKED,
    INFO,
    NAME_MAX,
    PENDING,
    Detail,
    Entry,
    Statement,
    StatementRefused,
    account_number,
    clean,
    currency_code,
    few_enough,
    lines,
    money,
    reference,
)

VERSIONS = ("camt.053.001.02", "camt.053.001.04", "camt.053.001.08")
_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
_STATUS = {"BOOK": BOOKED, "PDNG": PENDING, "FUTR": PENDING, "INFO": INFO}
_OPENING = ("OPBD", "PRCD", "ITBD")
_CLOSING = ("CLBD", "ITBD")
# Bank transaction codes of a payment that comes back: by return, and by our own recall.
_RETURNS = {"RRTN", "RPCR"}


@dataclass(frozen=True)
class _Node:
    """An element and the only namespace in which anything is looked up."""

    element: Element
    namespace: str

    def all(self, path: str) -> list["_Node"]:
        steps = "/".join(f"{{{self.namespace}}}{step}" for step in path.split("/"))
        return [_Node(found, self.namespace) for found in self.element.findall(steps)]

    def first(self, *paths: str) -> "_Node | None":
        return next((found for path in paths for found in self.all(path)), None)

    def text(self, *paths: str) -> str:
        found = self.first(*paths)
        return (found.element.text or "").strip() if found else ""


def read(data: bytes) -> list[Statement]:
    """Every statement of a camt.053 message. Raises StatementRefused."""
    root = _parse(data)
    namespace, _brace, tag = root.tag.removeprefix("{").rpartition("}")
    version = namespace.removeprefix(_NAMESPACE)
    if tag != "Document" or version not in VERSIONS:
        raise StatementRefused(
            sentences.OTHER_MESSAGE,
            version=clean(version[:60] or tag[:60]),
            versions=", ".join(VERSIONS),
        )
    statements = _Node(root, namespace).all("BkToCstmrStmt/Stmt")
    if not statements:
        raise StatementRefused(sentences.NO_STATEMENT)
    few_enough(sum(len(statement.all("Ntry")) for statement in statements))
    return [_statement(statement, version) for statement in statements]


def _parse(data: bytes) -> Element:
    try:
        return fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise StatementRefused(sentences.WITH_ENTITIES) from None
    except (ParseError, ValueError, LookupError):  # the last two: encodings expat cannot read
        raise StatementRefused(sentences.DAMAGED_XML) from None


def _statement(node: _Node, version: str) -> Statement:
    opening, opening_date = _balance(node, _OPENING, 0)
    closing, closing_date = _balance(node, _CLOSING, -1)
    sequence = node.text("ElctrncSeqNb", "LglSeqNb")
    page = node.text("StmtPgntn/PgNb")
    return Statement(
        format=version,
        account=account_number(node.text("Acct/Id/IBAN", "Acct/Id/Othr/Id")),
        bic=clean(node.text("Acct/Svcr/FinInstnId/BICFI", "Acct/Svcr/FinInstnId/BIC")),
        statement_id=clean(node.text("Id")),
        sequence=int(sequence) if re.fullmatch("[0-9]{1,9}", sequence) else None,
        currency=currency_code(node.text("Acct/Ccy") or opening.currency),
        opening=opening,
        closing=closing,
        opening_date=opening_date,
        closing_date=closing_date,
        entries=tuple(_entry(entry) for entry in node.all("Ntry")),
        page=int(page) if re.fullmatch("[0-9]{1,5}", page) else 1,
    )


def _balance(node: _Node, codes: tuple[str, ...], which: int) -> tuple[Money, date]:
    """The first (0) or last (-1) balance of the best kind there is: final before interim."""
    for code in codes:
        found = [b for b in node.all("Bal") if b.text("Tp/CdOrPrtry/Cd") == code]
        if found:
            amount, day = _amount(found[which]), _date(found[which], "Dt")
            if day is None:
                raise StatementRefused(sentences.BALANCE_WITHOUT_DATE)
            return (amount if _is_credit(found[which]) else -amount), day
    raise StatementRefused(sentences.BALANCES_MISSING)


def _entry(node: _Node) -> Entry:
    credit = _is_credit(node)
    reversal = node.text("RvslInd") in {"true", "1"}
    returned = reversal or _is_return(node)
    transfers = node.all("NtryDtls/TxDtls")
    details = tuple(_detail(transfer, credit, returned) for transfer in transfers)
    count = max(1, len(details), *(_count(b) for b in node.all("NtryDtls/Btch")))
    only = details[0] if len(details) == 1 and count == 1 else Detail()
    booked_on, value_on = _date(node, "BookgDt"), _date(node, "ValDt")
    status = _STATUS.get(node.text("Sts/Cd", "Sts"), INFO)
    if status == BOOKED and not (booked_on or value_on):
        raise StatementRefused(sentences.ENTRY_WITHOUT_DATE)
    inner = transfers[0].text("Refs/AcctSvcrRef") if len(transfers) == 1 else ""
    told = {name: value for name, value in vars(only).items() if name != "amount"}
    told["texts"] = _texts(node, "AddtlNtryInf") + only.texts
    told["instructed_amount"] = only.instructed_amount or _optional(node, "AmtDtls/InstdAmt")
    told["charges"] = only.charges or _charges(node)
    return Entry(
        **told,
        reference_bank=reference(node.text("AcctSvcrRef") or inner),
        amount=_amount(node),
        credit=credit,
        status=status,
        reversal=reversal,
        booked_on=booked_on or value_on,
        value_on=value_on or booked_on,
        details_count=count,
        details=details,
    )


def _is_return(node: _Node) -> bool:
    return node.text("BkTxCd/Domn/Fmly/SubFmlyCd") in _RETURNS


def _return_of(node: _Node, returned: bool) -> str:
    """The id of what comes back. The standard leaves it in its place; some banks name it anew."""
    why = node.first("RtrInf")
    if not (why or returned or _is_return(node)):
        return ""
    inside = why.element.iter(f"{{{node.namespace}}}OrgnlEndToEndId") if why else ()
    original = next((found.text for found in inside), "")
    return reference(original) or reference(node.text("Refs/EndToEndId"))


def _detail(node: _Node, credit: bool, returned: bool) -> Detail:
    # Only money that came in has a payer other than ourselves.
    debtor = ("RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm")
    account = ("RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id")
    return Detail(
        payer_name=clean(node.text(*debtor), NAME_MAX) if credit else "",
        payer_account=account_number(node.text(*account)) if credit else "",
        texts=_texts(node, "RmtInf/Ustrd", "AddtlTxInf"),
        end_to_end_id=reference(node.text("Refs/EndToEndId")),
        return_of=_return_of(node, returned),
        creditor_reference=reference(node.text("RmtInf/Strd/CdtrRefInf/Ref")),
        instructed_amount=_optional(node, "AmtDtls/InstdAmt"),
        charges=_charges(node),
        uetr=clean(node.text("Refs/UETR")),
        amount=_optional(node, "AmtDtls/TxAmt") or _own_amount(node),
    )


def _own_amount(node: _Node) -> Money | None:
    return _amount(node) if node.first("Amt") else None


def _optional(node: _Node, path: str) -> Money | None:
    found = node.first(path)
    return _amount(found) if found and found.first("Amt") else None


def _amount(node: _Node, tag: str = "Amt") -> Money:
    found = node.first(tag)
    if found is None:
        raise StatementRefused(sentences.AMOUNT_MISSING)
    # XML Schema decimals only: "1,234.00" or "1e3" is no amount in ISO 20022.
    text = (found.element.text or "").strip()
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,5})?", text):
        raise StatementRefused(sentences.NOT_AN_AMOUNT, amount=clean(text[:40]))
    return money(text, found.element.get("Ccy"))


def _charges(node: _Node) -> Money | None:
    """All charges together, if there are any and they are in one currency."""
    total = node.first("Chrgs/TtlChrgsAndTaxAmt")
    if total:
        return _amount(node.all("Chrgs")[0], "TtlChrgsAndTaxAmt") or None
    records = [*node.all("Chrgs/Rcrd"), *node.all("Chrgs")]
    amounts = [_amount(record) for record in records if record.first("Amt")]
    try:
        return sum(amounts[1:], amounts[0]) if amounts else None
    except WrongCurrency:
        return None  # information only: charges in two currencies explain nothing exactly


def _is_credit(node: _Node) -> bool:
    indicator = node.text("CdtDbtInd")
    if indicator not in {"CRDT", "DBIT"}:
        raise StatementRefused(sentences.DIRECTION_MISSING)
    return indicator == "CRDT"


def _date(node: _Node, path: str) -> date | None:
    """A date as the bank gives it; an instant becomes the date it had in platform time."""
    text = node.text(f"{path}/Dt", f"{path}/DtTm")
    if not text:
        return None
    try:
        if "T" not in text:
            return date.fromisoformat(text[:10])
        instant = datetime.fromisoformat(text)
        return platform_date(instant) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError):
        raise StatementRefused(sentences.NOT_A_DATE, date=clean(text[:40])) from None


def _texts(node: _Node, *paths: str) -> tuple[str, ...]:
    return lines(text.element.text for path in paths for text in node.all(path))


def _count(batch: _Node) -> int:
    text = batch.text("NbOfTxs")
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 1
