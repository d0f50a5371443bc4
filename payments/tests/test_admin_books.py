"""Proof in the back office: treasury, debts, comparisons, statements, chargebacks, brake."""

import io
import json
import zipfile

import pytest

from core import clock as business
from disputes.chargebacks import evidence_for
from ledger.balances import balance
from ledger.operations import Move, post
from payments import brake, client_money, reconciling, treasury
from payments.models import (
    Chargeback,
    ClientMoneyStatement,
    Difference,
    Pause,
    ProviderEvent,
    Reconciliation,
    TreasuryTransfer,
)
from payments.tests.office import buttons, do_of, list_of, page_of, text_of
from tests.cast import person, usd
from workflow import approvals
from workflow.models import Approval, OutboxMessage

pytestmark = pytest.mark.django_db

SWEEP = list_of("payments_treasurytransfer") + "sweep/"
DEBTS = list_of("payments_treasurytransfer") + "debts/"
COMPARE = list_of("payments_reconciliation") + "compare/"
PULL = list_of("payments_pause") + "pull/"


@pytest.fixture
def administrator(db):
    return person("noor@ta.example", "Noor Aziz", duty="administrator")


# --- treasury


@pytest.fixture
def margin(account):
    """US$100.00 of our own rests in the trust account."""
    treasury.top_up(usd("100.00"), cause="test")


def test_a_sweep_is_proposed_within_the_margin_and_moves_nothing_yet(client, margin, finance):
    client.force_login(finance)
    assert "US$100.00" in text_of(client.get(SWEEP))
    answer = client.post(SWEEP, {"amount": "100.01", "reason": "Fees of October."})
    assert answer.status_code == 422
    assert not Approval.objects.exists()
    client.post(SWEEP, {"amount": "100.00", "reason": "Fees of October."})
    asked = Approval.objects.get(action="treasury.sweep")
    assert (asked.maker, asked.amount_minor) == (finance, 100_00)
    assert balance("bank:sg_trust") == usd("100.00")


def test_others_propose_no_sweep(client, margin, mediator):
    client.force_login(mediator)
    assert client.post(SWEEP, {"amount": "1.00", "reason": "x"}).status_code == 403
    assert "Propose a sweep" not in text_of(client.get(list_of("payments_treasurytransfer")))
    assert not Approval.objects.exists()


def test_a_transfer_to_be_carried_out_is_listed_and_found_by_its_reference(client, margin, finance):
    transfer = TreasuryTransfer.objects.get()
    client.force_login(finance)
    there = list_of("payments_treasurytransfer")
    assert transfer.reference in text_of(client.get(there, {"queue": "ordered"}))
    for term in (transfer.reference, "100.00"):
        assert list(client.get(there, {"q": term}).context["cl"].queryset) == [transfer]
    assert client.post(page_of(transfer), {"state": "confirmed"}).status_code == 403


@pytest.fixture
def debt(account, supplier):
    """The supplier owes us US$40.00."""
    code = f"receivable_supplier:{supplier.company_id}"
    post("test", key="debt", transfers=[Move(code, "bank:operating", usd("40.00"))])
    return f"{DEBTS}{supplier.company_id}/"


def test_a_debt_is_listed_and_its_end_is_proposed(client, debt, supplier, finance, second_finance):
    client.force_login(finance)
    page = text_of(client.get(DEBTS))
    assert supplier.company.name in page
    assert "US$40.00" in page
    client.post(debt, {"how": "repaid", "amount": "40.00", "reason": "Came in yesterday."})
    asked = Approval.objects.get(action="receivable.settle")
    code = f"receivable_supplier:{supplier.company_id}"
    assert balance(code) == usd("40.00")
    assert "Proposed by Daniel Tan" in text_of(client.get(DEBTS))
    approvals.approve(asked, by=second_finance)
    assert balance(code) == usd("0")


def test_others_settle_no_debt(client, debt, mediator):
    client.force_login(mediator)
    data = {"how": "lost", "amount": "40.00", "reason": "x"}
    assert client.post(debt, data).status_code == 403
    assert "Propose: repaid, or lost" not in text_of(client.get(DEBTS))
    assert not Approval.objects.exists()


# --- comparisons and differences


def test_a_comparison_is_asked_for_and_made_after_the_page(client, margin, finance, run_outbox):
    client.force_login(finance)
    client.post(COMPARE)
    client.post(COMPARE)
    assert OutboxMessage.objects.filter(kind="reconcile").count() == 1
    assert not Reconciliation.objects.exists()
    assert "is being made" in text_of(client.get(list_of("payments_reconciliation")))
    run_outbox()
    run = Reconciliation.objects.get()
    assert (run.asked_by, bool(run.finished_at)) == (finance, True)
    page = text_of(client.get(page_of(run)))
    assert "is not on a statement yet" in page
    assert "is being made" not in text_of(client.get(list_of("payments_reconciliation")))


def test_only_the_finance_office_asks_for_a_comparison(client, mediator):
    client.force_login(mediator)
    assert client.post(COMPARE).status_code == 403
    assert not OutboxMessage.objects.filter(kind="reconcile").exists()


def test_a_difference_is_found_by_its_number(client, margin, finance):
    reconciling.reconcile(by=finance)
    found = Difference.objects.get()
    client.force_login(finance)
    there = list_of("payments_difference")
    assert str(found) in text_of(client.get(there, {"queue": "open"}))
    assert list(client.get(there, {"q": str(found)}).context["cl"].queryset) == [found]
    assert not client.get(there, {"queue": "gone"}).context["cl"].queryset.exists()
    assert client.post(page_of(found), {"text": "none"}).status_code == 403


