"""What a person has been told: how much is unread, and the list page by page."""

from itertools import groupby

from django.db.models import BooleanField, ExpressionWrapper, Q

from notifications.models import Notice

PAGE = 30


def unread_count(user) -> int:
    """How many notices this person has not read; the top bar shows it."""
    if not user.is_authenticated:
        return 0
    return Notice.objects.filter(reader=user, read_at=None).count()


def page_of(user, after: str = "") -> tuple[list[Notice], str]:
    """The next notices of a person, unread first and newest first, and where to go on.

    `after` is what the page before gave ("u41": after the unread notice 41; "r7": after the
    read notice 7), so a page costs the same however far down it is. Anything else starts
    at the top.
    """
    notices = Notice.objects.filter(reader=user)
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
