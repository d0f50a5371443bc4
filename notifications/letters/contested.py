"""Letters about money that is looked at, taken back by a bank, or refunded after release."""

from django.utils.translation import gettext_lazy as _

from notifications.letters.letter import BACK_OFFICE, Letter

OPEN = _("Open order")
STATUS = _("See status")

LETTERS = {
    "transfer_seen": Letter(
        _("Your payment for %(code)s is seen, not booked yet"),
        _("The bank or the provider shows %(amount)s. It counts as soon as it is booked."),
        then=_("Do not pay again. You are told when it is held."),
        button=STATUS,
    ),
    "transfer_counts": Letter(
        _("Checked: your payment of %(amount)s for %(code)s counts"),
        _("Two people of our staff looked at it and counted it for this order."),
        then=_("The order page shows what is held, and what is still to be paid."),
        button=OPEN,
    ),
    "transfer_goes_back": Letter(
        _("Goes back: your payment of %(amount)s for %(code)s"),
        _("It could not be counted for this order, so it goes back to where it came from."),
        then=_("You are told when it is sent. What is still to be paid is on the order page."),
        button=STATUS,
    ),
    "transfer_went_back": Letter(
        _("Goes back by itself: a payment of %(amount)s for %(code)s"),
        _("Nobody decided on it in fourteen days, so it goes back to where it came from."),
        then=_("Nothing more is to be decided about it."),
        button=_("Review"),
        opens=BACK_OFFICE,
    ),
    "credit_held": Letter(
        _("Held: %(held)s of your credit for %(code)s"),
        _("%(held)s of your company’s credit counts for this order and is held."),
        then=_("It stays held until the goods ship on time and match the contract."),
        button=OPEN,
    ),
    "credit_short": Letter(
        _("Pay the missing %(missing)s for %(code)s"),
        _("%(held)s of your company’s credit is held. %(missing)s is still missing."),
        act=_("Pay the rest. The account details are on the order page only."),
        button=_("Pay the rest"),
    ),
    "credit_goes_back": Letter(
        _("Your credit goes back: %(credit)s, from %(code)s"),
        _("%(credit)s goes back the way it was paid."),
        then=_("You are told when it is sent."),
        button=OPEN,
    ),
    "short_accepted": Letter(
        _("Accepted: %(missing)s is missing for %(code)s"),
        _("%(company)s takes the payment as it is, though %(missing)s is missing."),
        then=_("The order goes on. The order page shows what is still to be paid."),
        button=OPEN,
    ),
    "undisputed_released": Letter(
        _("Released: %(released)s that nobody disputes, %(code)s"),
        _("The time to check the goods is over. %(released)s is released to %(supplier)s."),
        then=_("What is disputed stays held until that has ended."),
        button=OPEN,
    ),
    "late_refund_waits": Letter(
        _("The refund for %(code)s waits until the dispute has ended"),
        _("The goods were not shipped in time, and the order is in dispute."),
        then=_("Everything stays held. What is left then goes back to %(buyer)s."),
        button=OPEN,
    ),
    "chargeback_opened": Letter(
        _("Contested: the buyer’s bank took %(charged_back)s back, %(code)s"),
        _("The bank took a card payment back. %(from_supplier)s of it is taken from your money."),
        then=_("We contest it with the contract, the shipment and the messages of this order."),
        button=OPEN,
    ),
    "chargeback_notice": Letter(
        _("Contested: your bank took %(charged_back)s back, %(code)s"),
        _("Your bank took a card payment for this order back. We contest that."),
        then=_("What is taken back is not refunded a second time. You are told the outcome."),
        button=OPEN,
    ),
    "chargeback_contest": Letter(
        _("Contest a chargeback: %(charged_back)s, %(code)s"),
        _("The buyer’s bank took %(charged_back)s back. The evidence is put together."),
        act=_("Look at the evidence, and send it to the provider in its time."),
        button=_("Review"),
        opens=BACK_OFFICE,
    ),
    "chargeback_won": Letter(
        _("Won: %(charged_back)s is back, %(code)s"),
        _("The card network decided against the buyer’s bank: %(charged_back)s is back."),
        then=_("Each account has got back what was taken from it."),
        button=OPEN,
    ),
    "chargeback_won_notice": Letter(
        _("Decided: %(charged_back)s counts as paid again, %(code)s"),
        _("The card network decided that your payment stands."),
        then=_("%(charged_back)s is where it was before, or goes where this order’s money went."),
        button=OPEN,
    ),
    "chargeback_lost": Letter(
        _("Lost: %(charged_back)s stays with the buyer, %(code)s"),
        _("The card network decided for the buyer’s bank."),
        then=_("%(from_supplier)s of it stays taken from the supplier’s money."),
        button=OPEN,
    ),
    "chargeback_lost_notice": Letter(
        _("Decided: %(charged_back)s stays with you, %(code)s"),
        _("The card network decided for your bank: the payment does not count any more."),
        then=_("It is not refunded a second time."),
        button=OPEN,
    ),
    "refunded_after_release": Letter(
        _("Refund decided: %(refunded)s for %(code)s, after the release"),
        _("%(refunded)s goes back to you. %(uncovered)s is neither there nor covered."),
        then=_("You are told when it is sent."),
        button=_("Track refund"),
    ),
    "refunded_by_supplier": Letter(
        _("Refund after release: %(refunded)s of %(code)s goes back to the buyer"),
        _("It comes from your money first. We advanced %(guarantee)s, which you owe us."),
        then=_("What you owe us is set off against what you earn next."),
        button=OPEN,
    ),
    "line_unmatched": Letter(
        _("Match a receipt: %(amount)s, %(code)s"),
        _("%(amount)s came in more than four hours ago and matches no order."),
        act=_("Find out whose it is. It goes back by itself after %(due)s."),
        deadline="line.return",
        button=_("Reconcile"),
        opens=BACK_OFFICE,
    ),
    "line_goes_back": Letter(
        _("Last days to match a receipt: %(amount)s, %(code)s"),
        _("%(amount)s still matches no order."),
        act=_("Find out whose it is by %(due)s."),
        deadline="line.return",
        button=_("Reconcile"),
        opens=BACK_OFFICE,
    ),
    "payment_goes_back": Letter(
        _("Last days to decide about a payment: %(amount)s for %(code)s"),
        _("It is under review, and nobody has decided whether it counts."),
        act=_("Count it or send it back by %(due)s."),
        deadline="payment.return",
        button=_("Review"),
        opens=BACK_OFFICE,
    ),
    "dispute_overtaken": Letter(
        _("Ended: dispute on %(code)s, the buyer’s bank took the money back"),
        _("%(charged_back)s was taken back by the buyer’s bank: nothing is left to decide."),
        then=_("We contest it with the bank. The dispute itself has ended."),
        button=OPEN,
    ),
    "claim_reduced": Letter(
        _("The claim is less now: dispute on %(code)s"),
        _("The buyer’s bank took %(charged_back)s back. %(claimed)s is still disputed."),
        then=_("An offer that was made before does not stand any more."),
        button=OPEN,
    ),
}
