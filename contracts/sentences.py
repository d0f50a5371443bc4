"""Sentences of the pure modules: English sources that translators see and `wording` translates."""


def noop(text: str) -> str:
    """Mark an English sentence for translation without translating it.

    Import it as `_`: makemessages collects the sentence, and a pure module stays free of Django.
    """
    return text
