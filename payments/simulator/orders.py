"""Reading a payment order (pain.001) as a bank does: all of it makes sense, or none is taken."""

from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from core.money import Money
from payments.bank_messages import NAMESPACE, PAIN, CreditTransfer, Party
from payments.simulator.mood import Wrong

SPACE = {"": f"{NAMESPACE}{PAIN}"}
PAYEE = "Cdtr"
NOT_PROVIDED = "NOTPROVIDED"  # the bank of a payee whom a statement named by the account only


@dataclass(frozen=True)
class Order:
    """What a customer asks its bank to pay."""

    message_id: str
    debtor: Party
    currency: str
    transfers: list[CreditTransfer]


def read_order(data: bytes) -> Order:
    """The order in a pain.001.001.09 message. Raises Wrong for anything that does not add up."""
    try:
        root = fromstring(data, forbid_dtd=True)
        order = _order(root)
        _check_sums(root, order)
    except (DefusedXmlException, ParseError, ValueError, AttributeError, KeyError) as error:
        raise Wrong(f"this is not a {PAIN} message: {error!r}") from error
    return order


def _order(root):
    paying = root.findall("CstmrCdtTrfInitn/PmtInf", SPACE)
    if len(paying) != 1:
        raise ValueError("one PmtInf is expected")
    transfers = [_transfer(node) for node in paying[0].findall("CdtTrfTxInf", SPACE)]
    return Order(
        message_id=_text(root, "CstmrCdtTrfInitn/GrpHdr/MsgId"),
        debtor=_party(paying[0], "Dbtr"),
        currency=transfers[0].amount.currency if transfers else "",
        transfers=transfers,
    )


def _transfer(node):
    amount = node.find("Amt/InstdAmt", SPACE)
    return CreditTransfer(
        end_to_end_id=_text(node, "PmtId/EndToEndId"),
        amount=Money.parse(amount.text, amount.attrib["Ccy"]),
        creditor=_party(node, PAYEE),
        remittance=node.findtext("RmtInf/Ustrd", "", SPACE),
    )


def _party(node, side):
    iban, bank = node.findtext(f"{side}Acct/Id/IBAN", "", SPACE), f"{side}Agt/FinInstnId"
    unknown = node.findtext(f"{bank}/Othr/Id", "", SPACE) == NOT_PROVIDED
    return Party(
        name=_text(node, f"{side}/Nm"),
        account=iban or _text(node, f"{side}Acct/Id/Othr/Id"),
        bic="" if unknown and side == PAYEE else _text(node, f"{bank}/BICFI"),
    )


def _check_sums(root, order):
    """The numbers of the header are there to catch a file that was cut or altered."""
    total = sum(transfer.amount.amount for transfer in order.transfers)
    for part in ("GrpHdr", "PmtInf"):
        told = root.find(f"CstmrCdtTrfInitn/{part}", SPACE)
        same = Money.parse(_text(told, "CtrlSum"), order.currency).amount == total
        if int(_text(told, "NbOfTxs")) != len(order.transfers) or not same:
            raise ValueError("its sums do not match its transfers")
    if not order.transfers or len({t.amount.currency for t in order.transfers}) != 1:
        raise ValueError("it needs transfers in one currency")


def _text(node, path):
    found = node.findtext(path, "", SPACE).strip()
    if not found:
        raise ValueError(f"{path} is missing")
    return found
