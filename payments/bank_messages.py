"""What we and a bank write to each other in ISO 20022: pain.001 orders, camt.053 statements.

Plain values in, bytes out; the same values give the same bytes. Only what a bank can carry is
written, and nothing that decides where money goes is ever altered: an account, a BIC or an
end-to-end id that cannot be written as it stands is refused.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement

from core.days import platform_date
from core.money import Money
from payments import bank_xml as xml

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
PAIN, CAMT = "pain.001.001.09", "camt.053.001.08"
NAME_MAX, TEXT_MAX, REFERENCE_MAX = 140, 140, 35
# What SWIFT's character set X lacks and Unicode does not take apart by itself.
SPELLED = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d", "Đ": "D",
     "ł": "l", "Ł": "L", "þ": "th", "ð": "d", "ı": "i", "&": "+", "_": "-", "–": "-", "—": "-",
     "’": "'", "‘": "'", "“": "'", "”": "'", '"': "'", ";": ",", "@": "(at)", "#": "-"}
)  # fmt: skip
OUTSIDE_X = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
# A reference travels through MT messages, where slashes at an end or in a row mean something.
REFERENCE = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<![/ ])")
BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")


@dataclass(frozen=True)
class Party:
    """Who pays or is paid, and the account. `country` is an ISO 3166 code of two letters."""

    name: str
    account: str
    bic: str
    bank: str = ""
    country: str = ""


@dataclass(frozen=True)
class CreditTransfer:
    """One payment that the bank is asked to make; `end_to_end_id` comes back on its statement."""

    end_to_end_id: str
    amount: Money
    creditor: Party
    remittance: str


@dataclass(frozen=True)
class StatementEntry:
    """One movement of a statement. `credit`: it came in. `name` and `account` are the other side's.

    `status` is BOOK or PDNG; a pending entry does not count in the balance. `return_of` is the
    end-to-end id of our own payment that comes back.
    """

    amount: Money
    credit: bool
    name: str = ""
    account: str = ""
    text: str = ""
    end_to_end_id: str = ""
    bank_ref: str = ""
    status: str = "BOOK"
    return_of: str = ""
    reversal: bool = False

    @property
    def minor(self) -> int:
        """What it adds to the balance, in minor units; nothing while it is pending."""
        sign = 1 if self.credit else -1
        return sign * self.amount.minor if self.status == "BOOK" else 0


def pain001(
    message_id: str,
    created_at: datetime,
    execution_on: date,
    debtor: Party,
    transfers: Sequence[CreditTransfer],
) -> bytes:
    """A customer credit transfer (pain.001.001.09): one order, one currency, charges shared.

    Raises ValueError for two currencies, no transfer, an amount that is not above zero, a repeated
    end-to-end id, and for whatever a bank cannot carry as it stands.
    """
    currency = _one_currency(transfers)
    count, total = str(len(transfers)), xml.decimal(_sum(transfers, currency))
    root = Element("Document", xmlns=f"{NAMESPACE}{PAIN}")
    message = SubElement(root, "CstmrCdtTrfInitn")
    header = SubElement(message, "GrpHdr")
    xml.add(header, "MsgId", _reference(message_id))
    xml.add(header, "CreDtTm", xml.instant(created_at))
    xml.add(header, "NbOfTxs", count)
    xml.add(header, "CtrlSum", total)
    xml.add(header, "InitgPty/Nm", _name(debtor))
    order = SubElement(message, "PmtInf")
    xml.add(order, "PmtInfId", _reference(message_id))
    xml.add(order, "PmtMtd", "TRF")
    xml.add(order, "NbOfTxs", count)
    xml.add(order, "CtrlSum", total)
    xml.add(order, "ReqdExctnDt/Dt", execution_on.isoformat())
    _party(order, "Dbtr", debtor)
    xml.add(xml.account(order, "DbtrAcct", debtor.account), "Ccy", currency)
    _agent(order, "DbtrAgt", debtor)
    xml.add(order, "ChrgBr", "SHAR")
    for transfer in transfers:
        _transfer(SubElement(order, "CdtTrfTxInf"), transfer)
    return xml.written(root)


def check_party(party: Party) -> None:
    """Raise ValueError for a payee whom no payment message can name."""
    node = Element("x")
    _party(node, "Cdtr", party)
    _agent(node, "CdtrAgt", party)
    xml.account(node, "CdtrAcct", party.account)


def camt053(
    account, entries: Sequence[StatementEntry], *, opening: Money, at, statement_id, sequence
) -> bytes:
    """A bank-to-customer statement (camt.053.001.08) that closes where its entries lead.

    `account` has account_number, bic and currency; `at` is the instant it was made.
    """
    day = platform_date(at).isoformat()
    closing = Money(opening.minor + sum(entry.minor for entry in entries), opening.currency)
    root = Element("Document", xmlns=f"{NAMESPACE}{CAMT}")
    message = SubElement(root, "BkToCstmrStmt")
    xml.add(message, "GrpHdr/MsgId", statement_id)
    xml.add(message.find("GrpHdr"), "CreDtTm", xml.instant(at))
    statement = SubElement(message, "Stmt")
    xml.add(statement, "Id", statement_id)
    xml.add(statement, "ElctrncSeqNb", str(sequence))
    xml.add(statement, "CreDtTm", xml.instant(at))
    ours = xml.account(statement, "Acct", account.account_number)
    xml.add(ours, "Ccy", account.currency)
    xml.add(ours, "Svcr/FinInstnId/BICFI", account.bic)
    for code, balance in (("OPBD", opening), ("CLBD", closing)):
        _balance(SubElement(statement, "Bal"), code, balance, day)
    for n, entry in enumerate(entries, 1):
        _entry(SubElement(statement, "Ntry"), entry, day, f"{statement_id}-{n}")
    return xml.written(root)


def bank_text(text: str, limit: int = TEXT_MAX) -> str:
    """A text in SWIFT's character set X: accents taken off, what has no counterpart left out."""
    spelled = unicodedata.normalize("NFKD", text.translate(SPELLED))
    plain = "".join(c for c in spelled if not unicodedata.combining(c))
    return " ".join(OUTSIDE_X.sub(" ", plain).split())[:limit].rstrip()


