"""The cast, the clock, and one trade in each of its states, made by the real operations."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import Company, SupplierStanding, User
from catalog.models import Category, Product
from core import clock as business
from core.money import Money
from workflow import deadlines, outbox
from workflow.models import Deadline, OutboxMessage

PASSWORD = "correct horse battery"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _no_broker(settings):
    """Tests deliver the outbox themselves; those with a real broker say so."""
    settings.OUTBOX_WAKE = "conftest.nobody_to_wake"


def nobody_to_wake(lane):
    """Stands in for the wake-up of a worker: the sweep is what guarantees delivery."""


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the flush of transactional tests pass the ledger's TRUNCATE guard; only here."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            f"ALTER DATABASE \"{connection.settings_dict['NAME']}\" SET ta.allow_truncate = 'on'"
        )
    connection.close()


class Clock:
    """Business time, standing still where a test puts it."""

    def __init__(self, file: Path):
        self.file = file

    def move_to(self, instant):
        self.file.write_text(instant.isoformat())

    def forward(self, **by):
        self.move_to(business.now() + timedelta(**by))


@pytest.fixture
def clock(settings, tmp_path):
    file = tmp_path / "clock"
    settings.TEST_CLOCK_FILE = str(file)
    moved = Clock(file)
    moved.move_to(business.real_now())
    return moved


@pytest.fixture
def run_clock():
    """Do what the sweep does: fire every deadline that is due now."""

    def run():
        while due := deadlines.claim(100):
            for pk in due:
                deadlines.fire(pk)

    return run


@pytest.fixture
def run_outbox():
    """Do what the relay does, until nothing waits."""

    def run():
        while waiting := OutboxMessage.objects.filter(delivered_at=None, attempts=0):
            for message in waiting:
                OutboxMessage.objects.filter(pk=message.pk).update(attempts=1)
                outbox.deliver(message.pk)

    return run


def person(email, name, company=None, duty=None, **fields):
    user = User.objects.create_user(
        email, PASSWORD, name=name, company=company, is_staff=duty is not None, **fields
    )
    if duty:
        user.groups.add(Group.objects.get_or_create(name=duty)[0])
    return user


@pytest.fixture
def buyer(db):
    company = Company.objects.create(
        slug="kidzone",
        name="Kidzone Retail",
        legal_name="Kidzone Retail Private Limited",
        country="IN",
        city="Mumbai",
        time_zone="Asia/Kolkata",
        buys=True,
    )
    return person("asha@kidzone.example", "Asha Mehta", company)


@pytest.fixture
def supplier(db):
    company = Company.objects.create(
        slug="little-pine",
        name="Ningbo Little Pine Garment",
        legal_name="Ningbo Little Pine Garment Co., Ltd.",
        name_local="宁波小松服装有限公司",
        country="CN",
        city="Ningbo",
        time_zone="Asia/Shanghai",
        sells=True,
    )
    SupplierStanding.objects.create(company=company, gold=True, limit_minor=30_000_00)
    return person("lin@littlepine.example", "Lin Xiaosong", company)


@pytest.fixture
def inspector(db):
    company = Company.objects.create(
        slug="clearlot",
        name="Clearlot Inspection",
        legal_name="Clearlot Inspection Ltd.",
        country="CN",
        city="Ningbo",
        time_zone="Asia/Shanghai",
        inspects=True,
    )
    return person("grace@clearlot.example", "Grace Ho", company)


@pytest.fixture
def mediator(db):
    return person("meera@ta.example", "Meera Nair", duty="mediator")


@pytest.fixture
def finance(db):
    return person("daniel@ta.example", "Daniel Tan", duty="finance")


@pytest.fixture
def second_finance(db):
    return person("farah@ta.example", "Farah Lim", duty="finance")


@pytest.fixture
def stranger(db):
    company = Company.objects.create(
        slug="mallory",
        name="Mallory Trading",
        legal_name="Mallory Trading",
        country="IN",
        city="Pune",
        buys=True,
        sells=True,
    )
    return person("mallory@example.com", "Mallory", company)


@pytest.fixture
def product(supplier):
    category, _ = Category.objects.get_or_create(
        slug="childrens-clothing",
        defaults={"name": "Children's clothing", "template_key": "childrens_clothing"},
    )
    return Product.objects.create(
        supplier=supplier.company,
        category=category,
        slug="organic-cotton-romper",
        name="Organic cotton romper",
        price_minor=6_20,
        least_quantity=500,
        hs_code="611120",
    )


@pytest.fixture
def account(finance, second_finance):
    """The designated account in Singapore, proposed by one and approved by another."""
    from accounts.designated import approve_account, propose_account

    found = propose_account(
        by=finance,
        beneficiary="Trade Assurance Trust",
        bank="Demo Bank",
        account_number="0039012345",
        bic="DBSSSGSG",
    )
    approve_account(found, by=second_finance)
    return found


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


def today():
    return date.fromordinal(business.now().date().toordinal())


def usd(text):
    return Money.parse(text)


def readings(*values):
    return [Decimal(value) for value in values]


def open_deadlines(order):
    return list(Deadline.objects.open().filter(trade_ref=order.ref).values_list("kind", flat=True))
