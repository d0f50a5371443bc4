"""Where a company's money is: the strip of figures, each from the ledger or from what is owed.

One question to the database, however many orders there are. A figure has one amount for each
currency that occurs.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import BigIntegerField, CharField, F, Q, Sum, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from core.money import Money
from ledger.models import Account, Transfer
from orders.models import Instalment, Order
from orders.states import ENDED, OrderState
from payments.models import Disbursement

UNDELIVERED = [
    Disbursement.State.REQUESTED,
    Disbursement.State.ON_HOLD,
    Disbursement.State.APPROVED,
    Disbursement.State.SUBMITTED,
    Disbursement.State.FAILED,
]
WITH_A_PLAN = [
    OrderState.AWAITING_INITIAL_PAYMENT,
    OrderState.IN_PRODUCTION,
    OrderState.READY_TO_SHIP,
    OrderState.PARTIALLY_SHIPPED,
]


@dataclass(frozen=True)
class Figure:
    """One amount for each currency, the word that names it, and its colour."""

    label: str
    tone: str
    amounts: list[Money]


def strip(company) -> list[Figure]:
    """All figures of a company that buys or sells: what a buyer reads, then what a supplier."""
    wanted = [
        *(_buyer(company) if company.buys else []),
        *(_seller(company) if company.sells else []),
    ]
    return _figures(wanted)


def short_strip(company) -> list[Figure]:
    """The few figures of the home page; empty for those who neither buy nor sell."""
    if not company or not (company.buys or company.sells):
        return []
    own = Order.objects.filter(Q(buyer=company) | Q(supplier=company)).exclude(state__in=ENDED)
    wanted = [
        (_("Held"), "held", held(own)),
        (_("In dispute, blocked"), "bad", disputed(own)),
    ]
    if company.buys:
        wanted += [
            (_("To pay"), "", to_pay(company)),
            (_("Refunds on the way"), "info", leaving(company, ["refund"], UNDELIVERED)),
        ]
    if company.sells:
        payouts = leaving(company, ["payout"], UNDELIVERED)
        wanted.append((_("Payouts on the way"), "ok", payouts))
    return _figures(wanted)


def held(orders):
    """What the escrow accounts of some orders hold."""
    codes = orders.order_by().annotate(account=Concat(Value("escrow:"), "code")).values("account")
    return _balances(code__in=codes)


def disputed(orders):
    """What is blocked for disputes of some orders."""
    cases = (
        orders.order_by()
        .filter(disputes__isnull=False)
        .annotate(
            account=Concat(
                Value("hold:"), "code", Value("-D"), Cast("disputes__pk", CharField()),
                output_field=CharField(),
            )
        )
    )  # fmt: skip
    return _balances(code__in=cases.values("account"))


def to_pay(company):
    """What the open instalments of a buyer still ask for."""
    open_parts = Instalment.objects.filter(
        order__buyer=company, order__state__in=WITH_A_PLAN, funded_at=None
    )
    missing = F("due_minor") + F("carried_minor") - F("received_minor")
    return _sums(open_parts.order_by(), "order__currency", missing)


def leaving(company, kinds, states):
    """What was decided for a payee and has not reached it."""
    rows = Disbursement.objects.filter(payee=company, kind__in=kinds, state__in=states)
    return _sums(rows.order_by(), "currency", F("amount_minor"))


def _buyer(company):
    purchases = Order.objects.filter(buyer=company)
    return [
        (_("Held for your orders"), "held", held(purchases)),
        (_("To pay"), "", to_pay(company)),
        (_("In dispute, blocked"), "bad", disputed(purchases)),
        (_("Coming back to you"), "info", leaving(company, ["refund", "credit"], UNDELIVERED)),
        (_("Your credit"), "", _balances(code=f"buyer_credit:{company.pk}")),
    ]


def _seller(company):
    sales = Order.objects.filter(supplier=company)
    on_its_way = [Disbursement.State.SUBMITTED]
    figures = [
        (_("Held for you"), "held", held(sales)),
        (_("In dispute, blocked"), "bad", disputed(sales)),
        (_("Payable to you"), "ok", _balances(code=f"supplier_payable:{company.pk}")),
        (_("Kept as reserve"), "", _balances(code=f"supplier_reserve:{company.pk}")),
        (_("On its way to you"), "ok", leaving(company, ["payout"], on_its_way)),
    ]
    claims = [_side(company, "debit", 1), _side(company, "credit", -1)]
    return [*figures, (_("Owed to us"), "", claims)]


def _side(company, side, sign):
    """One side of what a supplier owes the platform; that account keeps no balance."""
    rows = Transfer.objects.filter(**{f"{side}__code": f"receivable_supplier:{company.pk}"})
    return _sums(rows.order_by(), f"{side}__currency", F("amount_minor") * sign)


def _balances(**which):
    return _sums(Account.objects.filter(**which).order_by(), "currency", F("balance_minor"))


def _sums(rows, currency, minor):
    total = Cast(Sum(minor), BigIntegerField())
    return rows.values(money=F(currency)).annotate(total=total)


def _figures(wanted) -> list[Figure]:
    """Ask for all figures at once; each names itself by its place."""
    questions = [
        rows.annotate(n=Value(n)).values_list("n", "money", "total")
        for n, (_label, _tone, asked) in enumerate(wanted)
        for rows in (asked if isinstance(asked, list) else [asked])
    ]
    found = defaultdict(lambda: defaultdict(int))
    for n, currency, total in questions[0].union(*questions[1:], all=True):
        found[n][currency] += int(total)
    return [
        Figure(label, tone, _amounts(found[n])) for n, (label, tone, _asked) in enumerate(wanted)
    ]


def _amounts(sums) -> list[Money]:
    return [Money(sums[key], key) for key in sorted(sums) if sums[key]] or [Money(0)]
