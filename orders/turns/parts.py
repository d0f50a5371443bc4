"""What a turn is made of: decisions, waiting, and the buttons on them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from orders.addresses import address
from orders.facts import BUYER, SUPPLIER


@dataclass(frozen=True)
class Action:
    """A button: a link, or a form that is posted with `fields`; `form` names an input partial."""

    label: str
    url: str
    icon: str = ""
    variant: str = ""
    post: bool = False
    title: str = ""
    text: str = ""
    fields: dict = field(default_factory=dict)
    form: str = ""


@dataclass(frozen=True)
class Decision:
    """Something that only this side can do next; the first action is the primary one."""

    title: str
    text: str
    actions: list[Action]
    due_at: datetime | None = None
    silence: str = ""
    tone: str = ""
    shows: str = ""
    is_yours: bool = True

    @property
    def choices(self) -> list[Action]:
        """The actions that stand side by side, each with its own heading."""
        return [action for action in self.actions if action.title]


@dataclass(frozen=True)
class Waiting:
    """It is somebody else's turn: whose, until when, what happens if nothing does."""

    whom: str
    text: str = ""
    due_at: datetime | None = None
    silence: str = ""
    actions: list[Action] = field(default_factory=list)
    is_yours: bool = False


def decide(facts, clock, title, text, *actions, **more):
    """A decision of this side; `clock` is the kind of its time limit, if it has one."""
    return Decision(title, text, list(actions), **{**_limit(facts, clock), **more})


def wait(facts, whom, clock="", text="", actions=()):
    """Somebody else's turn."""
    return Waiting(whom, text, actions=list(actions), **_limit(facts, clock))


def link(facts, name, label, icon="", **details):
    """A button that leads to another page of the order."""
    return Action(label, address(name, facts), icon=icon, **details)


def press(facts, name, label, icon="", **details):
    """A button that does it at once."""
    return Action(label, address(name, facts), icon=icon, post=True, **details)


def is_party(facts):
    """Whether the reader is one of the two sides."""
    return facts.side in {BUYER, SUPPLIER}


def _limit(facts, clock):
    due_at = facts.clocks.get(clock)
    return {"due_at": due_at, "silence": settings.DEADLINES[clock].silence} if due_at else {}
