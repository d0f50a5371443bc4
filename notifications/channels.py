"""Over which channels a letter reaches a person: what they chose, unless it is locked."""

from dataclasses import dataclass

from notifications.letters import LETTERS, TOPICS
from notifications.locks import lock_of
from notifications.models import Preference
from notifications.reminders import REMINDERS
from notifications.table import READERS

PARTY_WORDS = {"other", "own", "respondent", "claimant", "payee", "unsigned", "undone"}


@dataclass(frozen=True)
class Channels:
    """On the page, by mail at once, in the letter of the day; this is the usual way."""

    site: bool = True
    mail: bool = True
    digest: bool = False

    @property
    def any(self) -> bool:
        return self.site or self.mail or self.digest


USUAL = Channels()


def channels_of(pairs) -> dict[tuple[int, str], Channels]:
    """The channels of each (reader's id, name of a letter), in one query."""
    pairs = set(pairs)
    rows = Preference.objects.filter(
        reader__in={reader for reader, _letter in pairs},
        letter__in={letter for _reader, letter in pairs},
    )
    chosen = {(row.reader_id, row.letter): _within_lock(row) for row in rows}
    return {pair: chosen.get(pair, USUAL) for pair in pairs}


def letters_for(user) -> dict[str, list[str]]:
    """The letters that this person may get at all, by topic: {topic: [name, …]}."""
    words = _words_for(user)
    mine = {to.letter for row in READERS.values() for to in row if to.readers in words}
    told = [pair for rules in REMINDERS.values() for rule in rules for pair in rule.told]
    mine |= {letter for readers, letter in told if readers in words}
    found = {
        topic: [name for name in letters if name in mine]
        for topic, (_heading, letters) in TOPICS.items()
    }
    return {topic: names for topic, names in found.items() if names}


def _words_for(user) -> set[str]:
    """The words of the table under which this person may be meant."""
    words = {"owner"}
    company = user.company
    if company:
        words |= {"company"}
        words |= PARTY_WORDS if company.buys or company.sells else set()
        words |= {"buyer"} if company.buys else set()
        words |= {"supplier"} if company.sells else set()
        words |= {"agency"} if company.inspects else set()
    duties = user.duties
    words |= {"mediators", "mediator"} if "mediator" in duties else set()
    words |= {"finance"} if "finance" in duties else set()
    words |= {"heads", "deciders", "maker"} if duties & {"finance", "administrator"} else set()
    return words


def _within_lock(row) -> Channels:
    if row.letter in LETTERS and not lock_of(row.letter):
        return Channels(row.site, row.mail, row.digest)
    return Channels(digest=row.digest)
