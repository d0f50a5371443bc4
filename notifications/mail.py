"""The e-mail of a notice: plain text first, the same words as HTML beside it."""

from urllib.parse import urljoin, urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from notifications.digests import subject_of
from notifications.letters import LETTERS
from notifications.locks import lock_of
from notifications.preferences import token_of

# Told to every address that a person ever proved, so that who took one over is not alone to read.
TO_ALL_ADDRESSES = {"bankaccount.change_account", "bankaccount.approve"}


def mail_of(notice):
    """The message to the reader of a notice, with an id that stays the same when sent again."""
    with translation.override(notice.reader.language):
        off = _off(notice)
        context = {"notice": notice, "link": _on_site(notice.path), "off": off}
        text, html = _both_ways("letter", notice.reader, context)
    headers = {"Message-ID": f"<notice.{notice.pk}@{_host()}>", **_thread(notice), **_way_out(off)}
    return _message(notice.subject, text, html, _addresses(notice), headers)


def mail_of_digest(digest):
    """The letter of the day."""
    with translation.override(digest.reader.language):
        subject = subject_of(digest.lines)
        lines = [line | {"link": _on_site(line["url"])} for line in digest.lines]
        context = {"subject": subject, "lines": lines, "link": _on_site(reverse("home"))}
        text, html = _both_ways("digest", digest.reader, context)
    headers = {"Message-ID": f"<digest.{digest.pk}@{_host()}>"}
    return _message(subject, text, html, [digest.reader.email], headers)


def _both_ways(template, reader, context):
    """The same words as plain text and as HTML, in the language that is active."""
    context |= {
        "choose": _on_site(reverse("notification_preferences")),
        "language": translation.to_locale(reader.language).replace("_", "-"),
    }
    return [
        render_to_string(f"notifications/{template}.{kind}", context) for kind in ("txt", "html")
    ]


def _message(subject, text, html, to, headers):
    headers = {"Auto-Submitted": "auto-generated", **headers}
    message = EmailMultiAlternatives(subject, text, to=to, headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def _on_site(path):
    return urljoin(settings.BASE_URL, path)


def _host():
    return urlsplit(settings.BASE_URL).hostname


def _addresses(notice):
    reader = notice.reader
    if notice.event is None or notice.event.name not in TO_ALL_ADDRESSES:
        return [reader.email]
    proven = EmailAddress.objects.filter(user=reader, verified=True)
    others = proven.exclude(email__iexact=reader.email).order_by("pk")
    return [reader.email, *others.values_list("email", flat=True)]


def _thread(notice):
    """The letters of one order belong together in a mailbox: all answer one that never was."""
    first = f"<trade.{notice.trade_ref}@{_host()}>"
    return {"References": first, "In-Reply-To": first} if notice.trade_ref else {}


def _off(notice):
    """Where this kind of mail is stopped; "" for what always comes."""
    if notice.letter not in LETTERS or lock_of(notice.letter):
        return ""
    token = token_of(notice.reader, notice.letter)
    return _on_site(reverse("notification_off", args=[token]))


def _way_out(off):
    """What lets a mail program offer to stop this kind of mail (RFC 2369, RFC 8058)."""
    if not off:
        return {}
    return {
        "List-Unsubscribe": f"<{off}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
