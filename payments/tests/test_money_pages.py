"""Money, statement, credit: what a company reads of its own money, and nobody else does."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.documents.seal import verify
from core.formats.spreadsheet import cell, table
from ledger.balances import balance
from ledger.models import Journal
from payments import purse
from payments.account_statement import MEANINGS, meaning
from payments.credit import credit_of
from payments.models import Disbursement
from payments.tests.leaving import Bank, consider_all
from payments.tests.office import earn, give_back, text_of
from tests.cast import person, usd
from workflow.models import OutboxMessage

pytestmark = pytest.mark.django_db
MOST_QUERIES = 8
PAGES = ["money", "money_statement", "money_statement_csv", "money_credit", "company_bank"]


@pytest.fixture
def bank(account, finance):
    return Bank(account, finance)


@pytest.fixture
def overpaid(signed_order, paid):
    """US$5,615.00 came for a deposit of US$5,580.00: US$35.00 are the buyer's credit."""
    paid(signed_order.instalments.get(n=1), amount=usd("5615.00"))
    signed_order.refresh_from_db()
    return signed_order


@pytest.fixture
def moved(funded_order):
    """Of US$5,580.00 held, US$2,000.00 were released and US$900.00 are going back."""
    earn(funded_order, by=None, amount="2000.00")
    give_back(funded_order, by=None, amount="900.00")
    return funded_order


def figures(user):
    return {figure.label: figure.amounts for figure in purse.strip(user.company)}


