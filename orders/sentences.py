"""What each event is called in the history of an order: tone, icon, and the sentence.

A sentence follows the name of who did it. What a mediator writes down before a ruling is given
is not among them: both sides read it with the ruling (S51).
"""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    ("order", "start"): ("", "pencil", _("started the order.")),
    ("order", "place"): (
        "brand",
        "send",
        _("sent the order. Goods are checked against the contract, and against nothing else."),
    ),
    ("order", "accept_order"): ("brand", "check", _("accepted the request.")),
    ("order", "decline"): ("", "circle-x", _("declined the order.")),
    ("order", "withdraw"): ("", "circle-x", _("withdrew from the order.")),
    ("order", "expire_unconfirmed"): (
        "",
        "circle-x",
        _("closed the order: the supplier did not answer in time."),
    ),
    ("order", "expire_unsigned"): (
        "",
        "circle-x",
        _("closed the order: the contract was not signed in time."),
    ),
    ("order", "expire_unpaid"): (
        "",
        "circle-x",
        _("closed the order: the initial payment did not come in time."),
    ),
    ("order", "accept_uncovered"): (
        "held",
        "triangle-alert",
        _("noted that %(uncovered)s is not covered; the buyer knows."),
    ),
    ("order", "money_held"): ("held", "landmark", _("received %(held)s. It is held.")),
    ("order", "short_payment"): (
        "held",
        "coins",
        _("received %(held)s. It is held; %(missing)s is still missing."),
    ),
    ("order", "initial_funded"): (
        "held",
        "lock",
        _("told the supplier to start: the initial payment is held."),
    ),
    ("order", "declare_ready"): ("held", "package-check", _("said that the goods are ready.")),
    ("order", "ship_full"): ("held", "ship", _("shipped the goods.")),
    ("order", "late"): (
        "bad",
        "alarm-clock",
        _("noted that the goods were not shipped by the agreed date."),
    ),
    ("order", "shift_ship_clock"): (
        "",
        "alarm-clock",
        _("moved the ship-by date."),
    ),
    ("order", "late_refund_waits"): (
        "bad",
        "scale",
        _("let the refund wait until the dispute is over."),
    ),
    ("order", "accept_short"): ("held", "coins", _("accepted that %(missing)s is missing.")),
    ("order", "checking_over"): (
        "ok",
        "circle-check",
        _("closed the time to check the goods: %(released)s that is not disputed is released."),
    ),
    ("order", "choose_refund"): ("bad", "undo-2", _("chose the refund.")),
    ("order", "choose_wait"): ("", "hourglass", _("chose to wait for the goods.")),
    ("order", "no_proof"): (
        "",
        "alarm-clock",
        _("closed the time to prove an earlier shipment."),
    ),
    ("order", "late_refund"): (
        "info",
        "undo-2",
        _("decided the refund: the goods were not shipped in time."),
    ),
    ("order", "confirm_delivery"): ("held", "package-open", _("confirmed that the goods came.")),
    ("order", "auto_delivery"): (
        "held",
        "package-open",
        _("counted the goods as delivered: the usual time of the carrier is over."),
    ),
    ("order", "accept_goods"): ("ok", "circle-check", _("accepted the goods.")),
    ("order", "auto_accept"): (
        "ok",
        "circle-check",
        _("counted the goods as accepted: the time to check them is over."),
    ),
    ("order", "dispute_settled"): ("", "handshake", _("ended the order with the dispute.")),
    ("order", "dispute_refunded"): ("info", "undo-2", _("ended the order with a refund.")),
    ("order", "claims_over"): ("", "shield-check", _("closed the time for claims.")),
    ("order", "refund_after_release"): (
        "info",
        "undo-2",
        _("decided the refund of %(refunded)s that had been released."),
    ),
    ("order", "match_line"): ("held", "landmark", _("counted a transfer for %(parts)s.")),
    ("order", "message"): ("brand", "message-square", _("wrote")),
    ("purchasecontract", "draft"): ("brand", "file-pen", _("opened a draft of the contract.")),
    ("purchasecontract", "hand_over"): ("brand", "file-pen", _("handed the draft over.")),
    ("purchasecontract", "upload_paper"): (
        "brand",
        "paperclip",
        _("put an own contract document beside the lines."),
    ),
    ("purchasecontract", "propose"): (
        "brand",
        "file-text",
        _("offered the contract for signature."),
    ),
    ("purchasecontract", "counter"): ("brand", "file-pen", _("answered with another version.")),
    ("purchasecontract", "sign"): ("brand", "signature", _("signed the contract first.")),
    ("purchasecontract", "countersign"): (
        "brand",
        "file-check",
        _("signed the contract. It is in force."),
    ),
    ("purchasecontract", "seal"): ("brand", "file-check", _("sealed the contract’s PDF.")),
    ("purchasecontract", "lapse"): ("", "circle-x", _("let the offered contract lapse.")),
    ("payment", "submit"): ("", "landmark", _("noted that a transfer is on its way.")),
    ("payment", "bank_line_seen"): (
        "held",
        "landmark",
        _("saw a payment at the bank. It is not booked yet."),
    ),
    ("payment", "to_review"): ("held", "landmark", _("gave a payment to our staff to look at.")),
    ("payment", "clear_review"): ("held", "landmark", _("counted a payment after looking at it.")),
    ("payment", "return_funds"): ("info", "undo-2", _("decided that a payment goes back.")),
    ("payment", "return_overpayment"): (
        "info",
        "undo-2",
        _("decided that what was paid too much goes back."),
    ),
    ("payment", "chargeback_open"): (
        "bad",
        "landmark",
        _("noted that the buyer’s bank took %(amount)s back. We contest it."),
    ),
    ("payment", "chargeback_won"): (
        "ok",
        "landmark",
        _("noted the card network’s decision: %(amount)s counts as paid again."),
    ),
    ("payment", "chargeback_lost"): (
        "bad",
        "landmark",
        _("noted the card network’s decision: %(amount)s stays with the buyer."),
    ),
    ("disbursement", "hold"): ("held", "hourglass", _("put money that leaves on hold: %(what)s.")),
    ("disbursement", "unhold"): ("", "hourglass", _("ended the hold: %(what)s.")),
    ("disbursement", "approve"): ("info", "check", _("approved money that leaves: %(what)s.")),
    ("disbursement", "submit"): ("info", "send", _("sent: %(what)s.")),
    ("disbursement", "confirm"): ("ok", "landmark", _("saw it booked by the bank: %(what)s.")),
    ("disbursement", "bounce"): ("bad", "undo-2", _("got it back, not paid out: %(what)s.")),
    ("disbursement", "came_back"): (
        "bad",
        "undo-2",
        _("got it back from the payee’s bank: %(what)s."),
    ),
    ("disbursement", "cancel"): ("", "circle-x", _("cancelled: %(what)s.")),
    ("disbursement", "report_arrival"): ("ok", "check", _("said that it arrived: %(what)s.")),
    ("inspection", "appoint"): ("held", "microscope", _("proposed %(agency)s as inspector.")),
    ("inspection", "object"): ("held", "circle-x", _("objected to the inspector.")),
    ("inspection", "schedule"): (
        "held",
        "microscope",
        _("took the visit as agreed: nobody objected."),
    ),
    ("inspection", "miss"): ("bad", "circle-x", _("could not inspect: the visit was missed.")),
    ("inspection", "overdue"): (
        "bad",
        "circle-x",
        _("took the visit as missed: there was no report in time."),
    ),
    ("inspection", "reschedule"): (
        "held",
        "refresh-cw",
        _("proposed a new visit by %(agency)s."),
    ),
    ("inspection", "rework"): (
        "held",
        "refresh-cw",
        _("asked for rework and another inspection."),
    ),
    ("inspection", "cancel"): ("", "circle-x", _("called the inspection off.")),
    ("inspection", "report"): ("held", "clipboard-check", _("filed the inspection report.")),
    ("inspection", "seal"): ("", "shield-check", _("sealed the inspection report.")),
    ("inspection", "verdict_pass"): ("ok", "circle-check", _("found that all lines match.")),
    ("inspection", "verdict_fail"): ("bad", "circle-x", _("found lines that differ.")),
    ("inspection", "verdict_pending"): (
        "held",
        "clipboard-check",
        _("left a result to the buyer’s judgement."),
    ),
    ("inspection", "buyer_accepts"): ("ok", "check", _("accepted the result as it is.")),
    ("inspection", "no_decision"): (
        "bad",
        "circle-x",
        _("closed the inspection: the buyer did not decide in time."),
    ),
    ("dispute", "file"): ("bad", "scale", _("opened a dispute over %(claimed)s.")),
    ("dispute", "propose"): ("bad", "handshake", _("made an offer.")),
    ("dispute", "decline_offer"): ("bad", "circle-x", _("declined the offer.")),
    ("dispute", "accept_offer"): ("ok", "handshake", _("accepted the offer.")),
    ("dispute", "concede"): ("ok", "handshake", _("granted the claim in full.")),
    ("dispute", "withdraw"): ("", "scale", _("gave the claim up.")),
    ("dispute", "overtake"): (
        "",
        "scale",
        _("ended the dispute: the buyer’s bank took all of the money back."),
    ),
    ("dispute", "claim_reduced"): (
        "bad",
        "scale",
        _("took %(charged_back)s off the claim: the buyer’s bank took it back."),
    ),
    ("dispute", "refuse"): ("bad", "scale", _("refused the claim. Our staff take over.")),
    ("dispute", "auto_escalate"): ("bad", "scale", _("took the dispute over after 15 days.")),
    ("dispute", "assign"): ("bad", "scale", _("gave the dispute to a mediator.")),
    ("dispute", "take_computed"): (
        "ok",
        "handshake",
        _("settled by the signed remedies: %(refund)s refunded."),
    ),
    ("dispute", "screen_out"): ("", "scale", _("sent the claim back: it is not covered.")),
    ("dispute", "agree_hand_over"): ("bad", "scale", _("agreed that the platform decides now.")),
    ("dispute", "joint_escalate"): ("bad", "scale", _("agreed too. Our staff take over.")),
    ("dispute", "evidence_done"): ("bad", "check", _("has nothing more to add.")),
    ("dispute", "order_inspection"): ("bad", "microscope", _("ordered an inspection.")),
    ("dispute", "inspection_in"): ("bad", "clipboard-check", _("went on with the case.")),
    ("dispute", "appeal"): ("bad", "scale", _("appealed against the decision.")),
    ("dispute", "assign_appeal"): ("bad", "scale", _("gave the appeal to another mediator.")),
    ("dispute", "decide_appeal"): (
        "bad",
        "gavel",
        _("decided the appeal: %(refund)s refunded, %(release)s released."),
    ),
    ("dispute", "seal_ruling"): ("", "file-check", _("sealed the decision’s document.")),
    ("order", "extend_by_offer"): ("", "alarm-clock", _("agreed on a later ship-by date.")),
    ("dispute", "evidence"): ("bad", "paperclip", _("added evidence.")),
    ("dispute", "close_evidence"): ("bad", "scale", _("closed the time for evidence.")),
    ("dispute", "decide"): (
        "bad",
        "gavel",
        _("decided: %(refund)s refunded, %(release)s released."),
    ),
    ("dispute", "enforce"): ("", "gavel", _("carried the decision out.")),
}
SENTENCES |= {
    ("shipment", "add_paper"): ("", "paperclip", _("added a paper of the shipment.")),
    ("shipment", "verify"): ("held", "file-check", _("checked the shipping document.")),
    ("shipment", "reject_doc"): ("bad", "file-x", _("rejected the shipping document.")),
    ("order", "ship_partial"): ("held", "ship", _("shipped a lot.")),
    ("order", "lot_accepted"): ("ok", "circle-check", _("accepted a lot: %(released)s released.")),
    ("order", "close_short"): (
        "info",
        "undo-2",
        _("closed what was not shipped in time: %(refund)s goes back."),
    ),
    ("order", "prove_shipment"): ("held", "ship", _("noted that the goods had left in time.")),
    ("order", "extend_delivery"): (
        "",
        "alarm-clock-plus",
        _("gave the carrier fifteen days more."),
    ),
}
MORE_TIME = ("", "alarm-clock-plus", _("gave more time: %(what)s."))
SENTENCES |= {
    (model, "extend_clock"): MORE_TIME for model in ("order", "payment", "inspection", "dispute")
}
AMOUNTS = (
    "held", "missing", "uncovered", "claimed", "refund", "release", "released", "refunded",
    "charged_back", "amount",
)  # fmt: skip
