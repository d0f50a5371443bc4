"""Writing a draft: its lines and terms, by the side whose turn it is."""

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from attachments.operations import store
from contracts.clarity import assess, assess_contract
from contracts.models import ContractLine, PurchaseContract
from contracts.templates_data import TEMPLATES
from core import clock
from orders.models import Order
from workflow.engine import operation, record
from workflow.errors import NotAllowed, Refused

TERMS = [
    "template_key",
    "over_percent",
    "under_percent",
    "inspection_level",
    "aql_major",
    "aql_minor",
    "inspection_payer",
    "late_percent_per_day",
    "late_cap_percent",
    "governing_law",
    "holiday_rule",
    "side_terms",
]
ORDER_TERMS = ["ship_by", "deposit_percent", "incoterm", "named_place", "fee_side"]
LINE_FIELDS = [
    "template_key",
    "characteristic",
    "kind",
    "requirement",
    "tolerance_minus",
    "tolerance_plus",
    "unit",
    "how_checked",
    "severity",
    "choices",
]


@operation
def use_template(contract, *, by, template_key):
    """Replace the lines of a draft by those of a template."""
    check_author(contract, by)
    if template_key not in TEMPLATES:
        raise Refused(_("There is no such template."), code="template_unknown")
    contract.lines.all().delete()
    contract.template_key = template_key
    fill_from_template(contract, template_key)
    _touch(contract)
    record(contract, "use_template", by=by, facts={"template": template_key})


@operation
def add_line(contract, *, by, **fields):
    """Add a line at the end."""
    check_author(contract, by)
    fields = _only(LINE_FIELDS, fields)
    line = contract.lines.create(number=contract.lines.count() + 1, **fields)
    _touch(contract)
    return line


@operation
def paste_lines(contract, *, by, lines):
    """Write lines from a spreadsheet: an empty line of the same name is filled, others added."""
    check_author(contract, by)
    empty = {
        line.characteristic.casefold(): line
        for line in contract.lines.filter(requirement="", attachment=None)
    }
    for fields in lines:
        line = empty.pop(fields["characteristic"].casefold(), None)
        if line is None:
            add_line(contract, by=by, **fields)
        else:
            given = {name: text for name, text in fields.items() if text}
            write_line(contract, by=by, line=line, **given | {"kind": line.kind})


@operation
def write_line(contract, *, by, line, upload=None, **fields):
    """Change a line; a new file replaces the attached one, by a new fingerprint."""
    check_author(contract, by)
    line = contract.lines.get(pk=line.pk)
    for name, value in _only(LINE_FIELDS, fields).items():
        setattr(line, name, value)
    if upload:
        order = contract.order
        line.attachment = store(upload, by=by, shared_with=[order.buyer, order.supplier])
    line.save()
    _touch(contract)
    return line


@operation
def duplicate_line(contract, *, by, line):
    """Add a copy of a line at the end."""
    check_author(contract, by)
    line = contract.lines.get(pk=line.pk)
    copy = {name: getattr(line, name) for name in LINE_FIELDS}
    _touch(contract)
    return contract.lines.create(
        number=contract.lines.count() + 1, attachment=line.attachment, **copy
    )


@operation
def remove_line(contract, *, by, line):
    """Take a line out; the others close up."""
    check_author(contract, by)
    line = contract.lines.filter(pk=line.pk).first()
    if line is None:
        return
    line.delete()
    contract.lines.filter(number__gt=line.number).update(number=F("number") - 1)
    _touch(contract)


@operation
def move_line(contract, *, by, line, up):
    """Swap a line with its neighbour."""
    check_author(contract, by)
    line = contract.lines.get(pk=line.pk)
    other = contract.lines.filter(number=line.number + (-1 if up else 1)).first()
    if other:
        line.number, other.number = other.number, line.number
        ContractLine.objects.bulk_update([line, other], ["number"])
        _touch(contract)


