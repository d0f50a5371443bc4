"""How a contract comes about: accepted, drafted, proposed, answered, lapsed.

Writing its lines is in `contracts.drafting`, signing it in `contracts.signing`.
"""

from django.utils.translation import gettext as _

from accounts.designated import the_account
from accounts.operations import is_eligible
from accounts.roles import PLATFORM
from contracts import drafting, wording
from contracts.binding import document_of
from contracts.canonical import canonical, sha256_hex
from contracts.models import AcknowledgedGap, PurchaseContract
from core import clock
from orders.operations import check_ship_date, close
from workflow import deadlines
from workflow.engine import advance, operation, record
from workflow.errors import Refused

State = PurchaseContract.State
ON_THE_TABLE = [State.DRAFT, State.PROPOSED, State.PART_SIGNED]


@operation
def accept_order(order, *, by, buyer_writes=True):
    """The supplier is ready to contract: a first draft is made from the goods' template."""
    if not is_eligible(order.supplier):
        raise Refused(
            _("You no longer take part in Trade Assurance."), code="supplier_not_eligible"
        )
    advance(order.accept_order, by=by)
    deadlines.keep("order.confirm", order)
    deadlines.start("order.sign", order)
    product = order.lines.select_related("product__category").first().product
    contract = PurchaseContract.objects.create(
        order=order,
        version=1,
        drafted_by=order.buyer if buyer_writes else order.supplier,
        template_key=product.category.template_key if product else "empty",
    )
    drafting.fill_from_template(contract, contract.template_key)
    record(contract, "draft", by=by)
    return contract


@operation
def hand_over(contract, *, by):
    """The author lets the other side go on writing the draft."""
    drafting.check_author(contract, by)
    order = contract.order
    contract.drafted_by = order.supplier if by.company_id == order.buyer_id else order.buyer
    contract.save(update_fields=["drafted_by"])
    record(contract, "hand_over", by=by)


@operation
def propose(contract, *, by, acknowledged=()):
    """Offer this version for signature; every open gap is acknowledged by name first (S44).

    `acknowledged` holds the codes of the gaps that the person ticked.
    """
    drafting.check_author(contract, by)
    gaps = drafting.gaps_of(contract)
    missing = [gap for gap in gaps if gap.code not in acknowledged]
    if missing:
        raise Refused(
            _("Acknowledge each open gap by name, or close it: %s")
            % "; ".join(wording.message(gap) for gap in missing),
            code="gap_not_acknowledged",
        )
    AcknowledgedGap.objects.bulk_create(
        AcknowledgedGap(
            contract=contract, code=gap.code, sentence=wording.sentence(gap), acknowledged_by=by
        )
        for gap in gaps
    )
    check_ship_date(contract.order)
    if the_account(contract.order.currency) is None:
        raise Refused(
            _("There is no designated account to pay into yet. Try again later."),
            code="no_account",
        )
    contract.proposed_at = clock.now()
    contract.document = document_of(contract)
    contract.sha256 = sha256_hex(canonical(contract.document))
    advance(contract.propose, by=by, facts={"sha256": contract.sha256, "gaps": len(gaps)})


@operation
def counter(contract, *, by):
    """Answer a proposed version with a draft of one's own, made from it."""
    advance(contract.counter, by=by)
    answer = PurchaseContract.objects.create(
        order=contract.order,
        version=contract.order.contracts.count() + 1,
        drafted_by=by.company,
        **drafting.terms_of(contract),
    )
    drafting.copy_lines(contract, answer)
    record(answer, "draft", by=by)
    return answer


@operation
def expire_unsigned(order, *, by):
    """The contract was not signed by both in time (T2): it lapses, the order closes."""
    for contract in order.contracts.filter(state__in=ON_THE_TABLE):
        contract.adopt(order)
        advance(contract.discard if contract.state == State.DRAFT else contract.lapse, by=by)
    advance(order.expire_unsigned, by=by)
    close(order)


@operation
def withdraw(order, *, by, reason=""):
    """A party leaves before both have signed: the draft is void, the order closes."""
    for contract in order.contracts.filter(state__in=ON_THE_TABLE):
        contract.adopt(order)
        if contract.state == State.DRAFT:
            advance(contract.discard, by=by)
        else:
            advance(contract.lapse, by=PLATFORM, reason=reason)
    advance(order.withdraw, by=by, reason=reason)
    close(order)


@operation
def note_sealed(contract, *, by, path, pdf_sha256):
    """The PDF is drawn, sealed and stored: its fingerprint belongs to the record, once."""
    if contract.sealed_at:
        return
    contract.pdf.name, contract.pdf_sha256 = path, pdf_sha256
    contract.sealed_at, contract.seal_progress = clock.now(), "sealed"
    contract.save()
    record(contract, "seal", by=by, facts={"pdf_sha256": pdf_sha256})
