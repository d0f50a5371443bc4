"""A letter named by its subject, with a dash for what only a real case would say."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _


class _Anything(dict):
    """A fact of no case in particular."""

    def __missing__(self, name):
        return "…"


def sample_of(letter) -> str:
    """What its subject looks like: “Message on TA-… from …”."""
    facts = _Anything(
        code="TA-…",
        days=3,
        buyer=_("the buyer"),
        supplier=_("the supplier"),
        company=_("the other side"),
        actor=_("somebody"),
    )
    return capfirst(str(letter.subject % facts))
