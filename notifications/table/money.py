"""Who hears of money: what came, what leaves, what is contested, and where it goes."""

from notifications.table.to import To
from payments.models import Disbursement

Kind = Disbursement.Kind
SENT_BACK = {Kind.RETURN, Kind.CREDIT}


def became_gold(event, standing):
    return "gold" in event.facts["changed"] and event.facts["gold"]


def gold_ended(event, standing):
    return "gold" in event.facts["changed"] and not event.facts["gold"]


def limit_changed(event, standing):
    return "limit_minor" in event.facts["changed"] and event.facts["gold"]


def kind_is(*kinds):
    return lambda event, disbursement: disbursement.kind in kinds


def by_two(*kinds):
    """Only what two people let go is news: what the platform approves is sent at once."""
    return lambda event, disbursement: event.actor_id is not None and disbursement.kind in kinds


def by_the_clock(event, subject):
    return event.actor_id is None


def nobody_claimed(event, disbursement):
    """A receipt goes back because fourteen days brought nobody who knew whose it is (T9)."""
    return (
        disbursement.requested_by_id is None
        and disbursement.cause == f"line-{disbursement.line_id}"
    )


def too_much(event, payment):
    return event.facts["amount_minor"] > event.facts["due"]


def not_too_much(event, payment):
    return not too_much(event, payment)


def held_for(event, disbursement):
    return event.facts.get("hold_reason", "")


def account_missing(event, disbursement):
    return disbursement.payee_id is not None and held_for(event, disbursement) == "no_account"


def other_hold(event, disbursement):
    """A hold that its payee can only wait for; what was recut is told by its cancelling."""
    return disbursement.payee_id is not None and held_for(event, disbursement) not in {
        "no_account",
        "not_enough",
    }


def nobody_to_ask(event, disbursement):
    return disbursement.payee_id is None


def to_an_account(event, disbursement):
    """It went to an account that the payee entered, and may correct."""
    return disbursement.bank_account_id is not None


def to_the_source(event, disbursement):
    return disbursement.bank_account_id is None


def recut(event, disbursement):
    return bool(event.facts.get("there"))


def used_up(event, disbursement):
    return event.facts.get("there") == 0


def cancelled(event, disbursement):
    return "there" not in event.facts


DECIDE = (To("deciders", "decide_proposal"),)
SEND_BACK = (To("maker", "proposal_refused"),)


def _by_kind(refund, payout, sent_back):
    """The payee's letter, by what it is that leaves."""
    return (
        To("payee", refund, receipt=True, when=kind_is(Kind.REFUND)),
        To("payee", payout, receipt=True, when=kind_is(Kind.PAYOUT)),
        To("payee", sent_back, receipt=True, when=kind_is(*SENT_BACK)),
    )


