"""How anything changes: one lock, one check, one save, one line of history."""

from functools import wraps

from django.db import transaction
from django.db.models import Model
from django_fsm import can_proceed, has_transition_perm

from workflow import deadlines, outbox
from workflow.errors import NotAllowed, Refused
from workflow.locks import held, holding
from workflow.models import Event


def operation(func):
    """Run `func(subject, ...)` in one transaction, on the latest state of its trade.

    Operations on one trade queue on its row, so a refund and a release can never both
    find the money there. Clocks that are already over fire first, in transactions of
    their own: nobody acts late because a worker was down (machines.md 6.0).
    """

    @wraps(func)
    def run(subject, *args, **kwargs):
        trade = subject.trade
        if locked := held(trade):
            return func(_on(locked, subject), *args, **kwargs)
        while True:
            with transaction.atomic(), holding(subject):
                if deadlines.none_due(trade):
                    return func(subject, *args, **kwargs)
            deadlines.fire_due(trade)

    return run


def advance(transition, *, by, reason="", facts=None, **details):
    """Take a transition for `by`: check it, make it, save it, write it down.

    Raises Refused when the state or a condition forbids it, NotAllowed when `by` may not.
    """
    subject, verb, source = transition.__self__, transition.__name__, transition.__self__.state
    here = transition._django_fsm.has_transition(source)
    if here and not has_transition_perm(transition, by):
        raise NotAllowed
    if not can_proceed(transition):
        raise Refused(
            f"This {subject._meta.verbose_name} is “{subject.get_state_display()}”: "
            f"that cannot be done now."
        )
    transition(**details)
    subject.save()
    named = {name: str(v) if isinstance(v, Model) else v for name, v in details.items()}
    return record(
        subject, verb, by=by, reason=reason, source=source, facts={**named, **(facts or {})}
    )


def record(subject, verb, *, by, reason="", source="", facts=None):
    """Write down what happened, and owe the news of it to whoever must hear."""
    event = Event.objects.create(
        subject=subject,
        trade_ref=subject.trade.ref,
        verb=verb,
        source=source,
        target=subject.state if source else "",
        actor=by,
        actor_role=role_of(by),
        reason=reason,
        facts=facts or {},
    )
    outbox.owe("event", lane="news", trade_ref=event.trade_ref, event=event.pk)
    return event


def role_of(user):
    """How history names the one who acted."""
    return user.role_name if user else "platform"


def verbs(subject, user):
    """The names of the transitions that `user` could take now: the buttons of a page."""
    return {t.name for t in subject.get_available_user_state_transitions(user)}


def _on(locked, subject):
    """The subject as part of the trade instance that is locked, so that no copy goes stale."""
    if subject.trade is locked:
        return subject
    if subject is subject.trade:
        return locked
    subject.adopt(locked)
    return subject
