"""What a person has been told: how much is unread, and the list page by page."""

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import BooleanField, ExpressionWrapper, Q

from notifications.letters import TOPICS
from notifications.models import Notice

PAGE = 30
UNREAD, ACT = "unread", "act"


@dataclass(frozen=True)
class Sieve:
    """Which notices are asked for: all, unread or to be acted on; of a topic; of an order."""

    show: str = ""
    topic: str = ""
    order: str = ""

    @classmethod
    def of(cls, asked) -> "Sieve":
        """From the parameters of a request; what makes no sense asks for nothing."""
        show, topic = asked.get("show", ""), asked.get("topic", "")
        return cls(
            show if show in {UNREAD, ACT} else "",
            topic if topic in TOPICS else "",
            asked.get("order", "").strip()[:40].replace("\x00", ""),
        )

    @property
    def is_open(self) -> bool:
        return self == Sieve()

    @property
    def query(self) -> str:
        """The parameters that ask for the same again."""
        return urlencode({name: value for name, value in vars(self).items() if value})

    def notices_of(self, user):
        """The notices of this person on the site that pass."""
        found = Notice.objects.filter(reader=user, on_site=True)
        if self.show:
            found = found.filter(read_at=None)
        if self.show == ACT:
            found = found.filter(needs_you=True)
        if self.topic:
            found = found.filter(letter__in=TOPICS[self.topic][1])
        return found.filter(trade_ref=self.order) if self.order else found


def unread_count(user) -> int:
    """How many notices this person has not read; the top bar shows it."""
    if not user.is_authenticated:
        return 0
    return Notice.objects.filter(reader=user, read_at=None, on_site=True).count()


def page_of(user, after: str = "", sieve: Sieve | None = None) -> tuple[list[Notice], str]:
    """The next notices of a person, unread first and newest first, and where to go on.

    `after` is what the page before gave ("u41": after the unread notice 41; "r7": after the
    read notice 7), so a page costs the same however far down it is. Anything else starts
    at the top.
    """
    notices = (sieve or Sieve()).notices_of(user)
    part, number = after[:1], after[1:]
    if part in {"u", "r"} and number.isdecimal() and len(number) < 19:
        unread = Q(read_at=None)
        below = Q(pk__lt=int(number))
        notices = notices.filter(~unread | below if part == "u" else ~unread & below)
    in_order = notices.alias(was_read=ExpressionWrapper(~Q(read_at=None), BooleanField()))
    found = list(in_order.order_by("was_read", "-pk")[: PAGE + 1])
    return found[:PAGE], _mark(found[PAGE - 1]) if len(found) > PAGE else ""


def by_order(notices) -> list[tuple[str, list[Notice]]]:
    """Notices under the order they are about, in the order in which each order first appears."""
    place: dict[str, int] = {}
    for notice in notices:
        place.setdefault(notice.trade_ref, len(place))
    ranked = sorted(notices, key=lambda notice: place[notice.trade_ref])
    return [(ref, list(group)) for ref, group in groupby(ranked, key=lambda n: n.trade_ref)]


def _mark(notice) -> str:
    return f"{'r' if notice.read_at else 'u'}{notice.pk}"
