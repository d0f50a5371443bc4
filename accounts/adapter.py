"""How allauth, which signs people in, fits this site."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language


class AccountAdapter(DefaultAccountAdapter):
    """Whoever signs in lands on the home page in their own language."""

    def get_login_redirect_url(self, request):
        known = dict(settings.LANGUAGES)
        language = request.user.language if request.user.language in known else None
        with translation.override(language or translation.get_language()):
            return reverse(settings.LOGIN_REDIRECT_URL)

    def render_mail(self, template_prefix, email, context, headers=None):
        """Beside the text, the same words as HTML, as in every letter of the site."""
        message = super().render_mail(template_prefix, email, context, headers)
        if message.content_subtype == "plain" and not message.alternatives:
            page = {"subject": message.subject, "text": message.body, "language": get_language()}
            html = render_to_string("account/email/plain.html", page)
            message.attach_alternative(html, "text/html")
        return message

    def get_signup_redirect_url(self, request):
        return reverse(settings.LOGIN_REDIRECT_URL)

    def get_logout_redirect_url(self, request):
        return reverse("landing")
