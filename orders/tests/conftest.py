"""One order in each of the later states, made by the real operations."""

import pytest

from disputes.operations import file as file_dispute
from orders.operations import confirm_delivery
from orders.shipping import ship
from tests.cast import readings, usd
from tests.test_stories import file_report


@pytest.fixture
def differing_order(inspection, inspector):
    """One line of nine is out of tolerance: 181 g/m² where 190 to 210 was agreed."""
    file_report(inspection, inspector, fabric=(readings("181", "183", "179"), "", ""))
    return inspection.order


@pytest.fixture
def passed_order(inspection, inspector):
    file_report(inspection, inspector)
    inspection.order.refresh_from_db()
    return inspection.order


@pytest.fixture
def shippable_order(passed_order, paid):
    paid(passed_order.instalments.get(n=2))
    passed_order.refresh_from_db()
    return passed_order


@pytest.fixture
def shipped_order(shippable_order, supplier, clock):
    ship(
        shippable_order,
        by=supplier,
        carrier="COSCO",
        document_type="bill_of_lading",
        document_number="NGB123456",
        claimed_on=shippable_order.funded_at.date(),
    )
    shippable_order.refresh_from_db()
    return shippable_order


@pytest.fixture
def delivered_order(shipped_order, buyer):
    confirm_delivery(shipped_order, by=buyer)
    shipped_order.refresh_from_db()
    return shipped_order


@pytest.fixture
def late_order(funded_order, clock, run_clock):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    funded_order.refresh_from_db()
    return funded_order


@pytest.fixture
def disputed_order(differing_order, buyer):
    line = differing_order.contracts.get().lines.get(template_key="fabric")
    file_dispute(
        differing_order,
        by=buyer,
        reason="quality",
        statement="The cloth is lighter.",
        amount=usd("2000.00"),
        lines=[line],
    )
    return differing_order


@pytest.fixture
def failed_order(differing_order, clock, run_clock):
    """The buyer did not decide about the differing line in time (T13)."""
    clock.forward(days=8)
    run_clock()
    differing_order.refresh_from_db()
    return differing_order