READERS = {
    "payment.bank_line_seen": (To("buyer", "transfer_seen", receipt=True),),
    "payment.clear": (To("buyer", "paid_too_much", receipt=True, when=too_much),),
    "payment.to_review": (
        To("buyer", "transfer_checked", receipt=True),
        To("finance", "check_transfer"),
    ),
    "payment.ask_approval": DECIDE,
    "payment.refuse_approval": SEND_BACK,
    "payment.clear_review": (
        To("buyer", "paid_too_much", when=too_much),
        To("buyer", "transfer_counts", when=not_too_much),
    ),
    "payment.return_funds": (
        To("buyer", "transfer_goes_back"),
        To("finance", "transfer_went_back", when=by_the_clock),
    ),
    "payment.return_overpayment": (To("buyer", "credit_goes_back", receipt=True),),
    "payment.chargeback_open": (
        To("supplier", "chargeback_opened"),
        To("buyer", "chargeback_notice"),
        To("finance", "chargeback_contest"),
    ),
    "payment.chargeback_won": (
        To("supplier", "chargeback_won"),
        To("buyer", "chargeback_won_notice"),
        To("finance", "chargeback_won"),
    ),
    "payment.chargeback_won_in_review": (
        To("buyer", "transfer_checked"),
        To("finance", "check_transfer"),
    ),
    "payment.chargeback_lost": (
        To("supplier", "chargeback_lost"),
        To("buyer", "chargeback_lost_notice"),
        To("finance", "chargeback_lost"),
    ),
    "order.refund_after_release": (
        To("buyer", "refunded_after_release", receipt=True),
        To("supplier", "refunded_by_supplier", receipt=True),
    ),
    "disbursement.hold": (
        To("payee", "enter_account", receipt=True, when=account_missing),
        To("payee", "on_hold", receipt=True, when=other_hold),
        To("finance", "nobody_to_ask", when=nobody_to_ask),
    ),
    "disbursement.unhold": (To("payee", "goes_on", receipt=True),),
    "disbursement.review_hold": (To("finance", "still_on_hold"),),
    "disbursement.wait_for_two": (To("finance", "approve_money"),),
    "disbursement.ask_approval": DECIDE,
    "disbursement.refuse_approval": SEND_BACK,
    "disbursement.approve": (
        To("payee", "refund_approved", receipt=True, when=by_two(Kind.REFUND)),
        To("payee", "payout_approved", receipt=True, when=by_two(Kind.PAYOUT)),
        To("finance", "receipt_goes_back", when=nobody_claimed),
    ),
    "disbursement.submit": _by_kind("refund_sent", "payout_sent", "return_sent"),
    "disbursement.confirm": _by_kind("refund_arrived", "payout_arrived", "return_arrived"),
    "disbursement.bounce": (
        To("payee", "check_account", receipt=True, when=to_an_account),
        To("payee", "not_delivered", receipt=True, when=to_the_source),
        To("finance", "look_why"),
    ),
    "disbursement.came_back": (
        To("payee", "came_back", receipt=True),
        To("finance", "look_why"),
    ),
    "disbursement.timeout_check": (
        To("payee", "not_confirmed", receipt=True),
        To("finance", "ask_the_bank"),
    ),
    "disbursement.sla_alert": (
        To("payee", "takes_longer", receipt=True),
        To("finance", "send_now"),
    ),
    "disbursement.nudge": (To("finance", "payee_asks"),),
    "disbursement.cancel": (
        To("payee", "less_is_left", receipt=True, when=recut),
        To("payee", "nothing_is_left", receipt=True, when=used_up),
        To("payee", "cancelled", receipt=True, when=cancelled),
    ),
    "bankaccount.change_account": (
        To("company", "account_changed", receipt=True),
        To("finance", "account_check"),
    ),
    "bankaccount.ask_approval": DECIDE,
    "bankaccount.refuse_approval": SEND_BACK,
    "bankaccount.approve": (To("company", "account_in_use", receipt=True),),
    "bankaccount.refuse": (To("company", "account_refused", receipt=True),),
    "designatedaccount.propose_account": (To("finance", "designated_account_proposed"),),
    "designatedaccount.ask_approval": DECIDE,
    "designatedaccount.refuse_approval": SEND_BACK,
    "statementline.ask_approval": DECIDE,
    "statementline.refuse_approval": SEND_BACK,
    "supplierstanding.change_standing": (
        To("company", "gold_granted", when=became_gold),
        To("company", "gold_ended", when=gold_ended),
        To("company", "limit_changed", when=limit_changed),
    ),
    "apitoken.issue_token": (To("owner", "token_issued", receipt=True),),
    "apitoken.revoke_token": (To("owner", "token_revoked", receipt=True),),
    "pause.pull_brake": (To("heads", "brake_pulled"),),
    "pause.ask_approval": DECIDE,
    "pause.refuse_approval": SEND_BACK,
    "pause.release_brake": (To("heads", "brake_released"),),
}

LOOKED = "kept for the audit: a duty of the finance office, shown to nobody else"

UNTOLD = {
    "bankaccount.look_at_bank_data": LOOKED,
    "disbursement.look_at_bank_data": LOOKED,
    "statementline.look_at_bank_data": LOOKED,
    "bankfile.take_out_bank_file": "kept for the audit, on the finance office's pages",
    "bankfile.hand_over": "each payment in the file is told when it is sent",
    "designatedaccount.approve": "on the finance office's pages",
    "designatedaccount.retire": "on the finance office's pages",
    "bankaccount.retire": "the account that takes its place is told",
    "treasurytransfer.confirm": "our own money, on the finance office's pages",
    "disbursement.retry": "sent, held or approved: what follows is told",
    "disbursement.report_arrival": "the payee's own word, on the order page",
    "payment.fail": "the buyer sees it on the provider's page",
    "payment.submit": "the buyer's own word",
    "payment.expire": "order.expire_unpaid says it",
}
