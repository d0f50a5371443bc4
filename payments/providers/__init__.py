"""Which provider does what: chosen by configuration, off without credentials.

`settings.PAYMENT_PROVIDERS` holds the credentials of each, `settings.PAYMENT_PROVIDER` the
one that is preferred. A payment method may name a provider of its own.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from payments.providers.base import NoAnswer, Provider
from payments.providers.cashu import CashU
from payments.providers.http_sim import HttpSim
from payments.providers.paypal import PayPal
from payments.providers.stripe import Stripe

PROVIDERS = {kind.code: kind for kind in (Stripe, PayPal, CashU, HttpSim)}
FALLBACK = ("stripe", "paypal", "cashu")  # the simulator takes part only where it is chosen


def every() -> dict[str, Provider]:
    """All providers of this program with their credentials, configured or not."""
    credentials = getattr(settings, "PAYMENT_PROVIDERS", {})
    return {code: kind(credentials.get(code, {})) for code, kind in PROVIDERS.items()}


def named(code) -> Provider:
    """A provider that works at present. Raises NoAnswer, so that what is owed to it waits."""
    found = every().get(code)
    if found is None or not found.is_configured():
        raise NoAnswer(f"The payment provider “{code}” is not set up.")
    return found


def for_method(method, preferred="") -> Provider | None:
    """The provider that a payment method runs through; None if the method is off.

    `preferred` is the one the method names. Otherwise the platform's own choice comes first,
    then whichever is configured.
    """
    for provider in _candidates(method, preferred):
        if provider.is_configured():
            return provider
    return None


def why_off(method, preferred="") -> str:
    """The sentence that says why a payment method is off; empty if it works."""
    if for_method(method, preferred):
        return ""
    titles = [provider.title for provider in _candidates(method, preferred)]
    if not titles:
        return _("This method is not set up on this platform.")
    return _("This method is not set up on this platform: it needs credentials for %s.") % (
        _(" or ").join(titles)
    )


def _candidates(method, preferred):
    found = every()
    order = [preferred] if preferred else [settings.PAYMENT_PROVIDER, *FALLBACK]
    asked = [found[code] for code in dict.fromkeys(order) if code in found]
    return [provider for provider in asked if method in provider.methods]
