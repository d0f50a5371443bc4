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
        _("moved the ship-by date by a day: the balance is not paid."),
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
    ("order", "message"): ("brand", "message-square", _("wrote")),
    ("purchasecontract", "draft"): ("brand", "file-pen", _("opened a draft of the contract.")),
    ("purchasecontract", "hand_over"): ("brand", "file-pen", _("handed the draft over.")),
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
    ("payment", "to_review"): ("held", "landmark", _("gave a transfer to our staff to look at.")),
    ("payment", "return_funds"): ("info", "undo-2", _("sent a transfer back.")),
    ("disbursement", "approve"): ("info", "check", _("approved the money that leaves.")),
    ("inspection", "appoint"): ("held", "microscope", _("proposed %(agency)s as inspector.")),
    ("inspection", "object"): ("held", "circle-x", _("objected to the inspector.")),
    ("inspection", "schedule"): (
        "held",
        "microscope",
        _("took the visit as agreed: nobody objected."),
    ),
    ("inspection", "report"): ("held", "clipboard-check", _("filed the inspection report.")),
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
    ("dispute", "refuse"): ("bad", "scale", _("refused the claim. Our staff take over.")),
    ("dispute", "auto_escalate"): ("bad", "scale", _("took the dispute over after 15 days.")),
    ("dispute", "assign"): ("bad", "scale", _("gave the dispute to a mediator.")),
    ("dispute", "evidence"): ("bad", "paperclip", _("added evidence.")),
    ("dispute", "close_evidence"): ("bad", "scale", _("closed the time for evidence.")),
    ("dispute", "decide"): (
        "bad",
        "gavel",
        _("decided: %(refund)s refunded, %(release)s released."),
    ),
    ("dispute", "enforce"): ("", "gavel", _("carried the decision out.")),
}
AMOUNTS = ("held", "missing", "uncovered", "claimed", "refund", "release", "released")
