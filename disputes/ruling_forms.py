"""The mediator's forms, in the order of the work: assign, review, compare, propose, decide."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.formats.words import money_text
from core.money import Money
from disputes import policies
from disputes.comparison import claimed_lines
from disputes.duty import mediators_for
from disputes.forms import AmountField
from disputes.hearing import usable_findings
from disputes.models import ClaimLine, Dispute
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
        self.fields["mediator"].queryset = mediators_for(self.subject)


class ScreenForm(OperationForm):
    """A claim about what is not covered: on which statement it fails, and why."""

    exclusion = forms.ChoiceField(
        label=gettext_lazy("What is not covered"),
        choices=[
            (row.code, format_lazy("{} ({})", gettext_lazy(row.sentence), row.source))
            for row in policies.OUT_OF_SCOPE.values()
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is not covered.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        error_messages={"required": gettext_lazy("Say why: the claimant reads it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        claim = self.subject
        hints = policies.screening_hints(claim.reason, claim.statement)
        self.fields["exclusion"].help_text = " ".join(
            _("Its words call to mind: %s") % _(row.sentence) for row in hints
        )


class InspectionForm(OperationForm):
    """What is to be measured, because no report tells enough."""

    why = forms.CharField(
        label=gettext_lazy("What is to be measured, and why"),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        error_messages={"required": gettext_lazy("Say what is to be measured and why.")},
    )


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
                label=_("Note to “%(line)s”") % {"line": row.name},
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


RULED = ("refund", "fault", "reasons", "payment_fee_back")


class RulingForm(OperationForm):
    """Step three: refund and release, which together are the hold; fault and reasons."""

    refund = AmountField(label=gettext_lazy("Back to the buyer"))
    release = AmountField(label=gettext_lazy("To the supplier, before the fee"))
    fault = forms.ChoiceField(
        label=gettext_lazy("Fault"),
        choices=[("", gettext_lazy("Choose")), *Dispute.Fault.choices],
        error_messages={"required": gettext_lazy("Choose whose fault it is.")},
    )
    payment_fee_back = forms.BooleanField(
        label=gettext_lazy("The supplier bears the buyer’s payment fee"),
        required=False,
        help_text=gettext_lazy("Only where the supplier is at fault. It comes out of its part."),
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
        return {name: data.get(name) for name in RULED}

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
    usable = [(value.value, value.label) for value in usable_findings(row.claim)]
    if row.finding is None:
        told = _("No clause of the contract: only an industry standard can decide about it.")
    else:
        told = _("Agreed: %(agreed)s. Reported: %(reported)s.") % {
            "agreed": row.finding.agreed,
            "reported": row.reported,
        }
    return forms.ChoiceField(
        label=row.name,
        choices=[("", _("Choose a finding")), *usable],
        initial=REPORTED.get(row.finding.result, "") if row.finding else "",
        help_text=told,
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
