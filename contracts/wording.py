"""The pure modules' English sources as sentences in the reader's language."""

from django.utils.translation import gettext

from contracts import clarity
from contracts.gaps import Gap, Repair

LEVELS = {
    "clear": lambda: gettext("Clear"),
    "detail": lambda: gettext("Add detail"),
    "vague": lambda: gettext("Too vague"),
}


def message(gap: Gap) -> str:
    """What is missing, such as: Zipper: nothing says how it is checked."""
    return _said(gap.message, gap.params)


def consequence(gap: Gap) -> str:
    """What the gap costs, such as: You could not claim on this."""
    return gettext(gap.consequence)


def sentence(gap: Gap) -> str:
    """Both together, as a party acknowledges it."""
    return f"{message(gap)} {consequence(gap)}"


def repair(way: Repair) -> str:
    """A way out, such as: Write 200 ± 5 %."""
    return _said(way.message, way.params)


def level(name: str) -> str:
    """The level of an assessment in words."""
    return LEVELS[name]()


def table_for_browser(language: str = "en") -> dict:
    """The rules for the live score, with the messages in the reader's language."""
    table = clarity.table_for_browser(language)
    for part in ("messages", "consequences"):
        table[part] = {code: gettext(text) for code, text in table[part].items()}
    return table | {"levels_in_words": {name: level(name) for name in LEVELS}}


def _said(text: str, params: dict[str, str]) -> str:
    named = {
        name: gettext(value) if name == "name" and value else value
        for name, value in params.items()
    }
    return gettext(text) % named
