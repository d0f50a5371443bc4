"""Signing: a hash, a person, an instant. The second signature makes the contract bind."""

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import SupplierStanding
from accounts.operations import is_eligible, reserve_coverage
from accounts.reauthentication import confirm_password
from contracts.canonical import canonical, sha256_hex
from contracts.models import PurchaseContract, Signature
from core import clock
from core.references import rf_reference
from orders import policies
from orders.fees import on_top
from orders.models import Instalment
from orders.operations import check_ship_date
from workflow import deadlines, outbox
from workflow.engine import advance, operation, record
from workflow.errors import NotAllowed, Refused
from workflow.who import PLATFORM

State = PurchaseContract.State
STATEMENTS = (
    _("I have read this contract and its attachments."),
    _("I may sign for my company."),
    _("What is not written as a measurable line cannot be claimed."),
)


def sign_with_password(contract, *, by, password, **details):
    """Sign after proving again who one is (S17)."""
    confirm_password(by, password)
    return sign(contract, by=by, **details)


@operation
def sign(contract, *, by, typed_name, sha256, address=None, statements=(), accept_uncovered=False):
    """Sign exactly the version that was shown: `sha256` is the fingerprint on the page.

    The other side's signature, if it is there already, makes the contract effective:
    eligibility is read again, the cover is reserved, payment is asked for, the PDF is owed.
    """
    _check_signer(contract, by, typed_name, sha256, statements)
    check_ship_date(contract.order)
    if accept_uncovered and by.company_id == contract.buyer_id:
        _accept_uncovered(contract.order, by)
    second = contract.state == State.PART_SIGNED
    Signature.objects.create(
        contract=contract,
        company=by.company,
        user=by,
        side="buyer" if by.company_id == contract.buyer_id else "supplier",
        typed_name=typed_name.strip(),
        statements=[str(text) for text in STATEMENTS],
        sha256=sha256,
        address=address,
        signed_at=clock.now(),
    )
    if not second:
        advance(contract.sign, by=by, facts={"sha256": sha256})
        return
    _make_effective(contract, by)


def _make_effective(contract, by):
    order = contract.order
    if not is_eligible(order.supplier):
        raise Refused(
            _("The supplier no longer takes part in Trade Assurance."),
            code="supplier_not_eligible",
        )
    advance(
        contract.countersign,
        by=by,
        effective_at=clock.now(),
        facts={"sha256": contract.sha256},
    )
    covered = _reserve(order)
    _say_if_little_is_left(order, covered)
    advance(order.contract_effective, by=by, facts={"covered": covered.minor})
    deadlines.keep("order.sign", order)
    deadlines.start("order.pay", order)
    _ask_for_payment(order)
    contract.seal_progress = "waiting"
    contract.save(update_fields=["seal_progress"])
    outbox.owe("contract.seal", lane="documents", trade_ref=order.ref, contract=contract.pk)


def _say_if_little_is_left(order, covered):
    """The first order that takes a supplier's cover over four fifths of the limit says so."""
    standing = SupplierStanding.objects.get(company=order.supplier_id)
    before = standing.reserved_minor - covered.minor
    if before * 5 < standing.limit_minor * 4 <= standing.reserved_minor * 5:
        left = standing.headroom.minor
        record(order, "coverage_low", by=PLATFORM, facts={"left": left})


def _basis(order):
    """What the cover is for: the initial payment (S57)."""
    plan = policies.instalments(order.total, order.deposit_percent)
    return policies.coverage_basis("pre_shipment", plan)


def _accept_uncovered(order, by):
    """The buyer, and nobody else, goes on knowing what is not assured (money.md 7.3)."""
    basis, standing = _basis(order), order.supplier.standing
    left = policies.coverage(basis, standing.limit, standing.reserved)
    order.uncovered_accepted_minor = (basis - left).minor
    order.uncovered_acknowledged_at = clock.now()
    order.save(update_fields=["uncovered_accepted_minor", "uncovered_acknowledged_at"])
    record(order, "accept_uncovered", by=by, facts={"uncovered": (basis - left).minor})


def _reserve(order):
    """Reserve the cover; what is not covered must be what the buyer accepted, or less."""
    basis = _basis(order)
    covered = reserve_coverage(order.supplier, order_ref=order.ref, basis=basis)
    if covered is None:
        raise Refused(
            _("The supplier no longer takes part in Trade Assurance."),
            code="supplier_not_eligible",
        )
    uncovered = basis - covered
    accepted = 0 if settings.REQUIRE_COVERAGE == "strict" else order.uncovered_accepted_minor
    if uncovered.minor > accepted:
        raise Refused(
            _(
                "%(part)s of %(whole)s is not assured: the supplier's limit is in use. "
                "The buyer has to accept that when signing."
            )
            % {"part": uncovered, "whole": basis},
            code="not_covered",
        )
    return covered


def _ask_for_payment(order):
    plan = policies.instalments(order.total, order.deposit_percent)
    fees = on_top(plan, order.fee_percent, order.fee_side)
    parts = [Instalment.Part.DEPOSIT, Instalment.Part.BALANCE]
    if len(plan) == 1:
        parts = [Instalment.Part.BALANCE]
    Instalment.objects.bulk_create(
        Instalment(
            order=order,
            n=n,
            part=part,
            due_minor=(due + fee).minor,
            reference=_next_reference(),
        )
        for n, (part, due, fee) in enumerate(zip(parts, plan, fees, strict=True), 1)
    )


def _next_reference():
    """One digits-only RF reference per instalment (ISO 11649; S19)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_reference')")
        return rf_reference(cursor.fetchone()[0])


def _check_signer(contract, by, typed_name, sha256, statements):
    if by.company_id not in {contract.buyer_id, contract.supplier_id}:
        raise NotAllowed(_("Only the buyer and the supplier sign."))
    if by.company_role != by.Role.SIGNER:
        raise NotAllowed(_("Your account may not sign for your company."))
    if contract.state not in {State.PROPOSED, State.PART_SIGNED}:
        raise Refused(_("This version is not open for signature."))
    if sha256 != contract.sha256 or sha256_hex(canonical(contract.document)) != sha256:
        raise Refused(
            _("The contract changed while you were reading. Read the new version first."),
            code="version_changed",
        )
    if contract.signatures.filter(company=by.company).exists():
        raise Refused(_("Your company has signed this version already."), code="signed_already")
    if not typed_name.strip():
        raise Refused(_("Type your name to sign."), code="name_missing")
    if len(statements) < len(STATEMENTS):
        raise Refused(_("Tick every statement to sign."), code="statement_missing")
