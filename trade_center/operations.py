"""Talking about an order: everything said stays with it."""

from django.utils.translation import gettext as _

from attachments.operations import store
from orders.models import Order
from trade_center.lures import mentions_paying_elsewhere
from trade_center.models import Message
from workflow.engine import operation, record
from workflow.errors import NotAllowed, Refused


@operation
def send(order, *, by, text, translation="", uploads=()):
    """A party writes to the other. Text that looks like paying elsewhere is marked (X21)."""
    if by.company_id not in {order.buyer_id, order.supplier_id}:
        raise NotAllowed(_("Only the buyer and the supplier write here."))
    if order.state == Order.State.DRAFT:
        raise Refused(_("Send the order first: nobody else can see a draft."))
    if not text.strip() and not uploads:
        raise Refused(_("Write a message or choose a file."), code="message_empty")
    message = Message.objects.create(
        order=order,
        author=by,
        company=by.company,
        text=text.strip(),
        translation=translation.strip(),
        language=by.language,
        pays_elsewhere=mentions_paying_elsewhere(text),
    )
    message.attachments.set(
        store(upload, by=by, shared_with=[order.buyer, order.supplier]) for upload in uploads
    )
    record(order, "message", by=by, facts={"message": message.pk})
    return message
