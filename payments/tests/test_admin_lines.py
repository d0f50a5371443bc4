"""The desk of the bank's lines: suggestions, one form, the next line, and who may not."""

import pytest

from ledger.balances import balance
from payments.bank_messages import StatementEntry, camt053
from payments.models import Disbursement, StatementLine
from payments.receipts import import_statement
from payments.tests.leaving import Bank
from payments.tests.office import buttons, do_of, events, list_of, page_of, text_of
from tests.cast import person, usd
from workflow.models import Approval

pytestmark = pytest.mark.django_db

LIST = list_of("payments_statementline")
SUSPENSE = "suspense:unidentified"


@pytest.fixture
def bank(account, finance):
    return Bank(account, finance)


@pytest.fixture
def due(signed_order):
    return signed_order.instalments.get(n=1)


@pytest.fixture
def line(bank, due):
    """US$900.00 of the buyer for the deposit, without a reference: below the limit."""
    bank.receives(usd("900.00"), text="DEPOSIT ROMPERS")
    return StatementLine.objects.get()


@pytest.fixture
def large(bank, due):
    """US$5,580.00, with a reference that has two digits swapped."""
    digits = due.reference
    bank.receives(usd("5580.00"), text=f"PAYMENT {digits[:-1]}{(int(digits[-1]) + 1) % 10}")
    return StatementLine.objects.get()


def parts(*pairs, reason="The buyer wrote to us."):
    data = {"reason": reason}
    for n, (reference, amount) in enumerate(pairs, 1):
        data |= {f"reference_{n}": reference, f"amount_{n}": amount}
    return data


def rests(line):
    line.refresh_from_db()
    return line.status, line.left_minor, str(balance(SUSPENSE))


def test_a_waiting_line_opens_with_its_form_filled_by_the_likeliest(client, large, due, finance):
    client.force_login(finance)
    answer = client.get(page_of(large))
    page = text_of(answer)
    assert "The text holds this reference with one mistake." in page or due.reference in page
    form = answer.context["form"]
    assert form.initial == {"reference_1": due.reference, "amount_1": usd("5580.00").amount}
    assert "autofocus" in page
    assert "•• 2345" in page
    assert "50200012345" not in page
    best = answer.context["suggestions"][0]
    assert best.due.reference == due.reference
    assert "It is exactly what is missing." in best.reasons
    assert "The payer is this buyer." in best.reasons


def test_a_small_receipt_is_counted_by_one_person(client, line, due, finance):
    client.force_login(finance)
    answer = client.post(do_of(line, "match"), parts((due.reference, "900.00")))
    assert answer.url == LIST + "?queue=in"
    assert rests(line) == ("matched", 0, "US$0.00")
    assert balance(f"escrow:{due.order.ref}") == usd("900.00")


def test_several_instalments_share_one_receipt(client, line, due, finance):
    second = due.order.instalments.get(n=2)
    client.force_login(finance)
    data = parts((due.reference, "500.00"), (second.reference, "300.00"))
    client.post(do_of(line, "match"), data)
    assert rests(line) == ("suspense", 100_00, "US$100.00")
    due.refresh_from_db()
    second.refresh_from_db()
    assert (due.received_minor, second.received_minor) == (500_00, 300_00)


def test_after_each_line_the_next_one_follows(client, line, due, bank, finance):
    bank.receives(usd("12.00"), payer="SOMEBODY", text="WHO KNOWS")
    following = StatementLine.objects.get(amount_minor=1200)
    client.force_login(finance)
    answer = client.post(do_of(line, "match"), parts((due.reference, "900.00")))
    assert answer.url == page_of(following)


def test_from_the_limit_on_a_second_person_decides(client, large, due, finance, second_finance):
    client.force_login(finance)
    client.post(do_of(large, "match"), parts((due.reference, "5,580.00")))
    asked = Approval.objects.get(action="line.match")
    assert asked.payload == {"parts": [[due.reference, 558000]]}
    assert rests(large) == ("suspense", 5580_00, "US$5,580.00")
    page = text_of(client.get(page_of(large)))
    assert "Daniel Tan has proposed what becomes of it. Somebody else decides." in page
    assert buttons(client, large) == []
    client.force_login(second_finance)
    assert client.post(do_of(large, "match"), parts((due.reference, "1"))).status_code == 403
    assert rests(large) == ("suspense", 5580_00, "US$5,580.00")


def test_what_is_left_is_worked_out_without_counting(client, line, due, finance):
    client.force_login(finance)
    data = parts((due.reference, "500.00")) | {"check": "Work out what is left"}
    page = text_of(client.post(do_of(line, "match"), data))
    assert "US$400.00 is left uncounted." in page
    assert rests(line) == ("suspense", 900_00, "US$900.00")


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([("RF00", "900.00")], "There is no instalment of this reference."),
        ([("due", "900.01")], "Count at most the US$900.00 that is left."),
        ([("due", "nine")], "Write an amount such as 5,580.00."),
        ([("due", "-1.00")], "Count at most"),
        ([("due", "")], "This field is required."),
        ([("due", "1.00"), ("due", "")], "A reference and an amount belong together."),
    ],
)
def test_what_cannot_be_counted_is_refused_and_nothing_moves(
    client, line, due, finance, pairs, sentence
):
    client.force_login(finance)
    pairs = [(due.reference if ref == "due" else ref, amount) for ref, amount in pairs]
    answer = client.post(do_of(line, "match"), parts(*pairs))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert rests(line) == ("suspense", 900_00, "US$900.00")