def queries_of(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


# --- who sees what


@pytest.mark.parametrize("name", PAGES)
def test_an_inspector_has_no_money_here(client, inspector, name):
    client.force_login(inspector)
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_staff_are_led_to_the_back_office(client, finance, name):
    client.force_login(finance)
    assert client.get(reverse(name)).url == "/admin/"


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_asked_to(client, db, name):
    assert client.get(reverse(name)).url.startswith("/accounts/login/")


def test_a_person_of_no_company_finds_nothing(client, db):
    client.force_login(person("new@example.com", "New"))
    assert client.get("/money/").status_code == 404


@pytest.mark.parametrize("tab", ["in", "out", "fees"])
def test_a_stranger_sees_nothing_of_this_trade(client, stranger, moved, tab):
    client.force_login(stranger)
    page = client.get(f"/money/?list={tab}")
    assert page.context["rows"] == []
    assert moved.code not in text_of(page)


def test_the_page_is_in_the_navigation_of_those_who_trade(client, buyer, inspector, finance):
    for user, there in [(buyer, True), (inspector, False), (finance, False)]:
        client.force_login(user)
        assert ('href="/money/"' in text_of(client.get("/home/"))) is there


def test_an_empty_list_explains_itself(client, buyer, supplier):
    client.force_login(buyer)
    assert "No money has moved yet" in text_of(client.get("/money/"))
    client.force_login(supplier)
    page = text_of(client.get("/money/"))
    assert "As soon as there is one it stands here" in page


# --- the strip


def test_the_strip_of_a_buyer_is_the_ledger(moved, buyer):
    found = figures(buyer)
    assert found["Held for your orders"] == [balance(f"escrow:{moved.ref}")] == [usd("2680.00")]
    assert found["To pay"] == [usd("13020.00")]
    assert found["In dispute, blocked"] == [usd("0")]
    assert found["Coming back to you"] == [usd("900.00")]
    assert found["Your credit"] == [usd("0")]


def test_the_strip_of_a_supplier_is_the_ledger(moved, supplier):
    found = figures(supplier)
    assert found["Held for you"] == [usd("2680.00")]
    assert found["Payable to you"] == [usd("1960.00")]  # US$2,000.00 less 2 %
    assert found["Kept as reserve"] == found["On its way to you"] == [usd("0")]
    assert found["Owed to us"] == [usd("0")]


def test_what_a_supplier_owes_us_stands_there_after_a_refund_beyond_its_money(
    funded_order, supplier, buyer
):
    from ledger.operations import Move, post

    post(
        "guarantee.refund",
        key="owed",
        order_ref=funded_order.ref,
        transfers=[
            Move(
                f"receivable_supplier:{supplier.company_id}",
                f"refund_payable:{buyer.company_id}",
                usd("120.00"),
            )
        ],
    )
    assert figures(supplier)["Owed to us"] == [usd("120.00")]


# --- the lists


def test_a_payment_stands_there_with_its_order_and_how_far_it_is(client, buyer, funded_order):
    client.force_login(buyer)
    page = text_of(client.get("/money/?list=in"))
    assert f'href="{funded_order.get_absolute_url()}"' in page
    assert "US$5,580.00" in page
    assert "Arrived" in page


def test_the_supplier_reads_who_paid_and_no_bank_details(client, supplier, funded_order):
    client.force_login(supplier)
    page = text_of(client.get("/money/?list=in"))
    assert "Kidzone Retail" in page
    assert "0039012345" not in page


def test_a_held_payout_says_why_to_its_payee_and_to_nobody_else(client, supplier, buyer, moved):
    consider_all()
    why = "We have no checked bank account to pay to."
    client.force_login(supplier)
    page = text_of(client.get("/money/"))
    assert "US$1,960.00" in page
    assert "On hold" in page
    assert why in page
    client.force_login(buyer)
    page = text_of(client.get("/money/?list=out"))
    assert "US$900.00" in page
    assert "US$1,960.00" not in page


def test_the_fee_is_a_line_of_its_own_and_says_who_bears_it(client, supplier, moved):
    client.force_login(supplier)
    response = client.get("/money/?list=fees")
    [fee] = response.context["rows"]
    assert (fee.amount, fee.order, fee.borne_by) == (usd("40.00"), moved, "borne by the supplier")
    assert "US$40.00" in text_of(response)


def test_the_supplier_does_not_read_the_buyers_payment_fee(client, supplier, moved):
    from ledger.operations import Move, post

    post(
        "payment.fee",
        key="fee",
        order_ref=moved.ref,
        transfers=[Move("psp_receivable:http_sim", "income:payment_fee", usd("164.61"))],
    )
    client.force_login(supplier)
    assert "US$164.61" not in text_of(client.get("/money/?list=fees"))


@pytest.mark.parametrize("tab", ["in", "out", "fees"])
@pytest.mark.parametrize("who", ["buyer", "supplier"])
def test_the_page_asks_the_same_few_questions_however_much_has_moved(
    client, request, moved, who, tab
):
    client.force_login(request.getfixturevalue(who))
    few = queries_of(client, f"/money/?list={tab}")
    for amount in ["100.00", "200.00", "300.00"]:
        earn_again(moved, amount)
    assert queries_of(client, f"/money/?list={tab}") == few <= MOST_QUERIES


def earn_again(order, amount):
    from payments.escrow import refund, release
    from workflow.engine import operation

    @operation
    def both(order, *, by):
        release(order, usd(amount), cause=f"test{amount}", by=by)
        refund(order, usd(amount), cause=f"test{amount}", by=by)

    both(order, by=None)


def test_the_list_goes_on_by_key_and_shows_every_row_once(client, supplier, funded_order):
    for n in range(21):
        earn_again(funded_order, f"{n + 1}.00")
    client.force_login(supplier)
    first = client.get("/money/")
    second = client.get("/money/" + first.context["earlier"])
    rows = [*first.context["rows"], *second.context["rows"]]
    assert [row.pk for row in rows] == list(
        Disbursement.objects.filter(payee=supplier.company).values_list("pk", flat=True)
    )
    assert len(rows) == 21
    assert second.context["earlier"] == ""


@pytest.mark.parametrize("key", ["x", "-1", "9" * 30, "²"])
def test_a_key_that_is_none_shows_the_newest(client, supplier, moved, key):
    client.force_login(supplier)
    assert len(client.get("/money/", {"before": key}).context["rows"]) == 1


# --- credit


def test_credit_is_offered_with_both_ways_and_what_each_comes_to(client, buyer, overpaid):
    client.force_login(buyer)
    assert "You have credit." in text_of(client.get("/money/"))
    page = text_of(client.get("/money/credit/"))
    assert f"Use US$35.00 for {overpaid.code}" in page
    assert "Send US$35.00 back" in page
    assert "This cannot be undone." in page


def test_credit_is_used_for_the_order_that_is_due_once(client, buyer, overpaid):
    client.force_login(buyer)
    given = {"order": overpaid.code, "minor": "3500"}
    assert client.post("/money/credit/use/", given).url == overpaid.get_absolute_url()
    client.post("/money/credit/use/", given)
    assert overpaid.instalments.get(n=2).received_minor == 35_00
    assert balance(f"escrow:{overpaid.ref}") == usd("5615.00")
    assert credit_of(buyer.company) == usd("0")


def test_credit_goes_back_to_where_it_came_from(client, buyer, overpaid):
    client.force_login(buyer)
    answer = client.post("/money/credit/back/", {"minor": "3500"})
    owed = Disbursement.objects.get(kind="credit")
    assert answer.url == reverse("refund", args=[owed.public_id])
    assert (owed.amount, owed.payee) == (usd("35.00"), buyer.company)
    assert "You have no credit" in text_of(client.get("/money/credit/"))


def test_another_sum_than_the_button_said_moves_nothing(client, buyer, overpaid):
    client.force_login(buyer)
    for path in ["/money/credit/use/", "/money/credit/back/"]:
        answer = client.post(path, {"order": overpaid.code, "minor": "3400"}, follow=True)
        assert "Your credit changed while you were reading." in text_of(answer)
    assert credit_of(buyer.company) == usd("35.00")
    assert not Disbursement.objects.exists()


def test_a_member_without_the_right_to_pay_moves_no_credit(client, buyer, overpaid):
    buyer.company_role = buyer.Role.MEMBER
    buyer.save()
    client.force_login(buyer)
    page = text_of(client.get("/money/credit/"))
    assert "Ask a colleague who may." in page
    assert "<button" not in page.split("<main")[1].split("</main")[0]
    for path in ["/money/credit/use/", "/money/credit/back/"]:
        client.post(path, {"order": overpaid.code, "minor": "3500"})
    assert credit_of(buyer.company) == usd("35.00")
    assert not Disbursement.objects.exists()


def test_nobody_uses_credit_for_an_order_of_others(client, stranger, overpaid):
    client.force_login(stranger)
    given = {"order": overpaid.code, "minor": "3500"}
    assert client.post("/money/credit/use/", given).status_code == 404
    assert client.post("/money/credit/back/", given).status_code == 404
    assert balance(f"buyer_credit:{overpaid.buyer_id}") == usd("35.00")


def test_a_supplier_has_no_page_of_credit(client, supplier):
    client.force_login(supplier)
    assert client.get("/money/credit/").status_code == 404


# --- the statement


def statement(client, code, **more):
    return client.get("/money/statement/", {"account": code, **more}).context


def test_the_statement_adds_up_to_the_ledger_to_the_cent(client, supplier, moved):
    code = f"supplier_payable:{supplier.company_id}"
    earn_again(moved, "333.33")
    client.force_login(supplier)
    page = statement(client, code)
    assert page["opening"] == usd("0")
    assert [line.amount for line in page["lines"]] == [usd("1960.00"), usd("326.66")]
    assert [line.balance for line in page["lines"]] == [usd("1960.00"), usd("2286.66")]
    moved_now = sum((line.amount for line in page["lines"]), page["opening"])
    assert moved_now == page["closing"] == balance(code)
    assert page["statement"].moved == balance(code)


def test_what_moved_before_the_period_is_the_opening_balance(client, supplier, moved, clock):
    code = f"supplier_payable:{supplier.company_id}"
    clock.forward(days=40)
    earn_again(moved, "100.00")
    client.force_login(supplier)
    page = statement(client, code)
    assert page["opening"] == usd("1960.00")
    assert [line.amount for line in page["lines"]] == [usd("98.00")]
    assert page["closing"] == balance(code)


def test_the_last_day_is_part_of_the_period_in_the_readers_zone(client, supplier, moved, clock):
    code = f"supplier_payable:{supplier.company_id}"
    moment = Journal.objects.filter(kind="release.test").get().effective_at
    from zoneinfo import ZoneInfo

    from django.utils import timezone

    day = timezone.localtime(moment, ZoneInfo("Asia/Shanghai")).date()
    client.force_login(supplier)
    on_it = statement(client, code, first=day.isoformat(), last=day.isoformat())
    assert [line.amount for line in on_it["lines"]] == [usd("1960.00")]
    before = (day - timedelta(days=1)).isoformat()
    earlier = statement(client, code, first=before, last=before)
    assert (earlier["lines"], earlier["closing"]) == ([], usd("0"))


def test_every_account_of_a_company_has_its_statement(client, buyer, supplier, moved):
    for user, codes in [
        (buyer, ["buyer_credit", "refund_payable"]),
        (supplier, ["supplier_payable", "supplier_reserve", "receivable_supplier"]),
    ]:
        client.force_login(user)
        for code in [*(f"{code}:{user.company_id}" for code in codes), f"escrow:{moved.code}"]:
            page = statement(client, code)
            total = sum((line.amount for line in page["lines"]), page["opening"])
            assert total == page["closing"] == balance(code), code


def test_the_statement_of_another_company_is_not_to_be_had(client, stranger, supplier, moved):
    client.force_login(stranger)
    for code in [
        f"supplier_payable:{supplier.company_id}",
        f"escrow:{moved.code}",
        "bank:sg_trust",
    ]:
        answer = client.get("/money/statement/", {"account": code})
        assert answer.status_code == 422
        assert "statement" not in answer.context
        assert client.get("/money/statement/csv/", {"account": code}).status_code == 302
        client.post("/money/statement/pdf/", {"account": code})
    assert not OutboxMessage.objects.filter(kind="account_statement.draw").exists()


def test_a_period_that_ends_before_it_begins_is_refused_with_what_was_typed(client, supplier):
    client.force_login(supplier)
    given = {"first": "2026-05-02", "last": "2026-05-01"}
    answer = client.get("/money/statement/", given)
    assert answer.status_code == 422
    page = text_of(answer)
    assert page.count("The last day is not before the first.") == 2
    assert 'value="2026-05-01"' in page


def test_the_statement_asks_the_same_few_questions(client, supplier, moved):
    client.force_login(supplier)
    few = queries_of(client, "/money/statement/")
    earn_again(moved, "50.00")
    assert queries_of(client, "/money/statement/") == few


def test_the_table_carries_the_same_lines_as_plain_numbers(client, supplier, moved):
    client.force_login(supplier)
    code = f"supplier_payable:{supplier.company_id}"
    answer = client.get("/money/statement/csv/", {"account": code})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[4] == ["Opening balance", "", "", "", "0.00"]
    assert rows[6][1:] == ["Released", moved.code, "1960.00", "1960.00"]
    assert rows[-1] == ["Closing balance", "", "", "", "1960.00"]


def test_money_that_leaves_an_account_is_a_plain_negative_number(client, buyer, overpaid):
    client.force_login(buyer)
    client.post("/money/credit/use/", {"order": overpaid.code, "minor": "3500"})
    code = f"buyer_credit:{buyer.company_id}"
    answer = client.get("/money/statement/csv/", {"account": code})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[3] for row in rows[6:-1]] == ["35.00", "-35.00"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "＝1", "＋1", "－1", "＠x"]
)
def test_a_text_is_never_a_formula(text):
    assert cell(text) == f"'{text}"


