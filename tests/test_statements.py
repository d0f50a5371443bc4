"""How many statements the common operations take: a number that only grows on purpose."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from core.money import Money
from ledger.operations import Move, post
from orders import operations as orders
from payments.operations import accept_goods, pay_by_transfer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds_known(db):
    """A process asks once what the kinds of records are called; that is counted nowhere."""
    ContentType.objects.get_for_models(*apps.get_models())


def test_a_plain_change_is_a_lock_a_look_a_save_a_line_and_its_news(
    placed_order, supplier, django_assert_num_queries
):
    """And the clocks that it stops, between the begin and the end of its transaction."""
    with django_assert_num_queries(8):
        orders.decline(placed_order, by=supplier, reason="No cotton")


def test_saying_that_a_transfer_is_on_its_way(signed_order, buyer, django_assert_num_queries):
    with django_assert_num_queries(13):
        pay_by_transfer(signed_order, by=buyer)


def test_accepting_goods_moves_three_machines_and_the_money(
    delivered_order, buyer, django_assert_num_queries
):
    """The order, its contract and its shipment each have a save, a line and its news."""
    with django_assert_num_queries(26):
        accept_goods(delivered_order, by=buyer)


def test_a_journal_of_any_length_is_one_statement(django_assert_num_queries):
    moves = [Move("bank:sg_trust", f"escrow:TA-{n}", Money(5)) for n in range(20)]
    with django_assert_num_queries(1):
        post("deposit", key="many", transfers=moves)
