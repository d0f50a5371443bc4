"""The letter of the day: whose hour has come, what it says, written once and then sent."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock
from core.formats import words
from notifications.models import Digest, Notice
from notifications.writing import zone_of

LONGEST = 40

CLAIM = """
INSERT INTO notifications_digest (reader_id, day, made_at)
SELECT d.reader_id, (%(now)s AT TIME ZONE zone.name)::date, %(now)s
FROM notifications_dailydigest d
JOIN accounts_user u ON u.id = d.reader_id AND u.is_active
LEFT JOIN accounts_company c ON c.id = u.company_id
JOIN pg_timezone_names zone
    ON zone.name = COALESCE(NULLIF(u.time_zone, ''), NULLIF(c.time_zone, ''), %(usual)s)
WHERE extract(hour FROM %(now)s AT TIME ZONE zone.name) >= d.hour
ON CONFLICT DO NOTHING
RETURNING id
"""


def claim() -> list[int]:
    """Make today's digest of everybody whose hour has come in their own zone; the new ones.

    Once a day of the reader's, however many sweeps run, and later on the same day when none
    ran at the hour itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": clock.now(), "usual": settings.TIME_ZONE})
        return [pk for (pk,) in cursor.fetchall()]


def compose(digest: Digest) -> None:
    """Write down what the digest says, and which notices it carries; once.

    Called inside a transaction. Two at the same moment: the second finds it written.
    """
    locked = Digest.objects.select_for_update().get(pk=digest.pk)
    if locked.lines is None:
        news = Notice.objects.filter(reader=digest.reader, in_digest=True, digest=None)
        told = list(news.order_by("-pk")[:LONGEST])
        with translation.override(digest.reader.language):
            locked.lines = [*_work(digest.reader), *(_news(notice) for notice in told)]
        locked.save(update_fields=["lines"])
        news.update(digest=locked)
    digest.lines = locked.lines


def subject_of(lines) -> str:
    """ "3 things need you today", or how much happened when nothing does."""
    needs = sum(line["needs"] for line in lines)
    if needs:
        text = ngettext("%(n)d thing needs you today", "%(n)d things need you today", needs)
        return text % {"n": needs}
    text = ngettext("%(n)d thing happened", "%(n)d things happened", len(lines))
    return text % {"n": len(lines)}


def _work(reader):
    """What waits for this person on the pages: the same list as the home page shows."""
    zone = zone_of(reader)
    for todo in import_string(settings.WORK_OF)(reader)[:LONGEST]:
        due = ""
        if todo.due_at:
            moment = words.moment_text(todo.due_at - timedelta(seconds=1), zone)
            due = _("Until %(moment)s.") % {"moment": moment}
        yield {"what": todo.what, "about": todo.about, "due": due, "url": todo.url, "needs": True}


def _news(notice):
    about = notice.trade_ref
    return {"what": notice.subject, "about": about, "due": "", "url": notice.path, "needs": False}
