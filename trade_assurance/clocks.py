"""Every clock of the platform, in one table (machines.md 6.1).

The deadlines, the sweep, the coverage page, each order's page of clocks, the calendars and the
back office all read this table, so what the product says and what it does cannot drift apart.
How far staff may extend one is decided in docs/adr/0014-who-extends-a-clock.md.
"""

from django.utils.translation import gettext_lazy as _

from workflow.clocks import Clock

BUYER = _("The buyer")
SUPPLIER = _("The supplier")
BOTH = _("The buyer and the supplier")
AGENCY = _("The inspection company")
CLAIMED_FROM = _("Whoever the claim is made against")
CLAIMANT = _("Whoever makes the claim")
STAFF = _("Our staff")
PAYER = _("The buyer and our finance office")
CARRIER = _("The carrier, or the buyer by confirming")

DEADLINES = {
    "order.confirm": Clock(
        "T1",
        _("Supplier confirms the order"),
        "orders.operations.expire_unconfirmed",
        _("The order closes. Nothing is charged."),
        days=7,
        actor=SUPPLIER,
        extension=7,
        duty="mediator",
    ),
    "order.sign": Clock(
        "T2",
        _("Both sign the contract"),
        "contracts.operations.expire_unsigned",
        _("The offer lapses and the order closes. Nothing is charged."),
        days=15,
        actor=BOTH,
        extension=15,
        duty="mediator",
    ),
    "order.pay": Clock(
        "T3",
        _("Buyer makes the initial payment"),
        "payments.operations.expire_unpaid",
        _("The order closes. Money that came in part goes back."),
        days=14,
        actor=BUYER,
        extension=7,
        duty="finance",
    ),
    "order.ship": Clock(
        "T4",
        _("Supplier ships"),
        "payments.lateness.flag_late",
        _("The order is late: the buyer chooses, and silence means a refund."),
        actor=SUPPLIER,
        leads_to=("order.prove_shipment", "order.choose_when_late"),
    ),
    "order.prove_shipment": Clock(
        "T4p",
        _("Supplier proves an earlier shipment"),
        "payments.lateness.close_proof_window",
        _("If the buyer chose a refund, it starts."),
        days=3,
        actor=SUPPLIER,
        counts="last_day",
    ),
    "order.choose_when_late": Clock(
        "T4c",
        _("Buyer chooses when the order is late"),
        "payments.lateness.refund_by_default",
        _("Everything held is refunded to the buyer."),
        days=7,
        actor=BUYER,
        counts="last_day",
    ),
    "order.deliver": Clock(
        "T6",
        _("Delivery counts as made"),
        "orders.operations.deliver_by_clock",
        _("The goods count as delivered, and the time to check them starts."),
        actor=CARRIER,
        leads_to=("order.accept",),
    ),
    "order.accept": Clock(
        "T7",
        _("Buyer checks the goods"),
        "payments.operations.accept_by_silence",
        _("The goods count as accepted and the money is released."),
        days=15,
        actor=BUYER,
        extension=15,
        duty="mediator",
        leads_to=("order.claim",),
    ),
    "order.claim": Clock(
        "T8",
        _("Claims after release"),
        "payments.operations.close_claims",
        _("The coverage of this order ends."),
        days=30,
        actor=BUYER,
        counts="start",
    ),
    "line.return": Clock(
        "T9",
        _("Money that matches no order"),
        "payments.reviewing.return_line_by_clock",
        _("It goes back to the account it came from."),
        days=14,
        outlives=True,
        actor=PAYER,
        extension=14,
        duty="finance",
    ),
    "payment.return": Clock(
        "T9",
        _("A payment that does not fit"),
        "payments.reviewing.return_payment_by_clock",
        _("It goes back to where it came from."),
        days=14,
        outlives=True,
        actor=PAYER,
        extension=14,
        duty="finance",
    ),
    "disbursement.send": Clock(
        "SLA",
        _("A refund is sent"),
        "payments.disbursing.report_slow",
        _("The finance office is told; you see that it takes longer."),
        business_days=6,
        outlives=True,
        actor=STAFF,
    ),
    "disbursement.review": Clock(
        "T10",
        _("A held payment is looked at again"),
        "payments.disbursing.review_hold",
        _("Somebody looks whether the hold is still right, each week."),
        days=7,
        outlives=True,
        actor=STAFF,
    ),
    "disbursement.confirm": Clock(
        "T11",
        _("The bank confirms a payment"),
        "payments.disbursing.report_unconfirmed",
        _("The finance office asks the bank."),
        business_days=3,
        outlives=True,
        actor=STAFF,
    ),
    "inspection.object": Clock(
        "T12",
        _("Objection to the inspection proposal"),
        "inspections.operations.agree_by_silence",
        _("The proposal counts as agreed."),
        hours=24,
        actor=BOTH,
    ),
    "inspection.report": Clock(
        "T12r",
        _("Inspection company files its report"),
        "inspections.booking.overdue",
        _("The visit counts as missed and another inspection company is proposed."),
        actor=AGENCY,
        extension=3,
        duty="mediator",
    ),
    "inspection.decide": Clock(
        "T13",
        _("Buyer decides after a failed inspection"),
        "inspections.operations.close_undecided",
        _("The goods may not be shipped and the ship-by clock runs on."),
        days=7,
        actor=BUYER,
        extension=7,
        duty="mediator",
    ),
    "dispute.draft": Clock(
        "T15",
        _("A claim that is being written"),
        "disputes.operations.discard_draft_by_clock",
        _("It is kept while the order can be disputed, and then thrown away."),
        days=30,
        outlives=True,
        actor=CLAIMANT,
        private=True,
    ),
    "dispute.resolve": Clock(
        "T15",
        _("The other side settles the dispute"),
        "disputes.operations.escalate_by_clock",
        _("The platform takes over and decides."),
        days=15,
        actor=CLAIMED_FROM,
        leads_to=("dispute.assign",),
    ),
    "dispute.assign": Clock(
        "T16",
        _("A mediator is assigned"),
        "disputes.rulings.assign_by_clock",
        _("The mediator with the fewest cases is assigned."),
        business_days=2,
        actor=STAFF,
        leads_to=("dispute.evidence",),
    ),
    "dispute.evidence": Clock(
        "T17",
        _("Both sides add evidence"),
        "disputes.hearing.close_evidence_by_clock",
        _("The case is decided on the record."),
        days=7,
        actor=BOTH,
        extension=7,
        duty="mediator",
        leads_to=("dispute.decide",),
    ),
    "dispute.inspection": Clock(
        "T18",
        _("An inspection for the dispute"),
        "disputes.hearing.inspection_over_by_clock",
        _("The case is decided without the report, against whoever kept the inspector away."),
        days=21,
        actor=AGENCY,
        extension=14,
        duty="mediator",
        leads_to=("dispute.decide",),
    ),
    "dispute.decide": Clock(
        "SLA",
        _("The platform decides"),
        "disputes.rulings.report_slow_ruling",
        _("The head mediator is told, and both sides can see it."),
        days=10,
        actor=STAFF,
    ),
    "dispute.appeal": Clock(
        "T19",
        _("Appeal against the decision"),
        "disputes.appeals.finalise_by_clock",
        _("The decision becomes final and is carried out."),
        days=7,
        actor=BOTH,
    ),
}

# How long after shipment the goods count as delivered, by transport mode (T6, X4).
DELIVERY_DAYS = {"express": 20, "air": 30, "road": 45, "rail": 45, "sea": 60}
