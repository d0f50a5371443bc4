"""The ways to pay and the limits: changed by staff, each change written down (S5, S6)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from payments.models import ApprovalLimit, MethodChange, PaymentMethod
from workflow import approvals
from workflow.errors import NotAllowed, Refused

OPEN_FIELDS = ("title", "for_new", "for_existing", "provider")
KEEPERS = {"finance", "administrator"}


@transaction.atomic
def change_method(method, *, by, **fields):
    """Change whom a method is offered to, or through which provider it runs."""
    if by is None or not KEEPERS & by.duties:
        raise NotAllowed(_("Only the finance office and administrators change the methods."))
    if unknown := set(fields) - set(OPEN_FIELDS):
        raise Refused(
            _("These cannot be set: %s.") % ", ".join(sorted(unknown)), code="not_settable"
        )
    return _write(method, fields, by=by)


def ask_to_change_fee(method, *, by, fee_percent, reason):
    """Propose another fee for a method; a second person decides."""
    if not Decimal(0) <= fee_percent <= Decimal(10):
        raise Refused(_("A fee is between 0 and 10 per cent."), code="fee_out_of_range")
    payload = {"fee_percent": str(fee_percent)}
    return approvals.propose(method, "method.fee", by=by, payload=payload, reason=reason)


@transaction.atomic
def change_fee_by_two(method, *, by, proposed_by, fee_percent):
    """Set the fee that two people agreed on; payments that are under way keep theirs."""
    return _write(method, {"fee_percent": Decimal(fee_percent)}, by=by, proposed_by=proposed_by)


def ask_to_change_limit(limit, *, by, amount, reason):
    """Propose another limit for four eyes; a second person decides."""
    if amount.minor < 0:
        raise Refused(_("A limit is not below zero."), code="limit_out_of_range")
    payload = {"minor": amount.minor}
    return approvals.propose(
        limit, "limit.change", by=by, payload=payload, amount=amount, reason=reason
    )


@transaction.atomic
def change_limit_by_two(limit, *, by, proposed_by, minor):
    """Set the limit that two people agreed on; what is approved already stays so."""
    ApprovalLimit.objects.filter(pk=limit.pk).update(amount_minor=minor)


def _write(method, fields, *, by, proposed_by=None):
    method = PaymentMethod.objects.select_for_update().get(pk=method.pk)
    before = {name: str(getattr(method, name)) for name in fields}
    for name, value in fields.items():
        setattr(method, name, value)
    after = {name: str(getattr(method, name)) for name in fields}
    if before == after:
        return None
    method.save(update_fields=list(fields))
    return MethodChange.objects.create(
        method=method, before=before, after=after, changed_by=by, proposed_by=proposed_by
    )
