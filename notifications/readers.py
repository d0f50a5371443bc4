"""The people who hear of an event, each with the letter that is theirs."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from accounts.models import User
from notifications.cases import order_of, payee_of
from notifications.letters import LETTERS
from notifications.table import READERS, UNTOLD
from workflow.models import Approval, Deadline

__all__ = ["READERS", "UNTOLD", "last_deadline", "readers_of", "reminded_by"]


def readers_of(event, subject):
    """Each person who hears of an event, with the letter: [(reader, Letter)], in one query.

    Someone who is in two groups gets the letter of the first one only.
    """
    groups = [
        (to, group)
        for to in READERS.get(event.name, ())
        if (to.when is None or to.when(event, subject))
        and (group := _group(to.readers, event, subject))
    ]
    people = _people([group for _, group in groups])
    found = []
    for reader in people:
        for to, group in groups:
            if _belongs(reader, group):
                if to.receipt or reader.pk != event.actor_id:
                    found.append((reader, LETTERS[to.letter]))
                break
    return found


def reminded_by(rule, subject):
    """Each person whom a reminder is for, with the letter: [(reader, Letter)]."""
    groups = [
        (letter, group)
        for words, letter in rule.told
        for group in _reminded(words, subject)
        if group
    ]
    return [
        (reader, LETTERS[letter])
        for reader in _people([group for _letter, group in groups])
        for letter in [next(name for name, group in groups if _belongs(reader, group))]
    ]


def side(company_id):
    """The people of one company."""
    return {"company": company_id} if company_id else None


COMPANIES = {
    "buyer": lambda event, subject: _party(subject, "buyer_id"),
    "supplier": lambda event, subject: _party(subject, "supplier_id"),
    "respondent": lambda event, subject: subject.respondent_id,
    "claimant": lambda event, subject: subject.claimant_id,
    "payee": lambda event, subject: payee_of(subject),
    "company": lambda event, subject: subject.company_id,
    "agency": lambda event, subject: subject.agency_id,
    "own": lambda event, subject: event.actor.company_id,
    "other": lambda event, subject: _across(event.actor.company_id, subject.trade),
}
WAITED_FOR = {
    "unsigned": lambda order: _unsigned(order),
    "undone": lambda dispute: _undone(dispute),
}
DUTIES = {"mediators": {"mediator"}, "finance": {"finance"}, "heads": {"finance", "administrator"}}
PERSONS = {
    "mediator": lambda event, subject: subject.mediator_id,
    "owner": lambda event, subject: subject.user_id,
    "maker": lambda event, subject: _maker_of(event),
}


def _group(readers, event, subject):
    """Who is meant by a word of the table, as a test that both the query and we can make."""
    if readers in DUTIES:
        return {"duties": DUTIES[readers]}
    if readers == "deciders":
        return {"duties": settings.APPROVALS[event.facts["action"]].duties}
    if readers in PERSONS:
        person = PERSONS[readers](event, subject)
        return {"person": person} if person else None
    return side(COMPANIES[readers](event, subject))


def _reminded(words, subject):
    """Who is meant by a word where nothing has happened: some are whoever has not acted yet."""
    if words in WAITED_FOR:
        return [side(company_id) for company_id in WAITED_FOR[words](subject)]
    return [_group(words, None, subject)]


def _unsigned(order):
    """The sides that have not signed the version that is on the table."""
    signed = order.contracts.filter(state__in=["proposed", "part_signed"]).values_list(
        "signatures__company", flat=True
    )
    return [pk for pk in (order.buyer_id, order.supplier_id) if pk not in set(signed)]


def _undone(dispute):
    """The sides that have not said that they have nothing to add."""
    order = dispute.order
    done = {order.buyer_id: dispute.buyer_done_at, order.supplier_id: dispute.supplier_done_at}
    return [pk for pk, said in done.items() if said is None]


def _party(subject, name):
    order = order_of(subject)
    return getattr(order, name) if order else None


def _across(company_id, trade):
    """The party on the other side of the table."""
    return trade.supplier_id if company_id == trade.buyer_id else trade.buyer_id


def _maker_of(event):
    """Who proposed what this event refuses."""
    refused = Approval.objects.filter(
        action=event.facts["action"],
        subject_type=ContentType.objects.get_for_id(event.subject_type_id),
        subject_key=str(event.subject_id),
        decision=Approval.Decision.REFUSED,
        checker=event.actor_id,
        decided_at__lte=event.happened_at,
    )
    return refused.order_by("-pk").values_list("maker", flat=True).first()


def _people(groups):
    wanted = Q(pk=None)
    for group in filter(None, groups):
        wanted |= (
            Q(company=group["company"])
            if "company" in group
            else Q(pk=group["person"])
            if "person" in group
            else Q(is_staff=True, groups__name__in=group["duties"])
        )
    return list(
        User.objects.filter(wanted, is_active=True)
        .select_related("company")
        .prefetch_related("groups")
        .distinct()
        .order_by("pk")
    )


def _belongs(reader, group):
    if "company" in group:
        return reader.company_id == group["company"]
    if "person" in group:
        return reader.pk == group["person"]
    return reader.is_staff and bool(group["duties"] & {g.name for g in reader.groups.all()})


def last_deadline(kind, trade_ref):
    """The latest deadline of a kind in a trade, open or over; None if there never was one."""
    return Deadline.objects.filter(kind=kind, trade_ref=trade_ref).order_by("-pk").first()
