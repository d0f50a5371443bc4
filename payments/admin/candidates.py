"""What a waiting receipt is compared with: the instalments that are due, and who paid before."""

from orders.models import Instalment
from payments.models import StatementLine
from payments.operations import PAYABLE
from payments.suggestions import Due, Receipt, suggest

MOST = 5000


def suggestions_for(line):
    """The likeliest instalments for a receipt that waits."""
    return suggest(_receipt(line), dues(line.currency))


def dues(currency):
    """Every instalment that may be paid now, newest orders first."""
    rows = Instalment.objects.filter(
        funded_at=None, order__state__in=PAYABLE, order__currency=currency
    ).select_related("order__buyer")
    for row in rows.order_by("-order_id", "n")[:MOST]:
        buyer = row.order.buyer
        names = (buyer.name, buyer.legal_name, buyer.name_local)
        yield Due(row.reference, row.order.code, row.missing, buyer.pk, names)


def _receipt(line):
    known = StatementLine.objects.filter(
        payer_account=line.payer_account, status=StatementLine.Status.MATCHED, is_credit=True
    ).exclude(payer_account="")
    buyers = known.values_list("payment__order__buyer", flat=True).distinct()
    return Receipt(
        line.left, f"{line.text} {line.end_to_end_id}", line.payer_name, frozenset(buyers)
    )