# --- the daily statement of client money


@pytest.fixture
def statement(margin, clock, run_outbox):
    clock.forward(days=1)
    client_money.make_missing()
    run_outbox()
    return ClientMoneyStatement.objects.get()


def test_the_daily_statement_shows_figures_chain_and_seal_and_is_downloaded(
    client, statement, finance
):
    client.force_login(finance)
    page = text_of(client.get(page_of(statement)))
    assert "US$100.00" in page
    assert "unchanged, and in its place" in page
    assert '<span class="chip ok">unchanged</span>' in page
    answer = client.get(page_of(statement).replace("/change/", "/statement.pdf"))
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_an_altered_statement_shows(client, statement, finance):
    with statement.pdf.open("ab") as pdf:
        pdf.write(b"\n% one more line")
    client.force_login(finance)
    page = text_of(client.get(page_of(statement)))
    assert "This document was altered after it was sealed." in page


def test_others_do_not_download_it(client, statement, mediator):
    client.force_login(mediator)
    assert client.get(page_of(statement).replace("/change/", "/statement.pdf")).status_code == 403


# --- chargebacks and providers


@pytest.fixture
def chargeback(funded_order):
    return Chargeback.objects.create(
        order=funded_order,
        payment=funded_order.payments.get(),
        provider="stripe",
        external_ref="dp_1",
        amount_minor=5580_00,
        fee_minor=15_00,
        currency="USD",
        taken={f"escrow:{funded_order.ref}": 5580_00},
        evidence=evidence_for(funded_order),
    )


def test_a_chargeback_shows_who_bore_it_and_its_evidence_is_taken_out(
    client, chargeback, finance, run_outbox
):
    run_outbox()
    client.force_login(finance)
    page = text_of(client.get(page_of(chargeback)))
    assert f"escrow:{chargeback.order.ref}" in page
    answer = client.get(page_of(chargeback).replace("/change/", "/evidence.zip"))
    assert answer["X-Content-Type-Options"] == "nosniff"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["evidence.json", "contract.pdf"]
    assert json.loads(archive.read("evidence.json"))["order"] == chargeback.order.code
    assert archive.read("contract.pdf").startswith(b"%PDF-")


def test_a_chargeback_is_read_only_and_its_evidence_is_not_for_everybody(client, chargeback):
    client.force_login(person("v@ta.example", "Vera", duty="verifier"))
    assert client.get(page_of(chargeback).replace("/change/", "/evidence.zip")).status_code == 403
    client.force_login(person("f@ta.example", "Fin", duty="finance"))
    assert client.post(page_of(chargeback), {"outcome": "won"}).status_code == 403
    chargeback.refresh_from_db()
    assert chargeback.outcome == "open"


def test_what_a_provider_said_is_found_by_its_number(client, finance):
    ProviderEvent.objects.create(
        provider="stripe", event_id="evt_1", kind="charge", external_ref="ch_9",
        body_sha256="0" * 64,
    )  # fmt: skip
    client.force_login(finance)
    there = list_of("payments_providerevent")
    for term in ("evt_1", "ch_9"):
        assert client.get(there, {"q": term}).context["cl"].queryset.count() == 1
    assert client.get(there, {"q": "ch_8"}).context["cl"].queryset.count() == 0


@pytest.mark.parametrize(
    "model",
    ["bankfile", "bankaccount", "chargeback", "clientmoneystatement", "difference", "pause",
     "payment", "provideroperation", "providerevent", "providersettlement", "reconciliation",
     "treasurytransfer", "approvallimit", "paymentmethod"],
)  # fmt: skip
def test_every_list_opens_and_adds_nothing(client, finance, model):
    client.force_login(finance)
    there = list_of(f"payments_{model}")
    assert client.get(there).status_code == 200
    assert client.get(there, {"q": "5,580.00"}).status_code == 200
    assert client.post(there + "add/").status_code == 403


# --- the brake


@pytest.mark.parametrize("who", ["finance", "administrator"])
def test_one_person_pulls_the_brake_with_a_reason(client, request, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    assert client.post(PULL, {"reason": " "}).status_code == 422
    assert brake.is_paused() is None
    client.post(PULL, {"reason": "The bank called."})
    assert (brake.is_paused().reason, brake.is_paused().began_by) == ("The bank called.", user)
    assert "The brake is pulled: The bank called." in text_of(client.get(list_of("payments_pause")))


def test_others_neither_pull_nor_release_it(client, mediator, finance):
    client.force_login(mediator)
    assert "Pull the brake" not in text_of(client.get(list_of("payments_pause")))
    assert client.post(PULL, {"reason": "x"}).status_code == 403
    assert not Pause.objects.exists()
    pause = brake.pull("The bank called.", by=finance)
    assert buttons(client, pause) == []
    assert client.post(do_of(pause, "release"), {"reason": "x"}).status_code == 403
    assert brake.is_paused() == pause
    assert not Approval.objects.exists()


def test_two_people_release_it(client, finance, administrator):
    pause = brake.pull("The bank called.", by=finance)
    client.force_login(finance)
    assert buttons(client, pause) == ["release"]
    client.post(do_of(pause, "release"), {"reason": "It was a mistake."})
    asked = Approval.objects.get(action="pause.end")
    assert brake.is_paused() == pause
    assert buttons(client, pause) == []
    approvals.approve(asked, by=administrator)
    assert brake.is_paused() is None
    pause.refresh_from_db()
    assert pause.ended_at <= business.now()