@operation
def set_terms(contract, *, by, **terms):
    """Change the terms of a draft: its own, and those of the order that it will fix."""
    check_author(contract, by)
    order = contract.order
    for name, value in _only([*TERMS, *ORDER_TERMS], terms).items():
        setattr(order if name in ORDER_TERMS else contract, name, value)
    if not order.ship_by and not order.lead_days:
        raise Refused(_("Enter the day by which the goods must leave."), code="ship_by_missing")
    if not 1 <= order.deposit_percent <= 100:
        raise Refused(_("The deposit is 1 to 100 per cent."), code="deposit_out_of_range")
    order.save()
    _touch(contract)


@operation
def upload_paper(contract, *, by, upload):
    """The supplier puts its own contract document beside the draft (S28), whoever writes.

    The numbered lines prevail over it: it is never what an inspector measures against.
    """
    order = contract.order
    if by is None or by.company_id != order.supplier_id:
        raise NotAllowed(_("Only the supplier uploads its own contract document."))
    check_draft(contract)
    contract.supplier_paper = store(upload, by=by, shared_with=[order.buyer, order.supplier])
    _touch(contract)
    paper = contract.supplier_paper
    record(contract, "upload_paper", by=by, facts={"file": paper.name, "sha256": paper.sha256})


@operation
def remove_paper(contract, *, by):
    """The supplier takes its own document back while nothing is proposed."""
    if by is None or by.company_id != contract.order.supplier_id:
        raise NotAllowed(_("Only the supplier takes its own contract document back."))
    check_draft(contract)
    contract.supplier_paper = None
    _touch(contract)
    record(contract, "remove_paper", by=by)


def check_author(contract, by):
    """Only the side whose turn it is writes, and only while it is a draft."""
    if by is None or by.company_id != contract.drafted_by_id:
        raise NotAllowed(_("It is the other side's turn to write."))
    check_draft(contract)


def check_draft(contract):
    """Only a draft changes, and only while its order is being contracted."""
    if contract.state != PurchaseContract.State.DRAFT:
        raise Refused(_("This version is not a draft any more."), code="not_a_draft")
    if contract.order.state != Order.State.CONTRACTING:
        raise Refused(_("The order is not being contracted any more."))


def fill_from_template(contract, template_key):
    """Write the lines that a template expects; the person fills them in."""
    ContractLine.objects.bulk_create(
        ContractLine(contract=contract, **_fields(expected.blank(number)))
        for number, expected in enumerate(TEMPLATES[template_key].lines, 1)
    )


def copy_lines(source, target):
    """Copy every line of a version to another."""
    ContractLine.objects.bulk_create(
        ContractLine(
            contract=target,
            number=line.number,
            attachment_id=line.attachment_id,
            **{name: getattr(line, name) for name in LINE_FIELDS},
        )
        for line in source.lines.all()
    )


def terms_of(contract):
    """The terms that a counter-proposal starts with."""
    return {name: getattr(contract, name) for name in [*TERMS, "supplier_paper"]}


def assessment_of(contract):
    """How clear the contract is, line by line (S30, S31), in the reader's language."""
    lines = [line.plain() for line in contract.lines.select_related("attachment")]
    return assess_contract(lines, TEMPLATES[contract.template_key], _language())


def assessment_of_line(line):
    """How clear one line is."""
    return assess(line.plain(), _language())


def gaps_of(contract):
    """Every open gap of the contract: of its lines, and lines that are missing."""
    return assessment_of(contract).gaps


def _only(names, given):
    if unknown := set(given) - set(names):
        raise Refused(
            _("These cannot be set: %s.") % ", ".join(sorted(unknown)), code="not_settable"
        )
    return given


def _language():
    return translation.get_language() or "en"


def _fields(line):
    return {name: getattr(line, name) for name in ["number", *LINE_FIELDS]} | {
        "choices": list(line.choices)
    }


@transaction.atomic
def _touch(contract):
    contract.updated_at = clock.now()
    contract.save()
