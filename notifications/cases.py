"""What a record is about: its order, whose money it is, and what people call it.

Most records belong to an order. A bank account, a receipt that nobody has named yet or the
brake does not: it is its own trade, and nothing of an order is asked of it.
"""

from orders.models import Order


def order_of(subject):
    """The order that a record belongs to, or None.

    The return of a receipt is its own trade; it belongs to the order that the receipt named.
    """
    if isinstance(subject.trade, Order):
        return subject.trade
    line = getattr(subject, "line", None)
    return line.payment.order if line is not None and line.payment_id else None


def payee_of(disbursement):
    """The company that hears of money that leaves; a receipt's return concerns its buyer."""
    if disbursement.payee_id:
        return disbursement.payee_id
    order = order_of(disbursement)
    return order.buyer_id if order else None


def name_of(subject):
    """What people call it: the order's code, the company's name, else the kind and number."""
    if order := order_of(subject):
        return order.ref
    company = getattr(subject, "company", None)
    return company.name if company else [subject._meta.verbose_name, str(subject.pk)]
