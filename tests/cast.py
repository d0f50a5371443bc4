"""The cast: Asha buys, Lin sells, Grace inspects, staff keep the house, Mallory does not belong."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from accounts.models import Company, SupplierStanding, User
from catalog.models import Category, Product
from core import clock as business
from core.money import Money
from workflow.models import Deadline

PASSWORD = "correct horse battery"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def today():
    return date.fromordinal(business.now().date().toordinal())


def usd(text):
    return Money.parse(text)


def readings(*values):
    return [Decimal(value) for value in values]


def open_deadlines(order):
    """The clocks that run for a trade itself; those of money that is to leave are apart."""
    running = Deadline.objects.open().filter(trade_ref=order.ref)
    return [row.kind for row in running if not row.clock.outlives]


def both_done(dispute):
    """Both sides say that they have nothing to add: the evidence is closed."""
    from disputes import hearing

    for company in (dispute.order.buyer, dispute.order.supplier):
        hearing.say_done(dispute, by=company.people.first())


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
