"""The coverage page says the rules of the brief, and prints the tables the platform obeys."""

import pytest
from django.conf import settings

from dashboard import facts, rules
from payments.models import PaymentMethod

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "sentence",
    [
        "The goods are not shipped by the agreed date, or not at all: you are eligible for a "
        "refund.",
        "The goods do not match a line of the signed contract: you are eligible for a refund.",
        "Money paid straight into a supplier’s own bank account. There is no refund and no "
        "charge-back for it.",
        "Any payment made outside this platform.",
        "A transfer to any account other than the designated one.",
        "Warranties, replacements and other services, even if the supplier promised them.",
        "Quality that was not clearly required before you paid.",
        "Register the order here first. Only then pay, and only to the account shown to you.",
        "Pay only to the one designated bank account in Singapore.",
        "Pay by credit card or by telegraphic transfer, whichever is easier.",
        "The contract counts for specification, quality and quantity, nothing else.",
        "Each of them has a coverage limit, often between US$10,000 and US$30,000.",
        "That is ample for the initial payment, typically 30% of the order’s FOB value.",
        "There is no minimum order value.",
    ],
)
def test_the_coverage_page_says_it_plainly(client, sentence):
    assert sentence in text_of(client.get("/coverage/"))


def test_every_statement_that_the_page_owes_has_its_sentence():
    said = {
        source
        for fact in facts.COVERED + facts.NOT_COVERED + facts.CONDITIONS + facts.LIMITS
        for source in fact.sources
    }
    owed = {"S8", "S15", "S16", "S18", "S19", "S20", "S21", "S29"}
    assert said >= owed | {f"S{n}" for n in range(56, 62)}


def test_the_time_rules_are_those_the_platform_runs_on(client):
    page = text_of(client.get("/coverage/"))
    for clock in settings.DEADLINES.values():
        assert str(clock.title) in page
        assert str(clock.silence) in page
    assert len(rules.time_rules()) == len(settings.DEADLINES)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("dispute.resolve", "15 days"),
        ("inspection.object", "24 hours"),
        ("dispute.assign", "2 working days"),
        ("order.ship", "Until the ship-by date of the contract"),
        (
            "order.deliver",
            "After shipment: express 20 days, air 30, road 45, rail 45, sea 60",
        ),
    ],
)
def test_a_time_limit_is_told_in_words(kind, words):
    assert rules.length(kind, settings.DEADLINES[kind]) == words


def test_a_changed_time_limit_changes_the_page(client, settings):
    from dataclasses import replace

    changed = replace(settings.DEADLINES["dispute.resolve"], days=21)
    settings.DEADLINES = {**settings.DEADLINES, "dispute.resolve": changed}
    assert "21 days" in text_of(client.get("/coverage/"))


def test_the_eight_methods_are_shown_for_both_kinds_of_client(client):
    page = client.get("/coverage/")
    shown = {m.title: (m.for_new, m.for_existing) for m in page.context["methods"]}
    assert len(shown) == 8
    assert shown["UnionPay"] == shown["Alipay"] == (True, True)
    assert shown["Visa"] == (True, False)


def test_without_a_method_the_page_says_that_nobody_can_pay(client):
    PaymentMethod.objects.all().delete()
    assert "No way to pay is set up yet" in text_of(client.get("/coverage/"))


@pytest.mark.parametrize(
    ("value", "limit", "answer"),
    [
        ("18600", "20000", "The initial payment of US$5,580.00 is covered in full."),
        (
            "100000",
            "20000",
            "US$20,000.00 of the initial payment of US$30,000.00 is covered. "
            "US$10,000.00 is not assured after release.",
        ),
        ("100000", "0", "Nothing of the initial payment of US$30,000.00 is assured"),
    ],
)
def test_an_order_s_coverage_can_be_checked(client, value, limit, answer):
    page = client.get("/coverage/", {"value": value, "deposit": "30", "limit": limit})
    assert answer in text_of(page)


@pytest.mark.parametrize("value", ["", "abc", "-1", "NaN", "1e400", "0.001"])
def test_a_value_that_is_no_amount_gets_an_error_and_no_answer(client, value):
    page = client.get("/coverage/", {"value": value, "deposit": "30", "limit": "20000"})
    assert page.status_code == 200
    assert page.context["cover"] is None
    assert "There is a problem" in text_of(page)


def test_the_page_asks_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/coverage/")
