"""Money in the back office: by whom, and what the rules refuse."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import DesignatedAccount
from ledger.balances import balance
from orders.models import Instalment
from payments.models import Payment, StatementImport, StatementLine
from tests.bank import camt053
from tests.cast import usd

pytestmark = pytest.mark.django_db

UPLOAD = reverse("admin:payments_statementimport_upload")
ADD = reverse("admin:accounts_designatedaccount_add")
ACCOUNT = {
    "beneficiary": "Trade Assurance Trust",
    "bank": "Demo Bank",
    "bank_address": "",
    "account_number": "003 901 2345",
    "bic": "dbsssgsg",
    "currency": "USD",
}


def text_of(response):
    return " ".join(response.content.decode().split())


# --- the designated account


@pytest.fixture
def proposed(client, finance):
    client.force_login(finance)
    client.post(ADD, ACCOUNT)
    return DesignatedAccount.objects.get()


def change_of(account):
    return reverse("admin:accounts_designatedaccount_change", args=[account.pk])


def approve_of(account):
    return reverse("admin:accounts_designatedaccount_do", args=[account.pk, "approve"])


def test_an_account_is_proposed_and_waits(proposed, finance):
    assert (proposed.state, proposed.proposed_by, proposed.approved_by) == (
        "proposed", finance, None,
    )  # fmt: skip
    assert (proposed.account_number, proposed.bic) == ("0039012345", "DBSSSGSG")


def test_the_proposer_has_no_button_and_by_hand_reads_why(client, proposed):
    assert "Approve this account" not in text_of(client.get(change_of(proposed)))
    for answer in (client.get(approve_of(proposed)), client.post(approve_of(proposed))):
        assert answer.status_code == 403
        assert "You proposed this account: somebody else approves it." in text_of(answer)
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_a_second_person_puts_it_in_use(client, proposed, second_finance):
    client.force_login(second_finance)
    assert "Approve this account" in text_of(client.get(change_of(proposed)))
    answer = client.post(approve_of(proposed), {"sure": "yes"})
    assert answer.url == change_of(proposed)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.approved_by) == ("active", second_finance)


def test_others_of_the_staff_neither_propose_nor_approve(client, proposed, mediator):
    client.force_login(mediator)
    answer = client.post(ADD, ACCOUNT)
    assert answer.status_code == 403
    assert "Only the finance office keeps the designated account." in text_of(answer)
    assert client.post(approve_of(proposed)).status_code == 403
    assert DesignatedAccount.objects.get().state == "proposed"


@pytest.mark.parametrize(
    ("bic", "sentence"),
    [
        (
            "DEUTDEFF",
            "This bank is in Germany (DE). The designated account must be in Singapore (SG).",
        ),
        ("DBS", "A BIC has 8 or 11 characters."),
    ],
)
def test_an_account_elsewhere_is_refused(client, finance, bic, sentence):
    client.force_login(finance)
    answer = client.post(ADD, ACCOUNT | {"bic": bic})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not DesignatedAccount.objects.exists()


def test_an_account_is_never_edited(client, proposed):
    assert client.post(change_of(proposed), ACCOUNT | {"bank": "Other"}).status_code == 403
    proposed.refresh_from_db()
    assert proposed.bank == "Demo Bank"


# --- bank statements


def send(client, data, name="statement.xml", mapping=""):
    file = SimpleUploadedFile(name, data)
    return client.post(UPLOAD, {"file": file, "mapping": mapping}, follow=True)


@pytest.fixture
def due(account, signed_order):
    return signed_order.instalments.get(n=1)


def test_each_line_is_shown_with_what_became_of_it_and_why(client, finance, account, due):
    client.force_login(finance)
    data = camt053(
        account,
        [
            (due.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD"),
            ("no reference", usd("12.00"), "SOMEBODY"),
        ],
    )
    page = text_of(send(client, data))
    assert '<span class="chip ok">Matched</span>' in page
    assert "The reference is this instalment&#x27;s." in page
    assert '<span class="chip held">Not matched</span>' in page
    assert "No payment reference of ours, or one that is not known." in page
    assert due.order.code in page
    assert balance(f"escrow:{due.order.ref}") == usd("5580.00")


def test_a_file_read_in_twice_counts_once(client, finance, account, due):
    client.force_login(finance)
    data = camt053(account, [(due.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")])
    send(client, data)
    assert "Read in before." in text_of(send(client, data))
    assert balance(f"escrow:{due.order.ref}") == usd("5580.00")


def test_a_statement_that_does_not_add_up_is_shown_as_quarantined(client, finance, account, due):
    client.force_login(finance)
    entries = [(due.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")]
    page = text_of(send(client, camt053(account, entries, closing=1)))
    assert "Quarantined: it does not add up" in page
    assert '<span class="chip bad">Quarantined</span>' in page
    assert balance(f"escrow:{due.order.ref}") == usd("0")


@pytest.mark.parametrize(
    ("data", "name", "mapping", "sentence"),
    [
        (b"hello", "a.txt", "", "The file is not camt.053, MT940 or a CSV file you described."),
        (b"a,b\n1,2\n", "a.csv", "[1]", "The mapping is a JSON object, in braces."),
        (b"a,b\n1,2\n", "a.csv", "{", "The mapping is a JSON object, in braces."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(client, finance, data, name, mapping, sentence):
    client.force_login(finance)
    answer = send(client, data, name, mapping)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not StatementImport.objects.exists()


def test_a_csv_is_read_by_its_mapping(client, finance, account, due):
    client.force_login(finance)
    mapping = {
        "account": account.account_number,
        "bic": account.bic,
        "currency": "USD",
        "columns": {"Date": "booked_on", "Payer": "payer_name", "Text": "text", "In": "amount"},
        "convention": "signed",
        "date_format": "%d/%m/%Y",
        "opening": "0.00",
        "closing": "5,580.00",
    }
    data = f'Date,Payer,Text,In\n23/11/2026,KIDZONE RETAIL PVT LTD,{due.reference},"5,580.00"\n'
    send(client, data.encode(), "bank.csv", json.dumps(mapping))
    assert StatementLine.objects.get().status == "matched"
    assert balance(f"escrow:{due.order.ref}") == usd("5580.00")


def test_only_the_finance_office_reads_statements_in(client, mediator, account, due):
    client.force_login(mediator)
    data = camt053(account, [(due.reference, usd("5580.00"), "KIDZONE RETAIL PVT LTD")])
    answer = send(client, data)
    assert answer.status_code == 403
    assert "Only the finance office reads in bank statements." in text_of(answer)
    assert not StatementImport.objects.exists()


def test_the_list_of_statements_leads_to_the_upload(client, finance):
    client.force_login(finance)
    page = text_of(client.get(reverse("admin:payments_statementimport_changelist")))
    assert f'href="{UPLOAD}"' in page


# --- reading and finding


@pytest.mark.parametrize("term", ["code", "reference", "5580.00", "US$5,580.00"])
def test_a_payment_is_found_by_code_reference_or_amount(client, finance, funded_order, term):
    known = {
        "code": funded_order.code,
        "reference": Instalment.objects.get(order=funded_order, n=1).reference,
    }
    client.force_login(finance)
    there = reverse("admin:payments_payment_changelist")
    found = client.get(there, {"q": known.get(term, term)}).context["cl"].queryset
    assert list(found) == [Payment.objects.get()]
    assert not client.get(there, {"q": "5581.00"}).context["cl"].queryset.exists()


def test_a_statement_line_is_found_by_its_reference_and_amount(client, finance, funded_order):
    client.force_login(finance)
    there = reverse("admin:payments_statementline_changelist")
    reference = Instalment.objects.get(order=funded_order, n=1).reference
    for term in (reference, "5,580.00", funded_order.code):
        found = client.get(there, {"q": term}).context["cl"].queryset
        assert found.get().amount == usd("5580.00")


def test_a_refund_is_found_by_order_and_amount(client, finance, funded_order, clock, run_clock):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    clock.forward(days=7)
    run_clock()
    client.force_login(finance)
    there = reverse("admin:payments_disbursement_changelist")
    for term in (funded_order.code, "5580.00"):
        found = client.get(there, {"q": term}).context["cl"].queryset
        assert found.get().kind == "refund"


@pytest.mark.parametrize("model", ["payment", "disbursement", "statementline", "statementimport"])
def test_money_is_read_and_never_written_by_hand(client, finance, funded_order, model):
    client.force_login(finance)
    assert client.get(reverse(f"admin:payments_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:payments_{model}_add")).status_code == 403


def test_the_money_lists_are_on_the_first_page_of_every_duty(client, mediator):
    client.force_login(mediator)
    page = text_of(client.get(reverse("admin:index")))
    for model in ("payment", "paymentmethod", "statementimport", "disbursement"):
        assert reverse(f"admin:payments_{model}_changelist") in page
