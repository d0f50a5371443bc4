"""The e-mail of a notice: plain text first, the same words as HTML beside it."""

from urllib.parse import urljoin, urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

# Told to every address that a person ever proved, so that who took one over is not alone to read.
TO_ALL_ADDRESSES = {"bankaccount.change_account", "bankaccount.approve"}


def mail_of(notice):
    """The message to the reader of a notice, with an id that stays the same when sent again."""
    host = urlsplit(settings.BASE_URL).hostname
    with translation.override(notice.reader.language):
        context = {
            "notice": notice,
            "link": urljoin(settings.BASE_URL, notice.path),
            "language": translation.to_locale(notice.reader.language).replace("_", "-"),
        }
        text = render_to_string("notifications/letter.txt", context)
        html = render_to_string("notifications/letter.html", context)
    message = EmailMultiAlternatives(
        notice.subject,
        text,
        to=_addresses(notice),
        headers={
            "Message-ID": f"<notice.{notice.pk}@{host}>",
            "Auto-Submitted": "auto-generated",
            **_thread(notice, host),
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _addresses(notice):
    reader = notice.reader
    if notice.event is None or notice.event.name not in TO_ALL_ADDRESSES:
        return [reader.email]
    proven = EmailAddress.objects.filter(user=reader, verified=True)
    others = proven.exclude(email__iexact=reader.email).order_by("pk")
    return [reader.email, *others.values_list("email", flat=True)]


def _thread(notice, host):
    """The letters of one order belong together in a mailbox."""
    return {"References": f"<trade.{notice.trade_ref}@{host}>"} if notice.trade_ref else {}
