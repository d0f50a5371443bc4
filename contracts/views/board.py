"""The builder's page: a form for every line, what each gap costs, and a click that closes it."""

import json
from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contracts import wording
from contracts.clarity import Assessment, assess_contract
from contracts.drafting import assessment_of
from contracts.forms import LineForm, TermsForm
from contracts.models import ContractLine
from contracts.templates_data import TEMPLATES
from core.formats.words import money_text
from orders import policies


@dataclass
class Row:
    """One line on the page."""

    line: ContractLine
    form: LineForm
    agreed: str = ""
    assessment: Assessment | None = None
    gaps: list[dict] = field(default_factory=list)

    @property
    def choices_json(self) -> str:
        """The closed list of the line, as the live score reads it."""
        return json.dumps(list(self.line.choices))

    @property
    def is_open(self) -> bool:
        """Vague lines and lines with an error are open; the clear ones are one sentence."""
        vague = self.assessment is not None and self.assessment.level == "vague"
        return vague or bool(self.form.is_bound and self.form.errors)


class Board:
    """The forms of a draft, read from the page when `data` is given."""

    def __init__(self, contract, data=None, files=None):
        self.contract = contract
        self.lines = list(contract.lines.select_related("attachment"))
        self.terms = TermsForm(data, instance=contract)
        self.rows = [
            Row(line, LineForm(data, files, instance=line, prefix=f"line-{line.pk}"))
            for line in self.lines
            if data is None or f"line-{line.pk}-kind" in data
        ]

    def is_valid(self, without=None) -> bool:
        """Whether all that was typed can be saved; a line that goes away need not be right."""
        forms = [row.form for row in self.rows if row.line.pk != without]
        results = [form.is_valid() for form in [self.terms, *forms]]
        return all(results)

    def judge(self):
        """Give every row its score and its gaps, for what stands in the fields now."""
        template = TEMPLATES[self.contract.template_key]
        typed = [row.form.typed() for row in self.rows]
        self.assessment = assess_contract(typed, template, get_language() or "en")
        for row, line, found in zip(self.rows, typed, self.assessment.lines, strict=True):
            row.assessment, row.agreed = found, sentence(line)
            row.gaps = [gap_of(gap, row.line.pk) for gap in found.gaps]
        self.missing = [gap_of(gap) for gap in self.assessment.missing]
        return self

    @property
    def errors(self):
        """Every sentence about what cannot be saved, with the field it is about."""
        own = [{"text": text} for text in self.terms.non_field_errors()]
        return own + [
            {"text": text, "id": form[name].id_for_label, "title": title}
            for title, form in self._titled()
            for name, texts in form.errors.items()
            if name != "__all__"
            for text in texts
        ]

    @property
    def deposit(self):
        """What the deposit comes to, as it is saved."""
        order = self.contract.order
        first = policies.deposit(order.total, order.deposit_percent)
        parts = {"first": money_text(first), "total": money_text(order.total)}
        return _("%(first)s of %(total)s") % parts

    def _titled(self):
        lines = [(_("Line %d") % row.line.number, row.form) for row in self.rows]
        return [("", self.terms), *lines]


def filled(contract) -> bool:
    """Whether a draft holds anything that its template did not write."""
    lines = contract.lines.values_list("requirement", "attachment")
    return any(requirement or attachment for requirement, attachment in lines)


def gap_of(gap, pk=None) -> dict:
    """A gap in the reader's words; a repair with `do` is a button that closes it."""
    return {
        "code": gap.code,
        "blocking": gap.blocking,
        "message": wording.message(gap),
        "consequence": wording.consequence(gap),
        "repairs": [
            {"text": wording.repair(way), "do": _button(gap, way, pk)} for way in gap.repairs
        ],
    }


def sentence(line) -> str:
    """The line as its closed card shows it."""
    minus, plus = line.tolerance_minus, line.tolerance_plus
    tolerance = f"± {plus}" if plus and plus == minus else ""
    given = line.requirement and " ".join(filter(None, [line.requirement, line.unit, tolerance]))
    return given or line.attachment_name


def open_gaps(contract) -> list[dict]:
    """Every open gap of a draft as it is saved, as a proposal must name it (S44)."""
    return [gap_of(gap) for gap in assessment_of(contract).gaps]


def _button(gap, way, pk):
    if gap.kind == "missing":
        return f"expected:{gap.template_key}"
    return f"repair:{pk}:{way.field_name}:{way.value}" if way.field_name and pk else ""
