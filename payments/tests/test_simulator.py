"""The simulator keeps straight books however badly it behaves."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import urllib3
from django.core.management import CommandError, call_command
from standardwebhooks import Webhook

from payments.simulator import Simulator
from tests.provider import SECRET

BODY = {"reference": "RF18", "amount_minor": 6177_00, "currency": "USD", "destination": ""}


@pytest.fixture
def ask(simulator):
    """Ask over real HTTP; the status and the JSON (or the text) of the answer."""
    with urllib3.PoolManager(retries=False) as pool:

        def call(method, path, body=None, key="k-1"):
            headers = {"Idempotency-Key": key, "Connection": "close"} if key else {}
            url = f"{simulator.url}{path}"
            answer = pool.request(method, url, json=body, headers=headers, redirect=False)
            is_json = answer.headers["Content-Type"] == "application/json"
            return answer.status, answer.json() if is_json else answer.data.decode()

        yield call


def test_a_key_does_something_once_and_another_request_under_it_is_refused(simulator, ask):
    first = ask("POST", "/v1/charges", BODY)
    assert first[0] == 200
    assert ask("POST", "/v1/charges", BODY) == first
    assert ask("POST", "/v1/charges", BODY | {"amount_minor": 1})[0] == 422
    assert ask("GET", "/v1/charges?idempotency_key=k-1") == (200, {"data": [first[1]]})
    assert ask("GET", "/v1/charges?idempotency_key=k-2") == (200, {"data": []})
    assert ask("GET", f"/v1/charges/{first[1]['id']}") == first
    assert [line["did"] for line in ask("GET", "/v1/log")[1]["data"]] == ["charge.created"]


@pytest.mark.parametrize(
    "body",
    [
        [],
        BODY | {"amount_minor": 0},
        BODY | {"amount_minor": "1"},
        BODY | {"amount_minor": True},
        BODY | {"currency": "usd"},
        {},
    ],
)
def test_a_request_without_sense_does_nothing(simulator, ask, body):
    assert ask("POST", "/v1/charges", body)[0] == 422
    assert ask("POST", "/v1/charges", BODY, key="")[0] == 422
    assert simulator.books.log == []


def test_the_page_has_two_buttons_and_no_field(simulator, ask):
    charge = ask("POST", "/v1/charges", BODY | {"reference": "<b>RF18</b>"})[1]
    where = f"/pay/{charge['id']}"
    page = ask("GET", where)[1]
    assert "US$6,177.00" in page
    assert "&lt;b&gt;RF18" in page
    assert "<input" not in page
    assert page.count("<button") == 2
    assert ask("POST", f"{where}/pay")[0] == 303
    paid = ask("GET", f"/v1/charges/{charge['id']}")[1]
    assert (paid["status"], paid["amount_captured_minor"], paid["fee_minor"]) == (
        "succeeded",
        6177_00,
        166_77,
    )
    assert "<button" not in ask("GET", where)[1]
    assert ask("POST", f"{where}/decline")[0] == 422


def test_refunds_never_exceed_what_is_left_of_the_charge(simulator, ask):
    charge = ask("POST", "/v1/charges", BODY)[1]["id"]
    back = BODY | {"destination": charge, "amount_minor": 6000_00}
    assert ask("POST", "/v1/refunds", back, key="r-0")[0] == 422
    simulator.books.pay(charge)
    assert ask("POST", "/v1/refunds", back, key="r-1")[0] == 200
    assert ask("POST", "/v1/refunds", back, key="r-2")[0] == 422
    assert ask("POST", "/v1/refunds", back | {"amount_minor": 177_00}, key="r-3")[0] == 200
    assert ask("POST", "/v1/refunds", back | {"amount_minor": 1}, key="r-4")[0] == 422
    assert simulator.books.rows["charges"][charge]["refunded_minor"] == 6177_00


def test_it_fails_before_or_after_doing_it_and_the_key_tells_which(simulator, ask):
    ask("POST", "/control", {"fail_before": 1})
    assert ask("POST", "/v1/charges", BODY)[0] == 500
    assert simulator.books.log == []
    ask("POST", "/control", {"fail_after": 1})
    assert ask("POST", "/v1/charges", BODY)[0] == 500
    assert ask("POST", "/v1/charges", BODY)[0] == 200
    assert len(simulator.books.log) == 1


@pytest.mark.parametrize("mood", [{"slwo": 1}, {"slow": -1}, {"decline": 1}, {"duplicate": "2"}])
def test_a_setting_that_it_does_not_have_is_refused(simulator, ask, mood):
    before = ask("GET", "/control")
    assert ask("POST", "/control", mood)[0] == 422
    assert ask("GET", "/control") == before


def test_events_are_signed_and_duplicated_forged_and_reordered_on_request(simulator):
    simulator.control({"duplicate": 1, "forge": 50, "reorder": 5})
    for n in range(2):
        charge = simulator.books.create("charges", BODY, f"k-{n}", "")
        simulator.books.decline(charge["id"])
    kept = simulator.events.kept
    numbers = [message.headers["webhook-id"] for message in kept]
    assert numbers == ["forged_000003", "evt_000002", "evt_000002", "evt_000001", "evt_000001"]
    for message in kept[1:]:
        told = Webhook(SECRET).verify(message.body, message.headers)
        assert told["type"] == "charge.failed"
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(SECRET).verify(kept[0].body, kept[0].headers)


def test_events_are_posted_until_they_are_taken():
    got = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(Webhook(SECRET).verify(body, dict(self.headers)))
            self.send_response(503 if len(got) == 1 else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            pass

    with HTTPServer(("127.0.0.1", 0), Taker) as taker:
        thread = threading.Thread(target=taker.serve_forever, args=[0.02])
        thread.start()
        with Simulator(SECRET, events=f"http://127.0.0.1:{taker.server_port}/") as simulator:
            simulator.control({"decline": True, "delay": 0.01})
            simulator.books.pay(simulator.books.create("charges", BODY, "k", "")["id"])
        taker.shutdown()
        thread.join()
    assert [event["type"] for event in got] == ["charge.failed", "charge.failed"]
    assert got[0] == got[1]


def test_its_books_survive_a_restart(tmp_path):
    file = tmp_path / "books.json"
    with Simulator(SECRET, file=file) as first:
        charge = first.books.create("charges", BODY, "k", "")
    assert json.loads(file.read_text())["log"][0]["id"] == charge["id"]
    with Simulator(SECRET, file=file) as second:
        assert second.books.find("charges", "k") == [charge]


def test_it_does_not_run_in_production_or_without_a_secret(settings):
    with pytest.raises(CommandError, match="TA_SIM_WEBHOOK_SECRET"):
        call_command("payment_simulator", "--secret", "")
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("payment_simulator", "--secret", SECRET)
