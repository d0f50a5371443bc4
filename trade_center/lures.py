"""Does a message lure a buyer to pay outside the platform (S8, S60, S61)? Pure rules.

Coarse on purpose: it warns, it never blocks and never drops a message.
"""

import re
import unicodedata

_PHRASES = re.compile(
    r"\b(western union|money ?gram|wechat pay|alipay me|pay (me|us) direct(ly)?|outside (the )?"
    r"platform|to my (personal |own )?(bank )?account|usdt|bitcoin|swift code|iban)\b"
    r"|私人账户|微信转账|支付宝转账|线下付款|直接付款|खाते में सीधे",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){9,19}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def mentions_paying_elsewhere(text: str) -> bool:
    """True when the text names an account, a wallet or a way of paying around the platform."""
    plain = unicodedata.normalize("NFKC", text).translate(_ZERO_WIDTH)
    return any(pattern.search(plain) for pattern in (_PHRASES, _IBAN, _LONG_NUMBER))
