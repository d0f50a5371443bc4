"""What a requirement says, read by patterns: numbers, limits, standards, colour codes, yes or no.

Every pattern is written in the syntax Python and JavaScript share and goes to the browser as it
is, so the live score and the server's score cannot drift apart. Texts are folded first
(`vague.fold`); all patterns but STANDARD_UPPER read the lower-case text.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from contracts.vague import AFTER, BEFORE, fold

STANDARDS_UPPER = "EN|BS|IS|AS|NF|UN|UL|SAE|CSA|IEEE|ITU|FIPS"
STANDARDS = "iso|astm|aatcc|gb/t|gb|fz/t|qb/t|din|iec|jis|ansi|ista|tappi|ipc|mil-std|aisi|sus"
SCHEMES = "reach|cpsia|rohs|prop(?:osition)? ?65|oeko-tex|gots|lfgb|21 cfr|fsc|fcc|ipx?[0-9]{1,2}"
LIMIT_WORDS = (
    "min|max|minimum|maximum|at least|at most|no more than|not more than|no less than|"
    "not less than|up to|or better|or more|or less|or higher|or lower|"
    "कम से कम|अधिक से अधिक|ज़्यादा से ज़्यादा|तक"
)
LIMIT_SIGNS = "[<>≤≥]|不少于|不低于|不大于|不小于|不超过|不高于|至少|最多|最少|以上|以下|以内"
YES_NO = "yes|no|true|compliant|required|not required|是|否|符合|不符合|हाँ|हां|नहीं"
BOOKS = ("c", "u", "m", "cp", "up", "tcx", "tpx", "tpg", "tc", "tn", "tsx", "xgc")

_PATTERNS = {
    "number": r"[0-9]",
    "unit_in_text": r"""[0-9] ?(?:%|°|"|'|[a-zμω\u0900-\u0963\u4E00-\u9FFF])""",
    "range": r"[0-9] ?[^0-9 ]{0,6} ?(?:-|–|—|~|to|至|到|से) ?[0-9]",
    "limit": f"{LIMIT_SIGNS}|{BEFORE}(?:{LIMIT_WORDS}){AFTER}",
    "better": r"or better|或更好",
    "plus_minus": r"±|\+/-|\+-",
    "standard": (f"{BEFORE}(?:(?:{STANDARDS})[a-z/]{{0,5}}[ -]?[a-z]?[0-9]|(?:{SCHEMES}){AFTER})"),
    "standard_upper": f"{BEFORE}(?:{STANDARDS_UPPER})[A-Z/]{{0,5}}[ -]?[A-Z]?[0-9]{{2}}",
    "colour": (
        r"(?:pantone|pms|潘通|पैनटोन)[ :-]*[0-9]{2,4}|ral ?[0-9]{4}|ncs ?s? ?[0-9]{4}|"
        r"#[0-9a-f]{6}|munsell [0-9]|cielab|l\*"
    ),
    "pantone": r"(?:pantone|pms|潘通|पैनटोन)[ :-]*([0-9]{2}-[0-9]{4}|[0-9]{3,5}) ?([a-z]{0,4})",
    "delta_e": r"(?:δe|delta ?e|色差)[^0-9]{0,8}[0-9]",
    "yes_no": f"^(?:(?:compliant|符合) ?[:,] ?)?(?:{YES_NO})[.。।]?$",
    "approximate": (
        f"(?:{BEFORE}(?:about|approximately|approx\\.?|around|roughly|nearly|circa|ca\\.?|"
        r"लगभग|करीब|क़रीब|तकरीबन)|约|大约|大概) ?([0-9](?:[0-9.,]*[0-9])?)"
    ),
    "approximate_after": r"([0-9](?:[0-9.,]*[0-9])?) ?[^0-9 ]{0,6} ?左右",
    "tolerance": r"^(?:±|\+|-|−)? ?[0-9]+(?:[.,][0-9]+)? ?(?:%|[a-z/0-9° ]{0,8})$",
}


# Folding takes Hindi letters with a dot apart: the patterns must be in the same form.
PATTERNS = {name: unicodedata.normalize("NFKC", text) for name, text in _PATTERNS.items()}


def low(text: str) -> str:
    """A folded text in lower case."""
    return fold(text).lower()


def match(name: str, text: str) -> re.Match | None:
    """The first place where a folded text shows the named pattern."""
    return _compiled(name).search(text)


def folded_choices(choices: Iterable[str]) -> set[str]:
    """The allowed values of a closed list as they are compared."""
    return {low(choice) for choice in choices}


def approximation(text: str) -> str:
    """The number of "about 200", 200左右 or लगभग 200 in a folded text, else nothing."""
    for name in ("approximate", "approximate_after"):
        if found := match(name, text):
            return found.group(1)
    return ""


def unknown_book(text: str) -> str:
    """The Pantone number that names no known book ("1935" of "Pantone 1935 D"), else nothing."""
    found = match("pantone", text)
    return "" if not found or found.group(2) in BOOKS else found.group(1)


def is_tolerance(text: str) -> bool:
    """Whether a tolerance is written as a number, such as "0.5" or "5 %" (0: exactly this)."""
    return match("tolerance", low(text)) is not None


@cache
def _compiled(name: str) -> re.Pattern:
    return re.compile(PATTERNS[name], re.ASCII)
