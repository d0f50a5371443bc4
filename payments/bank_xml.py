"""The elements that every ISO 20022 message is made of: accounts, amounts, instants, texts."""

import re
from datetime import UTC
from xml.etree.ElementTree import SubElement, tostring

from stdnum import iban

ACCOUNT = re.compile(r"[A-Za-z0-9/\-?:().,'+]{1,34}")


def account(node, tag, number):
    """An account number, as IBAN where it is one. Only the spaces of its print are left out."""
    bare = number.replace(" ", "")
    if not ACCOUNT.fullmatch(bare):
        raise ValueError(f"“{number}” is not an account number that a bank can carry.")
    holder = SubElement(node, tag)
    if iban.is_valid(bare):
        add(holder, "Id/IBAN", bare.upper())
    else:
        add(holder, "Id/Othr/Id", bare)
    return holder


def amount(node, tag, money):
    """An amount with its currency."""
    SubElement(node, tag, Ccy=money.currency).text = decimal(money)


def decimal(money):
    """Major units with the currency's decimals, as XML Schema writes them."""
    return f"{money.amount:f}"


def instant(at):
    """A moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add(node, path, text):
    """Append a chain of elements whose last one holds a text."""
    for tag in path.split("/"):
        node = SubElement(node, tag)
    node.text = text


def written(root):
    """The bytes of a whole message."""
    return tostring(root, encoding="UTF-8", xml_declaration=True)
