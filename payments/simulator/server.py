"""The simulator's server: provider and bank on one port, and the switch for their misbehaviour."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

from core.money import Money
from payments.simulator import pages
from payments.simulator.bank import Bank, BankAccount
from payments.simulator.books import MADE, Books
from payments.simulator.chargebacks import end_chargeback, open_chargeback
from payments.simulator.events import Events
from payments.simulator.mood import Clash, Wrong
from payments.simulator.settlements import settle
from payments.simulator.store import KINDS, Store

LARGEST = 4 * 1024 * 1024
JSON, HTML = "application/json", "text/html; charset=utf-8"
POLICY = "default-src 'none'; style-src 'self'; form-action *"


class Simulator:
    """Provider and bank on a port of their own: `with Simulator(secret) as it: it.url`.

    `events` is the address that events are posted to; without one they are only kept, for a
    test to deliver them as it likes (`it.events.kept`). `account` is the BankAccount that the
    bank keeps; without one it is the debtor of the first order. `life`: see Store.
    """

    def __init__(
        self, secret, *, events="", host="127.0.0.1", port=0, file=None, account=None, life=""
    ):
        store = Store(file, life)
        self.events = Events(secret, events)
        self.books = Books(self.events.tell, store)
        self.bank = Bank(store, self.books.mood, account)
        self._server = _Server((host, port), _Handler)
        self._server.simulator = self
        self.url = f"http://{host}:{self._server.server_port}"

    def start(self):
        self.events.start()
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()
        return self

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self.events.stop()

    def serve(self):
        """Serve until interrupted."""
        self.events.start()
        self._server.serve_forever()

    def control(self, wanted):
        """Change how it behaves, or let something happen; what happened, by its name."""
        wanted = dict(wanted)
        deeds = self._deeds()
        asked = {name: wanted.pop(name) for name in list(wanted) if name in deeds}
        self.books.mood.change(wanted)
        return {name: deeds[name](about) for name, about in asked.items() if about}

    def _deeds(self):
        books, bank = self.books, self.bank
        return {
            "chargeback": lambda charge: open_chargeback(books, charge),
            "chargeback_won": lambda number: end_chargeback(books, number, "won"),
            "chargeback_lost": lambda number: end_chargeback(books, number, "lost"),
            "arrive": books.arrive,
            "settle": lambda _yes: settle(books, bank),
            "arrive_bank": bank.arrive,
            "cut": bank.cut,
            "flush": lambda _yes: self.events.flush(),
        }

    __enter__ = start

    def __exit__(self, *_error):
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    simulator: Simulator

    def handle_error(self, request, client_address):
        """A client that hung up before the answer is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "PaymentSimulator"

    def do_GET(self):
        parts, query = self._where()
        try:
            match parts:
                case []:
                    self._send(200, pages.page("Payment simulator", pages.INDEX), HTML)
                case ["style.css"]:
                    self._send(200, pages.STYLE, "text/css")
                case ["control"]:
                    self._send(200, vars(self._books.mood))
                case ["v1", *rest]:
                    self._get_books(rest, query)
                case ["bank", *rest]:
                    self._get_bank(rest, query)
                case ["pay", number] if number in self._books.rows["charges"]:
                    self._send(200, pages.pay_page(self._books.rows["charges"][number]), HTML)
                case _:
                    self._unknown()
        except (Wrong, ValueError) as error:
            self._send(422, {"error": str(error)})

    def do_POST(self):
        try:
            self._post(self._where()[0], self._body())
        except Clash as error:
            self._send(409, {"error": str(error)})
        except (Wrong, ValueError) as error:
            self._send(422, {"error": str(error)})

    def _get_books(self, parts, query):
        match parts:
            case ["log"]:
                self._send(200, {"data": self._books.log})
            case [kind] if kind in KINDS and "idempotency_key" in query:
                self._send(200, {"data": self._books.find(kind, query["idempotency_key"])})
            case [kind] if kind in KINDS and query:
                asked = (query.get("since", ""), query.get("after", ""))
                rows, more = self._books.since(kind, *asked)
                self._send(200, {"data": rows, "has_more": more})
            case [kind, number] if kind in KINDS and number in self._books.rows[kind]:
                self._answer(self._books.rows[kind][number])
            case _:
                self._unknown()

    def _get_bank(self, parts, query):
        match parts:
            case []:
                self._send(200, pages.bank_page(self._bank), HTML)
            case ["statements"]:
                self._answer(self._bank.statements(int(query.get("after", "0"))))
            case ["payments", number] if report := self._bank.report(number):
                self._answer(report)
            case _:
                self._unknown()

    def _post(self, parts, body):
        match parts:
            case ["control"]:
                done = self.server.simulator.control(json.loads(body))
                self._send(200, vars(self._books.mood) | {"done": done})
            case ["v1", kind] if kind in MADE:
                self._create(kind, json.loads(body))
            case ["pay", number, ("pay" | "decline") as verb]:
                row = getattr(self._books, verb)(number)
                self._send(303, "", HTML, Location=row["destination"] or f"/pay/{number}")
            case ["bank", *rest]:
                self._post_bank(rest, body)
            case _:
                self._unknown()

    def _post_bank(self, parts, body):
        match parts:
            case []:
                self._bank.receive(_typed(body, self._bank.account_or_wrong().currency))
                self._send(303, "", HTML, Location="/bank/")
            case ["credits"]:
                self._send(200, self._bank.receive(json.loads(body)))
            case ["opening"]:
                self._bank.open(*_opening(json.loads(body)))
                self._send(200, {})
            case ["payments"]:
                self._in_its_mood(lambda: self._pay(body))
            case _:
                self._unknown()

    def _create(self, kind, body):
        key, page = self.headers.get("Idempotency-Key", ""), f"{self.server.simulator.url}/pay/"
        if not key:
            raise Wrong("the header Idempotency-Key is missing")
        self._in_its_mood(lambda: (200, self._books.create(kind, body, key, page)))

    def _pay(self, data):
        new, report = self._bank.pay(data)
        return 201 if new else 200, report

    def _in_its_mood(self, work):
        """Do the work and answer, or fail at it as asked."""
        mood = self._books.mood
        if mood.take("fail_before"):
            self._send(500, {"error": "failed before doing it"})
            return
        status, done = work()
        if mood.take("fail_after"):
            self._send(500, {"error": "failed after doing it"})
        elif mood.take("garbage"):
            self._send(200, "<html>welcome to the proxy</html>", HTML)
        else:
            self._answer(done, status)

    def _answer(self, content, status=200):
        time.sleep(self._books.mood.slow)
        self._send(status, content)

    def _unknown(self):
        self._send(404, {"error": "not found"})

    @property
    def _books(self):
        return self.server.simulator.books

    @property
    def _bank(self):
        return self.server.simulator.bank

    def _where(self):
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        return [part for part in address.path.split("/") if part], query

    def _body(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            raise Wrong("the body is too large")
        return self.rfile.read(length)

    def _send(self, status, content, kind=JSON, **headers):
        data = (json.dumps(content) if kind == JSON else content).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", POLICY)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_words):
        """The books are the log."""


def _opening(told):
    """The account and where its past ended, as `Bank.open` takes them."""
    try:
        words = dict(told)
        past = int(words.pop("balance_minor")), int(words.pop("sequence"))
        return BankAccount(**words), *past
    except (KeyError, TypeError, ValueError) as error:
        raise Wrong(f"this is no account with a past: {error!r}") from error


def _typed(body, currency):
    """What somebody typed into the form of the bank's page."""
    words = dict(parse_qsl(body.decode()))
    return words | {"amount_minor": Money.parse(words.get("amount", ""), currency).minor}
