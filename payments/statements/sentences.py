"""What people are told about a statement that is refused or does not add up.

English, and marked for translation: no sentence is translated here, so that reading a bank's
file needs nothing but the file.
"""

from core.references import gettext_noop


class Sentence(str):
    """An English sentence that can still be said in another language.

    `template` is the text the translators' catalogue knows, `values` what goes into it:
    who shows it says gettext(sentence.template) % sentence.values.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> "Sentence":
        text = super().__new__(cls, template % values if values else template)
        text.template, text.values = template, values
        return text


# The file
EMPTY = gettext_noop("The file is empty.")
TOO_LARGE = gettext_noop("The file is larger than 5 MB, the limit for a statement.")
NOT_TEXT = gettext_noop("The file is not text, so it is not a statement.")
UNKNOWN_FORMAT = gettext_noop("The file is not camt.053, MT940 or a CSV file you described.")
MAPPING_NEEDED = gettext_noop("Say which column means what before you import a CSV file.")
TOO_MANY_ENTRIES = gettext_noop(
    "The file has more than %(limit)d entries. Export a shorter period."
)

# Its fields
TOO_LONG = gettext_noop(
    "The statement has a text of %(length)d characters where at most %(limit)d belong."
)
TOO_MANY_TEXTS = gettext_noop("An entry of the statement has more than %(limit)d lines of text.")
NOT_A_CURRENCY = gettext_noop("“%(code)s” is not a currency.")
NOT_AN_AMOUNT = gettext_noop("“%(amount)s” is not an amount.")
NOT_AN_AMOUNT_IN = gettext_noop("“%(amount)s” is not an amount in %(currency)s.")
NOT_A_DATE = gettext_noop("“%(date)s” is not a date.")
BALANCES_MISSING = gettext_noop("The statement does not give both its opening and closing balance.")

# camt.053
WITH_ENTITIES = gettext_noop(
    "The XML file declares a document type or entities; no statement does."
)
DAMAGED_XML = gettext_noop("The XML file is damaged and cannot be read.")
OTHER_MESSAGE = gettext_noop("The XML file is “%(version)s”. Statements are read as %(versions)s.")
NO_STATEMENT = gettext_noop("The camt.053 file has no statement in it.")
BALANCE_WITHOUT_DATE = gettext_noop("A balance of the statement has no date.")
ENTRY_WITHOUT_DATE = gettext_noop("A booked entry of the statement has no date.")
AMOUNT_MISSING = gettext_noop("The statement leaves out an amount.")
DIRECTION_MISSING = gettext_noop("The statement does not say if an amount is credit or debit.")

# MT940
FIELD_TWICE = gettext_noop("A statement in the MT940 file gives one of its fields twice.")
LINES_MIXED = gettext_noop("The lines of an MT940 statement cannot be told apart.")
UNREADABLE_FIELD = gettext_noop("A line of the MT940 file cannot be read.")

# CSV
MAPPING_INCOMPLETE = gettext_noop("The description of the CSV file is not complete.")
MAPPING_WRONG = gettext_noop("The description of the CSV file does not say how to read it.")
DAMAGED_CSV = gettext_noop("The CSV file is damaged and cannot be read.")
HEADER_MISSING = gettext_noop("The CSV file has no line with the column names you described.")
COLUMN_TWICE = gettext_noop("The CSV file has two columns of the same name.")
NO_ENTRIES = gettext_noop("The CSV file has no entries.")
NO_BALANCE_COLUMN = gettext_noop(
    "The CSV file has no balance column: give its opening and closing balance."
)
UNREADABLE_LINE = gettext_noop("Line %(line)d of the CSV file cannot be read.")

# The sums
MIXED_CURRENCIES = gettext_noop(
    "The statement is in %(currency)s, but some of its amounts are in another currency."
)
NOT_BALANCED = gettext_noop(
    "The opening balance and the booked entries come to %(reached)s, but the statement "
    "closes at %(closing)s: %(difference)s is not explained."
)
CLOSES_BEFORE_OPENING = gettext_noop("The statement closes before it opens.")
OTHER_ACCOUNT = gettext_noop(
    "The statement is for account %(found)s, not for the designated account."
)
OTHER_BANK = gettext_noop(
    "The statement comes from the bank %(found)s, not from the designated bank."
)
OTHER_CURRENCY = gettext_noop(
    "The statement is in %(found)s, but the account is kept in %(currency)s."
)
ONE_MISSING = gettext_noop(
    "Statement %(found)d follows statement %(previous)d: one in between is missing."
)
BALANCE_JUMPS = gettext_noop(
    "The statement opens at %(found)s, but the one before it closed at %(previous)s."
)
