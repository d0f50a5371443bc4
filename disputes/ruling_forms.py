"""The mediator's forms, in the order of the work: assign, review, compare, propose, decide."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.formats.words import money_text
from core.money import Money
from disputes import policies
from disputes.forms import AmountField
from disputes.models import ClaimLine, Dispute
from disputes.pages import claimed_lines
from workflow.forms import OperationForm

OUTCOMES = {
    policies.Outcome.REFUND: gettext_lazy("refund"),
    policies.Outcome.SHARE: gettext_lazy("both bear a part"),
    policies.Outcome.RELEASE: gettext_lazy("release"),
    policies.Outcome.STANDARD: gettext_lazy("the industry standard decides first"),
}
# What the report says is offered as the finding; the mediator may find otherwise.
REPORTED = {
    "match": ClaimLine.Finding.CONFORMS,
    "differs": ClaimLine.Finding.DIFFERS,
    "not_measurable": ClaimLine.Finding.NOT_MEASURABLE,
}


class PlainForm(OperationForm):
    """An operation that needs nothing but the decision to do it."""


class AssignForm(OperationForm):
    """Who takes the case: somebody named, else whoever has the fewest."""

    mediator = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Mediator"),
        required=False,
        empty_label=gettext_lazy("The one with the fewest cases"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sides = [self.subject.buyer_id, self.subject.supplier_id]
        on_duty = User.objects.filter(is_staff=True, is_active=True, groups__name="mediator")
        self.fields["mediator"].queryset = on_duty.exclude(company_id__in=sides).order_by("name")


class ReviewForm(OperationForm):
    """Step one: what the contract says, before anybody looks at the report (S51)."""

    review = forms.CharField(
        label=gettext_lazy("What the contract says about each claimed line"),
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
        error_messages={"required": gettext_lazy("Write down what the contract says.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        clauses = [row.clause for row in claimed_lines(self.subject)]
        self.fields["review"].help_text = "  ".join(clauses) or _("The claim names no line.")


class CompareForm(OperationForm):
    """Step two: the report against the contract, one finding for each claimed line."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = claimed_lines(self.subject)
        for row in self.rows:
            self.fields[f"finding_{row.claim.pk}"] = _finding(row)
            self.fields[f"note_{row.claim.pk}"] = forms.CharField(
                label=_("Note to line %(n)d") % {"n": row.finding.line.number},
                required=False,
                max_length=1000,
                widget=forms.TextInput(attrs={"size": 80}),
            )
        self.fields["comparison"] = forms.CharField(
            label=_("The comparison in words"),
            widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
            error_messages={"required": _("Write down what the comparison shows.")},
        )

    def clean(self):
        data = super().clean()
        findings = {
            row.claim.pk: (data.get(f"finding_{row.claim.pk}"), data.get(f"note_{row.claim.pk}"))
            for row in self.rows
        }
        return {"comparison": data.get("comparison"), "findings": findings}


class RulingForm(OperationForm):
    """Step three: refund and release, which together are the hold; fault and reasons."""

    refund = AmountField(label=gettext_lazy("Back to the buyer"))
    release = AmountField(label=gettext_lazy("To the supplier, before the fee"))
    fault = forms.ChoiceField(
        label=gettext_lazy("Fault"),
        choices=[("", gettext_lazy("Choose")), *Dispute.Fault.choices],
        error_messages={"required": gettext_lazy("Choose whose fault it is.")},
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
        error_messages={"required": gettext_lazy("Give the reasons: both sides read them.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = self.subject.claimed
        for name in ("refund", "release"):
            self.fields[name].within(held)
        self.fields["release"].help_text = _("Together they are exactly %(held)s.") % {
            "held": money_text(held)
        }
        self.fields["reasons"].help_text = " ".join(_usual(self.subject))

    def clean(self):
        data = super().clean()
        refund, release = data.get("refund"), data.get("release")
        if refund is not None and release is not None:
            self._check_sum(refund, release)
        return {name: data.get(name) for name in ("refund", "fault", "reasons")}

    def _check_sum(self, refund, release):
        held = self.subject.claimed
        gap = held - refund - release
        if not gap:
            return
        if gap > Money(0, held.currency):
            text = _("%(refund)s + %(release)s = %(sum)s. %(gap)s of the %(held)s held is missing.")
        else:
            text = _(
                "%(refund)s + %(release)s = %(sum)s. That is %(gap)s more than the %(held)s held."
            )
        amounts = {
            "refund": refund,
            "release": release,
            "sum": refund + release,
            "gap": Money(abs(gap.minor), held.currency),
            "held": held,
        }
        self.add_error(
            "release", text % {name: money_text(value) for name, value in amounts.items()}
        )


def usual_outcome(finding: str, fault: str) -> str:
    """What is usually ruled for a finding and a fault, with its source: refund (S21, S52)."""
    row = policies.suggested(finding, fault)
    return f"{OUTCOMES[row.outcome]} ({row.source})"


def _finding(row):
    reported = f"{row.finding.measured}, {row.finding.words}".strip(", ")
    return forms.ChoiceField(
        label=str(row.finding.line),
        choices=[("", _("Choose a finding")), *ClaimLine.Finding.choices],
        initial=REPORTED.get(row.finding.result, ""),
        help_text=_("Agreed: %(agreed)s. Reported: %(reported)s.")
        % {"agreed": row.finding.agreed, "reported": reported},
        error_messages={"required": _("Every claimed line needs a finding.")},
    )


def _usual(dispute):
    """A sentence for each finding: what is usually ruled, by whose fault it is."""
    for claim in dispute.claims.select_related("line"):
        if claim.finding and claim.line:
            by_fault = "; ".join(
                f"{fault.label}: {usual_outcome(claim.finding, fault.value)}"
                for fault in Dispute.Fault
            )
            yield _("Line %(n)d, %(finding)s. Usual by fault: %(outcomes)s.") % {
                "n": claim.line.number,
                "finding": claim.get_finding_display(),
                "outcomes": by_fault,
            }
