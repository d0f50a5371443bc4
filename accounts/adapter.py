"""How allauth, which signs people in, fits this site."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse
from django.utils import translation


class AccountAdapter(DefaultAccountAdapter):
    """Whoever signs in lands on the home page in their own language."""

    def get_login_redirect_url(self, request):
        known = dict(settings.LANGUAGES)
        language = request.user.language if request.user.language in known else None
        with translation.override(language or translation.get_language()):
            return reverse(settings.LOGIN_REDIRECT_URL)

    def get_signup_redirect_url(self, request):
        return reverse(settings.LOGIN_REDIRECT_URL)

    def get_logout_redirect_url(self, request):
        return reverse("landing")