# --- pain.001


def _one_currency(transfers):
    currencies = {transfer.amount.currency for transfer in transfers}
    if len(currencies) != 1:
        raise ValueError("An order to the bank needs transfers, all in one currency.")
    if any(transfer.amount.minor <= 0 for transfer in transfers):
        raise ValueError("A transfer moves an amount above zero.")
    if len({transfer.end_to_end_id for transfer in transfers}) != len(transfers):
        raise ValueError("Two transfers have the same end-to-end id.")
    return currencies.pop()


def _sum(transfers, currency):
    return sum((transfer.amount for transfer in transfers), Money(0, currency))


def _transfer(node, transfer):
    xml.add(node, "PmtId/EndToEndId", _reference(transfer.end_to_end_id))
    xml.amount(SubElement(node, "Amt"), "InstdAmt", transfer.amount)
    _agent(node, "CdtrAgt", transfer.creditor)
    _party(node, "Cdtr", transfer.creditor)
    xml.account(node, "CdtrAcct", transfer.creditor.account)
    if text := bank_text(transfer.remittance):
        xml.add(node, "RmtInf/Ustrd", text)


def _party(node, tag, party):
    holder = SubElement(node, tag)
    xml.add(holder, "Nm", _name(party))
    if party.country:
        xml.add(holder, "PstlAdr/Ctry", party.country)


def _agent(node, tag, party):
    """The party's bank by its BIC; NOTPROVIDED where a statement named only the account."""
    if not party.bic:
        xml.add(node, f"{tag}/FinInstnId/Othr/Id", "NOTPROVIDED")
        return
    if not BIC.fullmatch(party.bic):
        raise ValueError(f"“{party.bic}” is not a BIC.")
    xml.add(node, f"{tag}/FinInstnId/BICFI", party.bic)


def _name(party):
    name = bank_text(party.name, NAME_MAX)
    if not name:
        raise ValueError(f"“{party.name}” has no letter that a bank can write.")
    return name


def _reference(text):
    if not REFERENCE.fullmatch(text):
        raise ValueError(f"“{text}” is not a reference that a bank gives back unaltered.")
    return text


# --- camt.053


def _balance(node, code, balance, day):
    xml.add(node, "Tp/CdOrPrtry/Cd", code)
    xml.amount(node, "Amt", balance if balance.minor >= 0 else -balance)
    xml.add(node, "CdtDbtInd", "DBIT" if balance.minor < 0 else "CRDT")
    xml.add(node, "Dt/Dt", day)


def _entry(node, entry, day, bank_ref):
    xml.amount(node, "Amt", entry.amount)
    xml.add(node, "CdtDbtInd", "CRDT" if entry.credit else "DBIT")
    if entry.reversal:
        xml.add(node, "RvslInd", "true")
    xml.add(node, "Sts/Cd", entry.status)
    if entry.status == "BOOK":
        xml.add(node, "BookgDt/Dt", day)
    xml.add(node, "ValDt/Dt", day)
    xml.add(node, "AcctSvcrRef", entry.bank_ref or bank_ref)
    _kind(SubElement(node, "BkTxCd"), entry)
    details = SubElement(SubElement(node, "NtryDtls"), "TxDtls")
    # The standard has one place for it: a return carries the end-to-end id of what comes back.
    told = entry.return_of or entry.end_to_end_id or "NOTPROVIDED"
    xml.add(details, "Refs/EndToEndId", told)
    _other_side(details, entry)
    if entry.text:
        xml.add(details, "RmtInf/Ustrd", _printable(entry.text)[:TEXT_MAX])
    if entry.return_of:
        xml.add(details, "RtrInf/Rsn/Cd", "AC04")


def _kind(node, entry):
    """The bank transaction code: a transfer received, issued, or one that comes back."""
    domain = SubElement(node, "Domn")
    xml.add(domain, "Cd", "PMNT")
    family = "RCDT" if entry.credit and not entry.return_of else "ICDT"
    xml.add(domain, "Fmly/Cd", family)
    xml.add(domain.find("Fmly"), "SubFmlyCd", "RRTN" if entry.return_of else "XBCT")


def _other_side(details, entry):
    """Who paid us, or whom we paid."""
    side = "Dbtr" if entry.credit else "Cdtr"
    if entry.name or entry.account:
        parties = SubElement(details, "RltdPties")
        if entry.name:
            xml.add(parties, f"{side}/Pty/Nm", _printable(entry.name)[:NAME_MAX])
        if entry.account:
            xml.account(parties, f"{side}Acct", entry.account)


def _printable(text):
    """A text of somebody else, in their own script, without what XML cannot hold."""
    return "".join(c for c in text if c.isprintable())
