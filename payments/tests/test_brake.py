"""The brake: an audit that fails stops payouts and refunds, two people and a clean one end it."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from core import clock as business
from ledger import checks
from ledger.balances import balance
from ledger.tests.book import as_superuser
from payments import brake, sending, tasks
from payments.models import Disbursement, Pause
from tests.cast import usd
from workflow import approvals
from workflow.errors import NotAllowed, Refused
from workflow.models import Event, Heartbeat

pytestmark = pytest.mark.django_db
SPOIL = "UPDATE orders_instalment SET received_minor = received_minor + 1 WHERE n = 1"
MEND = "UPDATE orders_instalment SET received_minor = received_minor - 1 WHERE n = 1"


def verbs(pause):
    return list(Event.objects.filter(trade_ref=pause.ref).values_list("verb", flat=True))


def test_it_is_pulled_once_and_stays_pulled(finance, second_finance):
    assert brake.is_paused() is None
    pause = brake.pull("Something looks wrong.", by=finance)
    assert brake.pull("Another thing.", by=second_finance) == pause
    assert (Pause.objects.count(), brake.is_paused()) == (1, pause)
    assert (pause.reason, pause.began_by) == ("Something looks wrong.", finance)
    assert verbs(pause) == ["pull_brake"]


def test_asking_whether_it_is_pulled_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        brake.is_paused()


def test_two_people_release_it_when_the_books_are_right(finance, second_finance):
    pause = brake.pull("Something looks wrong.", by=finance)
    approval = approvals.propose(pause, "pause.end", by=finance, reason="Looked at it.")
    approvals.approve(approval, by=second_finance)
    pause.refresh_from_db()
    assert (brake.is_paused(), pause.ended_by) == (None, second_finance)
    assert verbs(pause) == ["pull_brake", "ask_approval", "release_brake"]


def test_one_person_does_not_release_it(finance):
    pause = brake.pull("Something looks wrong.", by=finance)
    with pytest.raises(NotAllowed):
        brake.release(pause, by=finance, proposed_by=finance)
    assert brake.is_paused() == pause


def test_it_is_not_released_while_the_audit_finds_something(funded_order, finance, second_finance):
    pause = brake.pull("Something looks wrong.")
    as_superuser(SPOIL)
    with pytest.raises(Refused) as refusal:
        brake.release(pause, by=second_finance, proposed_by=finance)
    assert refusal.value.code == "audit_failed"
    assert brake.is_paused() == pause
    as_superuser(MEND)
    brake.release(pause, by=second_finance, proposed_by=finance)
    assert brake.is_paused() is None


def test_it_is_released_once(finance, second_finance):
    pause = brake.pull("Something looks wrong.")
    brake.release(pause, by=second_finance, proposed_by=finance)
    with pytest.raises(Refused) as refusal:
        brake.release(pause, by=second_finance, proposed_by=finance)
    assert refusal.value.code == "not_paused"
    assert verbs(pause) == ["pull_brake", "release_brake"]


def test_a_failed_audit_pulls_it_and_names_the_row(funded_order):
    as_superuser(SPOIL)
    pause = brake.heed(checks.run())
    assert pause.reason == (
        f"The audit failed: orders.received: order {funded_order.ref}: its instalments received"
        " 558001, the ledger 558000"
    )
    assert brake.last_audit()[1] is False


def test_a_clean_audit_leaves_it_and_is_remembered():
    assert brake.last_audit() == (None, None)
    assert brake.heed(checks.run()) is None
    at, clean = brake.last_audit()
    assert clean is True
    assert (business.real_now() - at).total_seconds() < 5
    assert Pause.objects.count() == 0


def test_a_later_clean_audit_does_not_release_it(funded_order):
    as_superuser(SPOIL)
    pause = brake.heed(checks.run())
    as_superuser(MEND)
    assert brake.heed(checks.run()) is None
    assert brake.is_paused() == pause
    assert brake.last_audit()[1] is True


def test_while_it_is_pulled_money_comes_in_and_none_leaves(
    funded_order, paid, clock, run_clock, buyer
):
    paid(funded_order.instalments.get(n=2))
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    clock.forward(days=7)
    run_clock()
    brake.pull("Something looks wrong.")
    as_superuser("UPDATE payments_disbursement SET state = 'approved'")
    assert sending.send_due() == 0
    for refund in Disbursement.objects.filter(order=funded_order):
        with pytest.raises(Refused) as refusal:
            sending.submit(refund, by=None)
        assert refusal.value.code == "paused"
    assert balance(f"refund_payable:{buyer.company_id}") == usd("18600.00")
    assert balance("bank:sg_trust") == usd("18600.00")


@pytest.mark.django_db(transaction=True)
def test_the_hourly_task_seals_checks_and_pulls(funded_order):
    tasks.audit()
    assert (brake.is_paused(), brake.last_audit()[1]) == (None, True)
    as_superuser(SPOIL)
    tasks.audit()
    assert brake.is_paused().reason.startswith("The audit failed: orders.received")


@pytest.mark.django_db(transaction=True)
def test_the_command_pulls_it_and_exits_1(funded_order):
    assert audit() == (0, "")
    assert (Pause.objects.count(), Heartbeat.objects.filter(name="audit").count()) == (0, 0)
    as_superuser(SPOIL)
    code, said = audit()
    assert (code, said) == (1, f"Payouts and refunds are paused ({brake.is_paused().ref}).\n")


@pytest.mark.django_db(transaction=True)
def test_a_role_that_may_only_read_says_that_it_could_not_pull_it(funded_order):
    as_superuser(SPOIL)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    try:
        code, said = audit()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
    assert code == 1
    assert said.startswith("Payouts and refunds were NOT paused: cannot execute")
    assert Pause.objects.count() == 0


def audit():
    """The exit code of the command, and what it said on stderr; its report is one JSON text."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("audit_ledger", "--json", stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    assert json.loads(out.getvalue())["ok"] is (code == 0)
    return code, err.getvalue()
