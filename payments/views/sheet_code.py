"""The code on the sheet for the bank: anybody can check on our site that we made the sheet.

Nothing is kept: the code carries reference, amount and day, and a MAC (HMAC-SHA-256, shortened to
80 bits) over these and the number of the account. Whoever changes one of them cannot make another.
"""

import base64
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import DesignatedAccount
from core.money import Money
from core.references import grouped

SALT = "payments.sheet"
BYTES = 10
State = DesignatedAccount.State


@dataclass(frozen=True)
class Sheet:
    """What stands on a sheet that we made, and whether its account is still in use."""

    account: DesignatedAccount
    reference: str
    amount: Money
    made_on: date

    @property
    def in_use(self) -> bool:
        return self.account.state == State.ACTIVE

    @property
    def grouped_reference(self) -> str:
        return grouped(self.reference)


def code_for(account, reference: str, amount: Money, day: date) -> str:
    """The code of a sheet: RF…-558000USD-20261125-ABCD…, in capitals and digits."""
    facts = f"{reference}-{amount.minor}{amount.currency}-{day:%Y%m%d}"
    return f"{facts}-{_mac(account.account_number, facts, settings.SECRET_KEY)}"


def sheet_of(code: str) -> Sheet | None:
    """The sheet that a code belongs to; None if we did not make it, or it was altered."""
    facts, _dash, mac = code.strip().upper().rpartition("-")
    known = DesignatedAccount.objects.filter(state__in=[State.ACTIVE, State.RETIRED])
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for account in known.order_by("state"):
        if any(
            constant_time_compare(mac, _mac(account.account_number, facts, key)) for key in keys
        ):
            return _read(account, facts)
    return None


def _mac(number: str, facts: str, key: str) -> str:
    found = salted_hmac(SALT, f"{number}|{facts}", secret=key, algorithm="sha256").digest()
    return base64.b32encode(found[:BYTES]).decode()


def _read(account, facts: str) -> Sheet:
    reference, amount, day = facts.split("-")
    return Sheet(
        account=account,
        reference=reference,
        amount=Money(int(amount[:-3]), amount[-3:]),
        made_on=datetime.strptime(day, "%Y%m%d").date(),  # noqa: DTZ007 (a day has no zone)
    )
