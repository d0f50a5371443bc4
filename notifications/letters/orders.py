"""Letters about an order: asked for, answered, shipped, delivered, closed."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notifications.letters.letter import Letter

OPEN = _("Open order")

LETTERS = {
    "order_request": Letter(
        _("Answer the order request %(code)s, %(total)s"),
        _("%(buyer)s asks you for %(title)s at %(total)s."),
        act=_("Accept or decline it by %(due)s. Nothing binds you until both have signed."),
        deadline="order.confirm",
        button=_("Open request"),
    ),
    "order_declined": Letter(
        _("%(supplier)s cannot take order %(code)s"),
        _("%(supplier)s has declined the order, so it is closed."),
        then=_("Nothing was charged. You can order from another supplier."),
        quotes="reason",
        button=OPEN,
    ),
    "order_unanswered": Letter(
        _("Closed: order %(code)s was not answered in time"),
        _("%(supplier)s did not answer in time, so the order is closed."),
        then=_("Nothing was charged."),
        button=OPEN,
    ),
    "order_accepted": Letter(
        _("Agree on the contract: %(supplier)s takes order %(code)s"),
        _("%(supplier)s is ready to make a contract with you."),
        act=_("Both sides sign the contract by %(due)s. Goods are checked against its lines only."),
        deadline="order.sign",
        button=_("Open contract"),
    ),
    "order_withdrawn": Letter(
        _("Withdrawn: order %(code)s"),
        _("%(company)s has withdrawn, so the order is closed."),
        then=_("Nothing was charged."),
        quotes="reason",
        button=OPEN,
    ),
    "order_unsigned": Letter(
        _("Closed: the contract for %(code)s was not signed in time"),
        _("The time to sign is over, so the offer has lapsed and the order is closed."),
        then=_("Nothing was charged."),
        button=OPEN,
    ),
    "message": Letter(
        _("Message on %(code)s from %(actor)s"),
        _("%(actor)s of %(company)s wrote to you."),
        quotes="message",
        button=_("Reply"),
    ),
    "goods_ready": Letter(
        _("Goods ready: %(code)s"),
        _("%(supplier)s has made and packed the goods."),
        then=_("Nothing is left to pay before they are shipped."),
        button=OPEN,
    ),
    "goods_ready_unpaid": Letter(
        _("Pay %(to_pay)s: the goods of %(code)s are ready"),
        _("%(supplier)s has made and packed the goods."),
        act=_("Pay the balance of %(to_pay)s. The goods are not shipped before it is held."),
        then=_("The ship-by date is %(ship_deadline)s."),
        button=_("Show account"),
    ),
    "shipped_on_time": Letter(
        _("Shipped on time: %(code)s"),
        _("The goods are on their way: %(document)s, %(carrier)s."),
        then=_("Confirm the delivery when they have arrived, by %(due)s."),
        deadline="order.deliver",
        button=_("See shipment"),
    ),
    "shipped_late": Letter(
        _("Shipped late: %(code)s"),
        _("The goods left after the ship-by date: %(document)s, %(carrier)s."),
        then=_("Confirm the delivery when they have arrived, by %(due)s."),
        deadline="order.deliver",
        button=_("See shipment"),
    ),
    "check_goods": Letter(
        _("Check the goods of %(code)s by %(due_day)s"),
        _("The goods count as delivered."),
        act=_("Accept them or open a dispute by %(due)s."),
        deadline="order.accept",
        button=_("Accept or dispute"),
    ),
    "delivered": Letter(
        _("Delivered: %(code)s"),
        _("The goods count as delivered."),
        then=_("%(buyer)s checks them and answers by %(due)s."),
        deadline="order.accept",
        button=OPEN,
    ),
    "late_choose": Letter(
        _("Choose by %(due_day)s: %(code)s was not shipped in time"),
        _("%(supplier)s did not ship by %(ship_deadline)s."),
        act=_("Choose by %(due)s: your money back, or wait for the goods."),
        deadline="order.choose_when_late",
        button=_("Choose"),
    ),
    "late_prove": Letter(
        _("Prove the shipment of %(code)s by %(due_day)s"),
        _("No shipment is on record, and the ship-by date was %(ship_deadline)s."),
        act=_("If the goods left in time, add the proof by %(due)s."),
        deadline="order.prove_shipment",
        button=_("Add proof"),
    ),
    "ship_day_moved": Letter(
        _("New ship-by date for %(code)s: %(ship_day)s"),
        _("The ship-by date has moved. The goods leave by %(ship_deadline)s."),
        then=_("Each move is in the history of the order, with its reason."),
        quotes="reason",
        button=OPEN,
    ),
    "ship_day_agreed": Letter(
        _("New ship-by date for %(code)s: %(ship_day)s"),
        _("Both sides have agreed on it in the dispute. The goods leave by %(ship_deadline)s."),
        then=_("If they do not, the order is late again, with the same rules."),
        button=OPEN,
    ),
    "buyer_wants_refund": Letter(
        _("Prove the shipment of %(code)s: the buyer wants the money back"),
        _("The order is late, and %(buyer)s has chosen the refund."),
        act=_("If the goods left in time, add the proof now."),
        then=_("Without proof the refund starts as soon as the time for it is over."),
        button=_("Add proof"),
    ),
    "buyer_waits": Letter(
        _("Ship %(code)s: the buyer waits for the goods"),
        _("The order is late, and %(buyer)s has chosen to wait."),
        act=_("Ship the goods and add the shipment to the order."),
        button=_("Add shipment"),
    ),
    "remind_ship": Letter(
        ngettext_lazy(
            "Ship %(code)s: %(days)s day left", "Ship %(code)s: %(days)s days left", "days"
        ),
        _("No shipment is on record for this order."),
        act=_("Ship the goods and add the shipment by %(due)s."),
        deadline="order.ship",
        button=_("Add shipment"),
    ),
    "remind_answer": Letter(
        ngettext_lazy(
            "Answer the order request %(code)s: %(days)s day left",
            "Answer the order request %(code)s: %(days)s days left",
            "days",
        ),
        _("%(buyer)s waits for your answer about %(title)s at %(total)s."),
        act=_("Accept or decline it by %(due)s."),
        deadline="order.confirm",
        button=_("Open request"),
    ),
    "remind_prove": Letter(
        ngettext_lazy(
            "Prove the shipment of %(code)s: %(days)s day left",
            "Prove the shipment of %(code)s: %(days)s days left",
            "days",
        ),
        _("No shipment is on record, and the ship-by date was %(ship_deadline)s."),
        act=_("If the goods left in time, add the proof by %(due)s."),
        deadline="order.prove_shipment",
        button=_("Add proof"),
    ),
    "remind_choose": Letter(
        ngettext_lazy(
            "Choose for %(code)s: %(days)s day left",
            "Choose for %(code)s: %(days)s days left",
            "days",
        ),
        _("%(supplier)s did not ship by %(ship_deadline)s."),
        act=_("Choose by %(due)s: your money back, or wait for the goods."),
        deadline="order.choose_when_late",
        button=_("Choose"),
    ),
    "remind_delivery": Letter(
        ngettext_lazy(
            "Confirm the delivery of %(code)s: %(days)s day left",
            "Confirm the delivery of %(code)s: %(days)s days left",
            "days",
        ),
        _("The goods are on their way, and nobody has confirmed that they arrived."),
        act=_("Confirm it when they have. If they have not, say so on the order page by %(due)s."),
        deadline="order.deliver",
        button=OPEN,
    ),
    "remind_check": Letter(
        ngettext_lazy(
            "Check the goods of %(code)s: %(days)s day left",
            "Check the goods of %(code)s: %(days)s days left",
            "days",
        ),
        _("The goods count as delivered."),
        act=_("Accept them or open a dispute by %(due)s."),
        deadline="order.accept",
        button=_("Accept or dispute"),
    ),
    "remind_claim": Letter(
        ngettext_lazy(
            "Coverage of %(code)s ends in %(days)s day",
            "Coverage of %(code)s ends in %(days)s days",
            "days",
        ),
        _("The goods are accepted and the money is released."),
        then=_("What you find now can be claimed until %(due)s."),
        deadline="order.claim",
        button=OPEN,
    ),
    "coverage_low": Letter(
        _("Coverage nearly used: %(left)s left (order %(code)s)"),
        _("Four fifths of your coverage limit are reserved for orders that run."),
        then=_("New orders above %(left)s are only partly protected. Ended orders give it back."),
        button=OPEN,
    ),
    "coverage_over": Letter(
        _("Coverage ended: %(code)s"),
        _("The time for claims after release is over."),
        then=_("The order and its documents stay on record."),
        button=OPEN,
    ),
    "lot_shipped": Letter(
        _("A lot is on its way: %(code)s"),
        _("%(supplier)s shipped a part of the goods: %(document)s, %(carrier)s."),
        then=_("Confirm that lot when it has arrived. Its value is released when you accept it."),
        button=_("See shipment"),
    ),
    "lot_released": Letter(
        _("Released for a lot of %(code)s: %(released)s"),
        _("A lot was accepted, and %(released)s of what is held is released for it."),
        then=_("The rest stays held for the other lots."),
        button=OPEN,
    ),
    "closed_short": Letter(
        _("Closed short: %(refund)s goes back for %(code)s"),
        _("A part of the goods was not shipped in time, so the order ends with what was shipped."),
        then=_("%(refund)s is refunded. What was shipped is checked and paid as before."),
        button=OPEN,
    ),
    "document_checked": Letter(
        _("Shipping document checked: %(code)s"),
        _("The carrier confirms %(document)s. The goods count as shipped since %(shipped_at)s."),
        quotes="reason",
        button=OPEN,
    ),
    "document_rejected": Letter(
        _("Shipping document rejected: %(code)s"),
        _("%(document)s does not prove a shipment: %(because)s."),
        then=_("The goods count as not shipped, and the ship-by clock runs as before."),
        quotes="reason",
        button=OPEN,
    ),
    "delivery_extended": Letter(
        _("Fifteen days more for the delivery: %(code)s"),
        _("%(company)s gave the carrier fifteen days more."),
        then=_("The goods count as delivered after %(due)s, unless they arrive before."),
        deadline="order.deliver",
        button=OPEN,
    ),
    "clock_extended": Letter(
        _("More time in order %(code)s: %(clock)s"),
        _("Our staff have given more time: %(clock)s, until %(until)s."),
        then=_("It was %(before)s before."),
        quotes="reason",
        button=OPEN,
    ),
}