def test_a_small_receipt_is_sent_back_with_a_reason(client, line, finance):
    client.force_login(finance)
    client.post(do_of(line, "return"), {"reason": " "})
    assert rests(line) == ("suspense", 900_00, "US$900.00")
    client.post(do_of(line, "return"), {"reason": "Nobody knows it."})
    line.refresh_from_db()
    assert (line.status, line.left_minor) == ("returned", 0)
    assert Disbursement.objects.get().amount == usd("900.00")


def test_own_money_is_proposed_and_booked_by_two(client, line, finance):
    client.force_login(finance)
    client.post(do_of(line, "own"), {"what": "charges", "reason": "Fees."})
    assert not Approval.objects.filter(action="line.own").exists()
    client.post(do_of(line, "own"), {"what": "own", "reason": "Interest of the bank."})
    assert Approval.objects.get(action="line.own").payload == {"what": "own"}
    assert rests(line) == ("suspense", 900_00, "US$900.00")


@pytest.mark.parametrize("verb", ["match", "return", "own"])
@pytest.mark.parametrize("duty", ["mediator", "administrator"])
def test_without_the_duty_there_is_no_form_and_403_by_hand(client, line, due, duty, verb):
    client.force_login(person("other@ta.example", "Other", duty=duty))
    assert "Count it for instalments" not in text_of(client.get(page_of(line)))
    data = parts((due.reference, "900.00")) | {"what": "own"}
    assert client.post(do_of(line, verb), data).status_code == 403
    assert client.post(do_of(line, verb), data | {"check": "1"}).status_code == 403
    assert rests(line) == ("suspense", 900_00, "US$900.00")
    assert not Approval.objects.exclude(action__startswith="bank").exists()


def test_a_payers_number_is_shown_once_asked_for(client, line, finance):
    client.force_login(finance)
    address = page_of(line).replace("/change/", "/bank-data/")
    assert "50200012345" in text_of(client.post(address))
    assert events(line, "look_at_bank_data") == [finance]


@pytest.fixture
def reviewed(bank, due):
    """The right reference, but another payer: the payment is under review."""
    bank.receives(usd("5580.00"), payer="SOMEBODY ELSE", text=due.reference)
    return StatementLine.objects.get().payment


def test_a_payment_under_review_is_decided_on_its_own_page(client, reviewed, finance):
    line = StatementLine.objects.get()
    client.force_login(finance)
    assert "Its payment is under review" in text_of(client.get(page_of(line)))
    assert buttons(client, reviewed) == ["clear", "return"]
    client.post(do_of(reviewed, "clear"), {"reason": "The parent company paid."})
    asked = Approval.objects.get(action="payment.clear")
    assert (asked.maker, asked.amount_minor) == (finance, 558000)
    assert buttons(client, reviewed) == []
    assert rests(line) == ("suspense", 5580_00, "US$5,580.00")


@pytest.mark.parametrize("verb", ["clear", "return"])
def test_others_do_not_decide_on_a_payment_under_review(client, reviewed, mediator, verb):
    client.force_login(mediator)
    assert buttons(client, reviewed) == []
    assert client.post(do_of(reviewed, verb), {"reason": "Because."}).status_code == 403
    reviewed.refresh_from_db()
    assert reviewed.state == "review"
    assert not Approval.objects.filter(action__startswith="payment").exists()


def test_a_line_is_never_edited(client, line, finance):
    client.force_login(finance)
    assert client.post(LIST + "add/", {"amount_minor": "1"}).status_code == 403
    assert client.post(f"{LIST}{line.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(page_of(line), {"amount_minor": "1"})
    assert rests(line) == ("suspense", 900_00, "US$900.00")


def test_the_list_costs_the_same_for_one_and_for_many(
    client, bank, finance, django_assert_num_queries
):
    client.force_login(finance)
    bank.receives(usd("1.00"))
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
    for _n in range(5):
        bank.receives(usd("1.00"))
    with django_assert_num_queries(8):
        assert len(client.get(LIST).context["cl"].result_list) == 6


def test_the_export_masks_the_payers_account(client, line, finance):
    client.force_login(finance)
    text = client.get(LIST + "export.csv").content.decode()
    assert "•• 2345" in text
    assert "50200012345" not in text
    assert "DEPOSIT ROMPERS" in text


def test_a_missing_statement_is_told_above_the_list(client, bank, finance):
    bank.receives(usd("1.00"))
    bank.receives(usd("1.00"))
    client.force_login(finance)
    there = list_of("payments_statementimport")
    assert "A statement is missing" not in text_of(client.get(there))
    late = camt053(
        bank.account,
        [StatementEntry(usd("1.00"), credit=True, name="X")],
        opening=usd("7.00"),
        at=StatementLine.objects.last().arrived_at,
        statement_id="BANK-0009",
        sequence=9,
    )
    import_statement(late, by=finance, file_name="late.xml")
    page = text_of(client.get(there))
    assert "A statement is missing: BANK-0009 opens with US$7.00, BANK-0002 closed with" in page
