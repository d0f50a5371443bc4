"""The simulator's server: its API, its payment page, and the switch for its misbehaviour."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from payments.simulator import pages
from payments.simulator.books import KINDS, Books, Wrong
from payments.simulator.events import Events

LARGEST = 64 * 1024
JSON, HTML = "application/json", "text/html; charset=utf-8"
POLICY = "default-src 'none'; style-src 'self'; form-action *"


class Simulator:
    """A provider on a port of its own: `with Simulator(secret) as provider: provider.url`.

    `events` is the address that events are posted to; without one they are only kept, for a
    test to deliver them as it likes (`provider.events.kept`).
    """

    def __init__(self, secret, *, events="", host="127.0.0.1", port=0, file=None):
        self.events = Events(secret, events)
        self.books = Books(self.events.tell, file)
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
        """Change how it behaves, or let something happen: chargeback, arrive, flush."""
        wanted = dict(wanted)
        deeds = {"chargeback": self.books.charge_back, "arrive": self.books.arrive}
        done = {name: wanted.pop(name) for name in list(wanted) if name in deeds}
        flush = wanted.pop("flush", False)
        self.books.mood.change(wanted)
        for name, number in done.items():
            deeds[name](number)
        if flush:
            self.events.flush()

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
        books, (parts, query) = self._books, self._where()
        match parts:
            case []:
                self._send(200, pages.page("Payment simulator", _INDEX), HTML)
            case ["style.css"]:
                self._send(200, pages.STYLE, "text/css")
            case ["control"]:
                self._send(200, vars(books.mood))
            case ["v1", "log"]:
                self._send(200, {"data": books.log})
            case ["v1", kind] if kind in KINDS:
                key = query.get("idempotency_key", [""])[0]
                self._send(200, {"data": books.find(kind, key)})
            case ["v1", kind, number] if kind in KINDS and number in books.rows[kind]:
                self._answer(books.rows[kind][number])
            case ["pay", number] if number in books.rows["charges"]:
                self._send(200, pages.pay_page(books.rows["charges"][number]), HTML)
            case _:
                self._send(404, {"error": "not found"})

    def do_POST(self):
        try:
            self._post(self._where()[0], self._body())
        except (Wrong, ValueError) as error:
            self._send(422, {"error": str(error)})

    def _post(self, parts, body):
        match parts:
            case ["control"]:
                self.server.simulator.control(json.loads(body))
                self._send(200, vars(self._books.mood))
            case ["v1", kind] if kind in KINDS:
                self._create(kind, json.loads(body))
            case ["pay", number, ("pay" | "decline") as verb]:
                row = getattr(self._books, verb)(number)
                self._send(303, "", HTML, Location=row["destination"] or f"/pay/{number}")
            case _:
                self._send(404, {"error": "not found"})

    def _create(self, kind, body):
        mood, key = self._books.mood, self.headers.get("Idempotency-Key", "")
        if not key:
            raise Wrong("the header Idempotency-Key is missing")
        if mood.take("fail_before"):
            self._send(500, {"error": "failed before doing it"})
            return
        row = self._books.create(kind, body, key, f"{self.server.simulator.url}/pay/")
        if mood.take("fail_after"):
            self._send(500, {"error": "failed after doing it"})
        elif mood.take("garbage"):
            self._send(200, "<html>welcome to the proxy</html>", HTML)
        else:
            self._answer(row)

    def _answer(self, row):
        time.sleep(self._books.mood.slow)
        self._send(200, row)

    @property
    def _books(self):
        return self.server.simulator.books

    def _where(self):
        address = urlsplit(self.path)
        return [part for part in address.path.split("/") if part], parse_qs(address.query)

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


_INDEX = "<p>It is running. What it did is listed at <a href='/v1/log'>/v1/log</a>.</p>"
