"""One trade in each of its states, made by the real operations."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock as business
from tests.cast import PASSWORD, PDF


def goods(product, quantity=3000, price=None):
    return [
        {
            "product": product,
            "description": product.name,
            "quantity": quantity,
            "unit": "pcs",
            "price": price or product.price,
            "hs_code": product.hs_code,
        }
    ]


@pytest.fixture
def draft_order(clock, buyer, supplier, product):
    """3,000 rompers at US$6.20: US$18,600.00, deposit 30 %, FOB Ningbo."""
    from orders.operations import start_order

    return start_order(
        by=buyer,
        supplier=supplier.company,
        goods=goods(product),
        terms={
            "incoterm": "FOB",
            "named_place": "Ningbo",
            "ship_by": business.now().date() + timedelta(days=60),
            "deposit_percent": 30,
        },
    )


@pytest.fixture
def placed_order(draft_order, buyer):
    from orders.operations import place

    place(draft_order, by=buyer, quality_basis=True)
    return draft_order


@pytest.fixture
def contract(placed_order, supplier, account):
    """The draft that the supplier's acceptance makes, from the category's template."""
    from contracts.operations import accept_order

    return accept_order(placed_order, by=supplier)


def write_the_brief(contract, by):
    """Fill the nine lines of the brief (S35-S43), with their three files."""
    from contracts import drafting
    from contracts.templates_data import TEMPLATES

    expected = {row.key: row for row in TEMPLATES["childrens_clothing"].lines}
    for line in contract.lines.all():
        row = expected[line.template_key]
        name = row.attachment_name
        upload = SimpleUploadedFile(name, PDF + name.encode()) if name else None
        drafting.write_line(
            contract,
            by=by,
            line=line,
            upload=upload,
            requirement=row.requirement,
        )


@pytest.fixture
def proposed_contract(contract, buyer):
    from contracts import drafting
    from contracts.operations import propose

    write_the_brief(contract, buyer)
    propose(contract, by=buyer, acknowledged=[gap.code for gap in drafting.gaps_of(contract)])
    return contract


def sign_as(contract, user):
    from contracts.signing import STATEMENTS, sign_with_password

    sign_with_password(
        contract,
        by=user,
        password=PASSWORD,
        typed_name=user.name,
        sha256=contract.sha256,
        statements=STATEMENTS,
        address="203.0.113.7",
    )


@pytest.fixture
def signed_order(proposed_contract, buyer, supplier):
    sign_as(proposed_contract, supplier)
    sign_as(proposed_contract, buyer)
    return proposed_contract.order


@pytest.fixture
def paid(account, finance):
    """Let an amount of money arrive for an instalment, by a real bank statement."""
    from payments.receipts import import_statement
    from tests.bank import camt053

    def pay(instalment, amount=None, payer="KIDZONE RETAIL PVT LTD"):
        data = camt053(account, [(instalment.reference, amount or instalment.missing, payer)])
        return import_statement(data, by=finance, file_name="statement.xml")

    return pay


@pytest.fixture
def funded_order(signed_order, paid):
    """The deposit is held: US$5,580.00."""
    paid(signed_order.instalments.get(n=1))
    signed_order.refresh_from_db()
    return signed_order


@pytest.fixture
def fully_funded_order(funded_order, paid):
    paid(funded_order.instalments.get(n=2))
    funded_order.refresh_from_db()
    return funded_order


@pytest.fixture
def inspection(funded_order, supplier, inspector, clock, run_clock):
    """The visit that both sides agreed to by silence."""
    from inspections.operations import declare_ready

    found = declare_ready(funded_order, by=supplier)
    clock.forward(hours=24)
    run_clock()
    found.refresh_from_db()
    return found


@pytest.fixture
def delivered_order(inspection, paid, buyer, supplier, inspector):
    """Inspected, paid in full, shipped on time, and there."""
    from orders.models import Order
    from orders.operations import confirm_delivery
    from tests.test_stories import file_report, ship

    order = inspection.order
    file_report(inspection, inspector)
    paid(order.instalments.get(n=2))
    ship(order, supplier)
    confirm_delivery(order, by=buyer)
    return Order.objects.get(pk=order.pk)
