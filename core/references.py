"""Payment references (ISO 11649 "RF") and the bank identifier of the designated account.

A reference of the platform is `RF`, two check digits and a body of exactly ten digits.
With digits only, every single typo and every swap of two neighbours breaks the check;
with letters in the body a few typos slip through.
"""

import re
import unicodedata

from babel import Locale
from stdnum import bic, iso11649
from stdnum.exceptions import InvalidComponent, InvalidLength, ValidationError
from stdnum.iso7064 import mod_97_10

BODY_DIGITS = 10
BODY_MAX = 21
DESIGNATED_COUNTRY = "SG"


def gettext_noop(sentence: str) -> str:
    """Mark a text for the translators' catalogue without needing the web framework."""
    return sentence


WRONG_LENGTH = gettext_noop("A BIC has 8 or 11 characters.")
WRONG_FORM = gettext_noop("A BIC is four letters, a country, and 2 or 5 letters or digits.")
NO_COUNTRY = gettext_noop("“%(code)s” in this BIC is not a country.")
ELSEWHERE = gettext_noop(
    "This bank is in %(country)s (%(code)s). The designated account must be in Singapore (SG)."
)

_SEPARATORS = r"[\s.:/\-]{0,3}"
_OURS = re.compile(rf"RF[0-9]{{{2 + BODY_DIGITS}}}")
# Banks wrap and group the reference as they like; a letter or digit that touches either
# end means it is a part of something longer, and that is not guessed at.
_IN_TEXT = re.compile(
    rf"(?<![A-Z0-9])R{_SEPARATORS}F(?:{_SEPARATORS}[0-9]){{{2 + BODY_DIGITS}}}(?![A-Z0-9])"
)


class WrongBic(ValueError):
    """No BIC, or one of another country; `template` and `values` are its translatable parts."""

    def __init__(self, template: str, **values: str):
        super().__init__(template % values)
        self.template, self.values = template, values


def rf_reference(number: int) -> str:
    """The reference of a sequence number: 2600012301 gives RF822600012301.

    Raises ValueError unless the number is positive and fits ten digits.
    """
    if not 0 < number < 10**BODY_DIGITS:
        raise ValueError(f"{number} does not fit a reference of {BODY_DIGITS} digits.")
    return rf_from(f"{number:0{BODY_DIGITS}d}")


def rf_from(body: str) -> str:
    """The ISO 11649 reference of a body of 1 to 21 letters A-Z and digits."""
    if not re.fullmatch(rf"[A-Z0-9]{{1,{BODY_MAX}}}", body):
        raise ValueError(f"“{body}” cannot be the body of an RF reference.")
    return f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"


def normalise(text: str) -> str:
    """A reference as it is compared: capitals, without the spaces and dashes people put in."""
    return re.sub(r"[\s.:/\-]", "", _plain(text))


def is_rf(text: str) -> bool:
    """Whether this is any correct ISO 11649 reference, of whoever issued it."""
    reference = normalise(text)
    return bool(re.fullmatch(r"RF[0-9]{2}[A-Z0-9]+", reference)) and iso11649.is_valid(reference)


def is_ours(text: str) -> bool:
    """Whether this has the form the platform issues and its check digits agree."""
    reference = normalise(text)
    return bool(_OURS.fullmatch(reference)) and iso11649.is_valid(reference)


def find_rf(text: str) -> list[str]:
    """Every correct reference of the platform's form in the free text of a bank line.

    Each is named once, in the order met; spaces and line breaks inside it do not matter.
    More than one means the line is ambiguous: the caller must not choose.
    """
    candidates = (normalise(found) for found in _IN_TEXT.findall(_plain(text)))
    return list(dict.fromkeys(found for found in candidates if is_ours(found)))


def grouped(reference: str) -> str:
    """The reference as it is printed, in fours: RF82 2600 0123 01."""
    return iso11649.format(normalise(reference))


def sg_bic(text: str) -> str:
    """The BIC in its compact form, when its bank is in Singapore (S19).

    Raises WrongBic, a ValueError with a sentence for people: the wrong form or country.
    """
    compact = bic.compact(text)
    country = compact[4:6]
    try:
        bic.validate(compact)
    except InvalidLength:
        raise WrongBic(WRONG_LENGTH) from None
    except InvalidComponent:
        raise WrongBic(NO_COUNTRY, code=country) from None
    except ValidationError:
        raise WrongBic(WRONG_FORM) from None
    if country != DESIGNATED_COUNTRY:
        name = Locale("en").territories.get(country, country)
        raise WrongBic(ELSEWHERE, country=name, code=country)
    return compact


def _plain(text: str) -> str:
    """Full-width letters made plain, and the invisible marks gone that copying brings along."""
    visible = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return "".join(visible).upper()
