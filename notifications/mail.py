"""The e-mail of a notice: plain text first, the same words as HTML beside it."""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation


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
        to=[notice.reader.email],
        headers={
            "Message-ID": f"<notice.{notice.pk}@{host}>",
            "References": f"<trade.{notice.trade_ref}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    return message
