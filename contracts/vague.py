"""Words that promise nothing an inspector can measure, per language, and what to write instead.

Rule S30: nobody is judged against an imaginary picture of good quality. Every list applies to
every text, so buyer and supplier see the same score whichever language they read in. English
and Hindi words match as whole words, Chinese ones anywhere. The table is data: the browser gets
the same one, so every pattern is written in the syntax Python and JavaScript share.
"""

import re
import unicodedata
from functools import cache

from contracts.sentences import noop as _

SUGGESTIONS = {
    "measure": _("Write what an inspector can test: a number, a grade or a named standard."),
    "approximate": _("Write the number and its tolerance, such as 200 ± 5 %."),
    "sample": _("Attach a drawing or a photo of the sample, or write down its measured values."),
    "agreed": _("Write here what was agreed, word for word: only this line counts."),
    "list": _("List every item: what is not named is not promised."),
    "standard": _("Name the standard and its number, such as ISO 3801."),
}

_EN = {
    "measure": "good nice high best premium suitable normal proper properly appropriate adequate "
    "reasonable sufficient acceptable satisfactory excellent perfect superior luxury deluxe "
    "beautiful attractive comfortable great usual ordinary first-class first-rate well-made",
    "approximate": "about approx approximately roughly around nearly",
    "sample": "similar",
    "list": "etc",
    "standard": "standard standards",
}
_EN_PHRASES = {
    "first class": "measure",
    "first rate": "measure",
    "top quality": "measure",
    "top grade": "measure",
    "fine quality": "measure",
    "well made": "measure",
    "more or less": "approximate",
    "as sample": "sample",
    "as the sample": "sample",
    "as per sample": "sample",
    "like sample": "sample",
    "like the sample": "sample",
    "per sample": "sample",
    "or equivalent": "sample",
    "as discussed": "agreed",
    "as agreed": "agreed",
    "as usual": "agreed",
    "as before": "agreed",
    "to be confirmed": "agreed",
    "to be discussed": "agreed",
    "tbd": "agreed",
    "and so on": "list",
}
_ZH = {
    "measure": "优质 高档 良好 高质量 高品质 上等 上乘 精美 美观 漂亮 适当 合适 合理 正常 一般 "
    "普通 最好 一流 顶级 豪华 足够 充足 舒适",
    "approximate": "差不多 左右 大约 大概",
    "sample": "同样品 按样品 照样品 与样品相同 与样品一致 和样品一样 类似 相似",
    "agreed": "如讨论 如前所述 如商定 照旧 待定",
    "list": "等等",
    "standard": "标准",
}
_HI = {
    "measure": "अच्छा अच्छी अच्छे बढ़िया उत्तम उच्च बेहतरीन सर्वोत्तम प्रीमियम सामान्य उचित उपयुक्त "
    "सुंदर पर्याप्त ठीक",
    "approximate": "लगभग करीब क़रीब तकरीबन",
    "sample": "समान मिलता-जुलता",
    "list": "आदि वगैरह इत्यादि",
    "standard": "मानक",
}
_HI_PHRASES = {
    "जैसा सैंपल": "sample",
    "सैंपल जैसा": "sample",
    "नमूने जैसा": "sample",
    "नमूने के अनुसार": "sample",
    "जैसी बात हुई": "agreed",
}


def _rows(groups: dict[str, str], phrases: dict[str, str] | None = None) -> dict[str, str]:
    rows = {word: kind for kind, words in groups.items() for word in words.split()}
    return rows | (phrases or {})


WORDS: dict[str, dict[str, str]] = {
    "en": _rows(_EN, _EN_PHRASES),
    "zh": _rows(_ZH),
    "hi": _rows(_HI, _HI_PHRASES),
}

# A letter or digit of the scripts whose words are separated: the sign that a word goes on.
# Devanagari vowel signs belong to it, which \b of neither language knows.
_LETTERS = r"0-9A-Za-z_\u00C0-\u024F\u0900-\u0963\u0966-\u097F"
BEFORE, AFTER = f"(?:^|[^{_LETTERS}])", f"(?![{_LETTERS}])"
_NAMED = (
    r"(?:iso|en|astm|aatcc|gb/t|gb|fz/t|qb/t|bs|din|iec|is|jis|ansi|ul|ista|tappi)"
    r"[a-z/]{0,4} ?[a-z]?[0-9][0-9a-z.:/-]*"
)
# Uses of a listed word that do say something: taken out before the words are looked for.
_EXCEPTIONS = (
    rf"{_NAMED} ?(?:standards?|标准|मानक)",
    rf"(?:standards?|标准|मानक):? ?(?:no\.? ?)?{_NAMED}",
    r"standard (?:deviation|atmosphere)|标准偏差|标准大气",
    r"[0-9] ?(?:mm|cm|m|in|inch|inches|ft) high",
    r"high[- ](?:density|carbon|voltage|pressure|speed|impact|tenacity|visibility|chair)",
    r"normal inspection|best before|good (?:manufacturing|laboratory) practice",
    rf"around(?! ?[0-9]){AFTER}",
    r"左右(?:对称|两侧|两边|脚|袖)",
)
EXCEPTIONS = tuple(unicodedata.normalize("NFKC", pattern) for pattern in _EXCEPTIONS)
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_NO_INVISIBLE = str.maketrans("", "", INVISIBLE)
_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
SPACES = re.compile("[ \t\n\r\f\v]+")


def fold(text: str) -> str:
    """A text as the rules read it: NFKC, ASCII digits, single spaces, nothing invisible."""
    plain = unicodedata.normalize("NFKC", text).translate(_NO_INVISIBLE).translate(_DIGITS)
    return SPACES.sub(" ", plain).strip(" ")


def find(text: str, language: str = "en") -> list[tuple[str, str]]:
    """The vague words of a text with the kind of suggestion, those of `language` first (S30)."""
    lowered = fold(text).lower()
    for exception in _exceptions():
        lowered = exception.sub(" ", lowered)
    found = []
    for name in sorted(WORDS, key=lambda name: name != language[:2]):
        for word, kind, pattern in _patterns(name):
            if pattern.search(lowered):
                found.append((word, kind))
                lowered = pattern.sub(" ", lowered)
    return found


def table(language: str) -> list[list[str]]:
    """The words of one language as [word, kind, pattern], longest first, for the browser too."""
    rows = []
    for word, kind in sorted(WORDS[language].items(), key=lambda row: (-len(row[0]), row[0])):
        plain = fold(word).lower()
        letters = re.sub(r"[.*+?^${}()|\[\]\\/]", r"\\\g<0>", plain)
        pattern = letters if language == "zh" else f"{BEFORE}{letters}{AFTER}"
        rows.append([plain, kind, pattern])
    return rows


@cache
def _patterns(language: str) -> tuple[tuple[str, str, re.Pattern], ...]:
    return tuple(
        (word, kind, re.compile(pattern, re.ASCII)) for word, kind, pattern in table(language)
    )


@cache
def _exceptions() -> tuple[re.Pattern, ...]:
    return tuple(re.compile(pattern, re.ASCII) for pattern in EXCEPTIONS)
