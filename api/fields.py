"""Values as the API writes them."""

import re
from datetime import UTC

from babel.numbers import list_currencies
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.money import Money

AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
CURRENCIES = frozenset(list_currencies())
MONEY = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["1234.56"]},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["USD"]},
    },
}


@extend_schema_field(MONEY)
class MoneyField(serializers.Field):
    """{"amount": "1234.56", "currency": "USD"}: text, so that no program rounds it."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, money: Money):
        return {"amount": f"{money.amount:f}", "currency": money.currency}


@extend_schema_field(MONEY)
class MoneyInput(serializers.Field):
    """An amount that is sent: above zero, exact, in a currency that we know."""

    default_error_messages = {
        "required": "Send an amount.",
        "null": "Send an amount, not null.",
        "shape": "Send an object with an amount, such as “1234.56”, and a currency, such as “USD”.",
        "exact": "Send an amount above zero with no more decimals than its currency has.",
    }

    def to_internal_value(self, data):
        text, currency = self._parts(data)
        try:
            money = Money.parse(text, currency)
        except ValueError:
            self.fail("exact")
        if money.minor <= 0:
            self.fail("exact")
        return money

    def _parts(self, data):
        sent = data if isinstance(data, dict) else {}
        text, currency = sent.get("amount"), sent.get("currency")
        if not isinstance(text, str) or not AMOUNT.fullmatch(text):
            self.fail("shape")
        if not isinstance(currency, str) or currency not in CURRENCIES:
            self.fail("shape")
        return text, currency


@extend_schema_field(OpenApiTypes.DATETIME)
class InstantField(serializers.DateTimeField):
    """An instant in UTC, whatever the zone of its reader."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, default_timezone=UTC, **kwargs)


class TextField(serializers.CharField):
    """A text that was sent; what is wrong with it is said as a sentence to act on."""

    default_error_messages = {
        "required": "Send this member.",
        "null": "Send a text here, not null.",
        "blank": "Send a text here, not an empty one.",
        "invalid": "Send a text here.",
        "max_length": "Send at most {max_length} characters.",
        "min_length": "Send at least {min_length} characters.",
    }


class Sent(serializers.Serializer):
    """What is read from a request. Members that it does not name are not looked at."""

    default_error_messages = {"invalid": "Send a JSON object with the members of the schema."}
