"""An inspection that a mediator orders because no report tells enough (S34)."""

from accounts.roles import PLATFORM
from contracts.models import PurchaseContract
from inspections.agencies import least_busy
from inspections.models import Inspection
from inspections.operations import appoint, visit_day
from workflow.engine import record

IN_FORCE = [PurchaseContract.State.EFFECTIVE, PurchaseContract.State.FULFILLED]


def request(order, *, by):
    """Ask for the goods of this order to be measured; an agency free of both sides is named.

    Called inside an operation on the order. The report decides nothing here: it goes to the
    mediator who asked for it.
    """
    inspection = Inspection.objects.create(
        order=order,
        contract=order.contracts.filter(state__in=IN_FORCE).get(),
        n=order.inspections.count() + 1,
    )
    record(inspection, "request", by=by)
    if agency := least_busy(order, visit_day()):
        appoint(inspection, by=PLATFORM, agency=agency)
    return inspection