def test_a_table_is_what_spreadsheets_read():
    assert table([["a", "=b"], [usd("-1.50").amount, 2]]) == "\ufeffa,'=b\r\n-1.50,2\r\n"


def test_the_pdf_is_drawn_by_a_worker_and_carries_the_seal(client, supplier, moved):
    client.force_login(supplier)
    there = client.post("/money/statement/pdf/", {}).url
    assert "Your statement is being made" in text_of(client.get(there))
    assert client.get(there, {"file": ""}).status_code == 200
    deliver_documents()
    assert "Your statement is ready" in text_of(client.get(there))
    answer = client.get(there, {"file": ""})
    assert answer["Content-Type"] == "application/pdf"
    verdict = verify(b"".join(answer.streaming_content))
    assert verdict.valid
    assert verdict.whole_document


def test_a_pdf_that_would_take_too_long_is_refused_beside_the_statement(
    client, supplier, moved, monkeypatch
):
    monkeypatch.setattr("payments.account_statement.MOST_LINES", 0)
    client.force_login(supplier)
    answer = client.post("/money/statement/pdf/", {}, follow=True)
    assert "Choose a shorter period, or take the table." in text_of(answer)
    assert "Closing balance" in text_of(answer)
    assert not OutboxMessage.objects.filter(kind="account_statement.draw").exists()


def test_drawing_twice_makes_one_file(client, supplier, moved):
    client.force_login(supplier)
    client.post("/money/statement/pdf/", {})
    deliver_documents()
    OutboxMessage.objects.filter(kind="account_statement.draw").update(delivered_at=None)
    deliver_documents()
    assert len(default_storage.listdir("account-statements")[1]) == 1


def test_nobody_else_gets_the_pdf_nor_guesses_its_address(client, supplier, buyer, moved):
    client.force_login(supplier)
    there = client.post("/money/statement/pdf/", {}).url
    deliver_documents()
    client.force_login(buyer)
    assert client.get(there).status_code == 404
    assert client.get(there, {"file": ""}).status_code == 404
    client.force_login(supplier)
    assert client.get(there[:-2] + "x/").status_code == 404


def deliver_documents():
    from workflow import outbox

    for message in OutboxMessage.objects.filter(kind="account_statement.draw", delivered_at=None):
        assert outbox.deliver(message.pk)


def test_every_journal_of_a_trade_is_told_in_words(moved):
    for kind in Journal.objects.exclude(kind__startswith="bank.").values_list("kind", flat=True):
        assert meaning(kind) != kind
    assert str(MEANINGS["release"]) == "Released"
