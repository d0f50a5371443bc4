"""Letters about money: asked for, held, released, refunded. None ever names an account."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notifications.letters.letter import BACK_OFFICE, Letter

OPEN = _("Open order")
ACCOUNT = _("Show account")

LETTERS = {
    "pay_first": Letter(
        _("Pay %(first_payment)s for %(code)s"),
        _("The contract is in force, and the first payment of %(first_payment)s is due."),
        act=_("Pay it by %(due)s. The account details are on the order page only."),
        deadline="order.pay",
        button=ACCOUNT,
    ),
    "remind_pay": Letter(
        ngettext_lazy(
            "Pay for %(code)s: %(days)s day left", "Pay for %(code)s: %(days)s days left", "days"
        ),
        _("The first payment for this order is not complete."),
        act=_("Pay %(to_pay_first)s by %(due)s. The account details are on the order page only."),
        deadline="order.pay",
        button=ACCOUNT,
    ),
    "transfer_checked": Letter(
        _("Your transfer for %(code)s arrived, we are checking it"),
        _("Money for this order came in, and something about it does not fit."),
        then=_("Our staff look at it, usually on the same working day. Do not pay again."),
        button=_("See status"),
    ),
    "check_transfer": Letter(
        _("Check a transfer for %(code)s"),
        _("A transfer with the reference of this order waits in suspense."),
        act=_("Decide whether it counts or goes back."),
        quotes="reason",
        button=_("Reconcile"),
        opens=BACK_OFFICE,
    ),
    "paid_too_much": Letter(
        _("You paid %(excess)s too much for %(code)s"),
        _("%(received)s arrived, and %(due_amount)s was due."),
        then=_("What is too much stays yours: it is kept as your credit."),
        button=OPEN,
    ),
    "deposit_short": Letter(
        _("Pay the missing %(missing)s for %(code)s"),
        _("%(held)s arrived and is held. %(missing)s is missing; banks often take a fee."),
        act=_("Pay the rest by %(due)s. The account details are on the order page only."),
        deadline="order.pay",
        button=_("Pay the rest"),
    ),
    "balance_short": Letter(
        _("Pay the missing %(missing)s for %(code)s"),
        _("%(held)s arrived and is held. %(missing)s is missing; banks often take a fee."),
        act=_("Pay the rest. The goods are not shipped before it is held."),
        then=_("The account details are on the order page only."),
        button=_("Pay the rest"),
    ),
    "money_held": Letter(
        _("Held: %(held)s for %(code)s"),
        _("Your payment of %(held)s has arrived and is held."),
        then=_("It stays held until the goods ship on time and match the contract."),
        button=OPEN,
    ),
    "start_production": Letter(
        _("Start %(code)s: %(held)s is held for you"),
        _("%(buyer)s has paid %(held)s. It is held for you."),
        act=_("Make the goods, and ship them by %(due)s."),
        deadline="order.ship",
        button=OPEN,
    ),
    "all_paid": Letter(
        _("Ship %(code)s: everything is paid"),
        _("%(buyer)s has paid %(held)s. The whole price is held now."),
        act=_("Ship the goods. The ship-by date is %(ship_deadline)s."),
        button=OPEN,
    ),
    "order_unpaid": Letter(
        _("Closed: order %(code)s was not paid in time"),
        _("The first payment was not complete in time, so the order is closed."),
        then=_("Money that came in part goes back to %(buyer)s."),
        button=OPEN,
    ),
    "late_refund": Letter(
        _("Refund started: %(code)s was not shipped in time"),
        _("%(refund)s goes back to you. The order has ended."),
        then=_("%(approval)s. Each step is on the order page."),
        button=_("Track refund"),
    ),
    "late_refund_supplier": Letter(
        _("Ended: %(code)s was not shipped in time"),
        _("No shipment was on record by %(ship_deadline)s. The buyer gets %(refund)s back."),
        then=_("The order and its contract have ended."),
        button=OPEN,
    ),
    "released": Letter(
        _("Released: %(released)s to %(supplier)s for %(code)s"),
        _("The goods count as accepted, and %(released)s is released to %(supplier)s."),
        button=_("See receipt"),
    ),
    "released_to_you": Letter(
        _("Released to you: %(payout)s for %(code)s"),
        _("The goods count as accepted: %(released)s less our fee of %(fee)s is yours."),
        then=_("It is paid out after %(payout_from)s. %(approval)s."),
        button=_("See payout"),
    ),
    "released_less": Letter(
        _("Released to you: %(payout)s for %(code)s"),
        _("The goods count as accepted: %(released)s less our fee of %(fee)s is yours."),
        then=_(
            "%(kept)s stays back until the claims are over, %(set_off)s pays what you owe us, "
            "and %(payout)s is paid out."
        ),
        button=_("See payout"),
    ),
}
