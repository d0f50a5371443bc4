"""Letters about an inspection: proposed, agreed, reported, answered."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notifications.letters.letter import SUBJECT, Letter

VISIT = _("See visit")
REPORT = _("See report")

LETTERS = {
    "inspection_proposed": Letter(
        _("Inspection proposed for %(code)s: %(agency)s"),
        _("%(agency)s, which depends on neither side, is proposed. Pieces checked: %(sample)s."),
        then=_("You may object, with a reason, before %(due)s."),
        deadline="inspection.object",
        button=VISIT,
        opens=SUBJECT,
    ),
    "inspection_offered": Letter(
        _("You are proposed for the inspection of %(code)s"),
        _("The platform proposes you for %(title)s at %(supplier)s."),
        then=_("Both sides may object before %(due)s. You are told when the visit is agreed."),
        deadline="inspection.object",
        button=VISIT,
        opens=SUBJECT,
    ),
    "inspection_objected": Letter(
        _("Inspection of %(code)s: %(company)s objects"),
        _("%(company)s objects to the proposed inspection company."),
        then=_("The platform names another one."),
        quotes="reason",
        button=VISIT,
        opens=SUBJECT,
    ),
    "inspection_appoint": Letter(
        _("Appoint an inspection company for %(code)s"),
        _("The inspection of this order has no inspection company."),
        act=_("Name one that depends on neither side."),
        quotes="reason",
        button=VISIT,
        opens=SUBJECT,
    ),
    "inspection_agreed": Letter(
        _("Inspection agreed for %(code)s: %(agency)s"),
        _("Nobody objected, so the visit of %(agency)s is agreed."),
        then=_("The report follows after the visit."),
        button=VISIT,
        opens=SUBJECT,
    ),
    "inspection_visit": Letter(
        _("Inspect %(code)s: the visit is agreed"),
        _("Nobody objected: you inspect %(title)s at %(supplier)s."),
        act=_("Measure every contract line and file the report. Pieces to check: %(sample)s."),
        button=_("Open visit"),
        opens=SUBJECT,
    ),
    "inspection_moved": Letter(
        _("Inspection of %(code)s on %(visit_on)s"),
        _("%(agency)s comes on %(visit_on)s. Pieces to check: %(sample)s."),
        then=_("The goods are made and at least 80 %% of them packed by then."),
        button=VISIT,
        opens=SUBJECT,
    ),
    "remind_visit": Letter(
        _("Prepare the goods of %(code)s: inspection on %(visit_on)s"),
        _("%(agency)s comes on %(visit_on)s."),
        act=_(
            "Have the goods made and at least 80 %% of them packed. Pieces to check: %(sample)s."
        ),
        button=VISIT,
        opens=SUBJECT,
    ),
    "remind_visit_agency": Letter(
        _("Your visit on %(visit_on)s: inspection of %(code)s"),
        _("You inspect %(title)s at %(supplier)s on %(visit_on)s. Pieces to check: %(sample)s."),
        act=_("Open the visit on the phone before you leave: it works without a network."),
        button=_("Open visit"),
        opens=SUBJECT,
    ),
    "remind_report": Letter(
        _("File your report by %(due_day)s: inspection of %(code)s"),
        _("The visit of %(visit_on)s has no report yet."),
        act=_("Sign and file it by %(due)s."),
        deadline="inspection.report",
        button=_("Open visit"),
        opens=SUBJECT,
    ),
    "remind_decide": Letter(
        ngettext_lazy(
            "Decide about the inspection of %(code)s: %(days)s day left",
            "Decide about the inspection of %(code)s: %(days)s days left",
            "days",
        ),
        _("Lines that differ: %(differs)s of %(lines)s. Critical defects: %(critical)s."),
        act=_("Decide by %(due)s: take the goods as they are, or open a dispute."),
        deadline="inspection.decide",
        button=_("Decide"),
        opens=SUBJECT,
    ),
    "inspection_missed": Letter(
        _("Visit missed: inspection of %(code)s"),
        _("%(agency)s came and could not inspect."),
        act=_("Ask for a new visit. The ship-by date does not move."),
        quotes="reason",
        button=VISIT,
        opens=SUBJECT,
    ),
    "inspection_overdue": Letter(
        _("No report in time: inspection of %(code)s"),
        _("Three days after the visit there was no report."),
        then=_("Another inspection company is proposed where one is free."),
        button=VISIT,
        opens=SUBJECT,
    ),
    "inspection_rework": Letter(
        _("Goods taken back: %(code)s is inspected again"),
        _("The supplier corrects what differs, and the goods are inspected again."),
        then=_("The ship-by date does not move. The first report stays in the record."),
        button=REPORT,
        opens=SUBJECT,
    ),
    "inspection_passed": Letter(
        _("All matches: inspection of %(code)s"),
        _("Every contract line matches. Lines checked: %(lines)s."),
        then=_("The goods may be shipped once everything is paid."),
        button=REPORT,
        opens=SUBJECT,
    ),
    "inspection_failed_buyer": Letter(
        _("Decide by %(due_day)s: %(code)s differs from the contract"),
        _("Lines that differ: %(differs)s of %(lines)s. Critical defects: %(critical)s."),
        act=_("Decide by %(due)s: take the goods as they are, or open a dispute."),
        deadline="inspection.decide",
        button=_("Decide"),
        opens=SUBJECT,
    ),
    "inspection_failed_supplier": Letter(
        _("Inspection of %(code)s: the goods differ from the contract"),
        _("Lines that differ: %(differs)s of %(lines)s. Critical defects: %(critical)s."),
        then=_("%(buyer)s decides by %(due)s."),
        deadline="inspection.decide",
        button=REPORT,
        opens=SUBJECT,
    ),
    "inspection_judge": Letter(
        _("Decide by %(due_day)s: the inspection of %(code)s needs your judgement"),
        _("Something could not be measured. Lines that differ: %(differs)s of %(lines)s."),
        act=_("Decide by %(due)s: take the goods as they are, or open a dispute."),
        deadline="inspection.decide",
        button=_("Decide"),
        opens=SUBJECT,
    ),
    "inspection_waived": Letter(
        _("Ship %(code)s: the buyer takes the goods as they are"),
        _("%(buyer)s accepts the goods despite the inspection result."),
        act=_("Ship the goods. The ship-by date is %(ship_deadline)s."),
        button=_("Add shipment"),
    ),
    "inspection_undecided": Letter(
        _("Not decided in time: inspection of %(code)s"),
        _("%(buyer)s did not decide about the failed inspection in time."),
        then=_("The goods may not be shipped, and the ship-by date stays as it is."),
        button=REPORT,
        opens=SUBJECT,
    ),
    "inspection_cancelled": Letter(
        _("Cancelled: inspection of %(code)s"),
        _("The visit is called off."),
        quotes="reason",
        button=VISIT,
        opens=SUBJECT,
    ),
}
