"""The front page, how it works, the demo's clock."""

from datetime import timedelta

import pytest
from kombu.exceptions import OperationalError

from catalog.models import Product
from core import clock as business
from core.days import days_after

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def said(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("address", ["/", "/how-it-works/", "/coverage/", "/products/"])
@pytest.mark.parametrize("who", [None, "buyer", "supplier", "inspector", "mediator"])
def test_the_public_pages_answer_for_everybody(client, request, address, who):
    if who:
        client.force_login(request.getfixturevalue(who))
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "hi"])
def test_the_public_pages_answer_in_every_language(client, language):
    for page in ("", "how-it-works/", "coverage/", "products/", "suppliers/"):
        assert client.get(f"/{language}/{page}").status_code == 200


def test_the_front_page_shows_at_most_four_products_that_can_be_assured(client, product):
    for n in range(5):
        Product.objects.create(
            supplier=product.supplier,
            category=product.category,
            slug=f"p{n}",
            name=f"P{n}",
            price_minor=1,
        )
    assert len(client.get("/").context["products"]) == 4


def test_the_front_page_shows_nothing_of_a_supplier_that_is_not_gold(client, product):
    product.supplier.standing.gold = False
    product.supplier.standing.save()
    assert list(client.get("/").context["products"]) == []


def test_the_five_steps_stand_in_order_and_the_last_names_the_account(client):
    page = text_of(client.get("/how-it-works/"))
    steps = [
        "Place the order",
        "Talk in one place",
        "Write the contract",
        "Both confirm",
        "Pay the one account",
    ]
    places = [page.index(f"<h3>{step}</h3>") for step in steps]
    assert places == sorted(places)
    assert "only to the designated account in Singapore" in page
    assert "What comes next when you import" in page


# --- the demo's clock


@pytest.fixture
def demo(settings, tmp_path, monkeypatch):
    """A demo with its clock file; what wakes the sweep is only counted."""
    settings.DEMO = True
    settings.DEMO_CLOCK_FILE = str(tmp_path / "demo-clock")
    woken = []
    monkeypatch.setattr("dashboard.views.wake_sweep", lambda: woken.append(1))
    return woken


def test_outside_the_demo_there_is_no_clock_to_move(client, settings, tmp_path):
    settings.DEMO_CLOCK_FILE = str(tmp_path / "demo-clock")
    assert client.post("/demo/clock/", {"days": 15}).status_code == 404
    assert business.offset() == timedelta(0)


def test_the_clock_moves_and_the_sweep_is_woken(client, demo):
    answer = client.post("/demo/clock/", {"days": "15", "next": "/coverage/"}, follow=True)
    assert answer.redirect_chain == [("/coverage/", 302)]
    end_of_day = days_after(business.real_now(), 15)
    moved_to = business.real_now() + business.offset()
    assert timedelta(0) <= moved_to - end_of_day < timedelta(minutes=1)
    assert demo == [1]
    [message] = said(answer)
    assert message.startswith("Business time is now ")
    assert message.endswith("Singapore time.")


@pytest.mark.parametrize("days", ["0", "-1", "121", "soon", ""])
def test_the_clock_refuses_other_steps_and_nothing_moves(client, demo, days):
    answer = client.post("/demo/clock/", {"days": days}, follow=True)
    assert said(answer) == ["Time goes forward by 1 to 120 whole days at once."]
    assert business.offset() == timedelta(0)
    assert demo == []


def test_the_clock_sends_nobody_to_another_site(client, demo):
    answer = client.post("/demo/clock/", {"days": "1", "next": "https://evil.example/"})
    assert answer.url == "/"


def test_the_clock_moves_even_when_the_broker_is_down(client, demo, monkeypatch):
    def fail():
        raise OperationalError

    monkeypatch.setattr("dashboard.views.wake_sweep", fail)
    client.post("/demo/clock/", {"days": "1"})
    assert business.offset() > timedelta(days=1)


def test_the_clock_is_moved_by_a_post_only(client, demo):
    assert client.get("/demo/clock/").status_code == 405
