"""Stands in for Stripe's servers: it checks the wire format, and keeps idempotency keys."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class StripeStandIn(ThreadingHTTPServer):
    """Checkout sessions and refunds as Stripe's API speaks of them, one answer per key."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.sessions, self.refunds, self.by_key, self.asked = {}, {}, {}, []
        self.fail = 0

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()

    def pay(self, number, **changed):
        """The buyer pays on Stripe's page."""
        session = self.sessions[number]
        charge = {
            "id": "ch_1",
            "object": "charge",
            "disputed": False,
            "balance_transaction": {
                "id": "txn_1",
                "object": "balance_transaction",
                "fee": 189_00,
                "currency": session["currency"],
            },
        }
        intent = {
            "id": "pi_1",
            "object": "payment_intent",
            "status": "succeeded",
            "amount_received": session["amount_total"],
            "latest_charge": charge | changed.pop("charge", {}),
        }
        session |= {"status": "complete", "payment_status": "paid", "url": None}
        session["payment_intent"] = intent | changed

    def make_session(self, words):
        number = f"cs_test_{len(self.sessions) + 1}"
        amount = int(words["line_items[0][price_data][unit_amount]"])
        self.sessions[number] = {
            "id": number,
            "object": "checkout.session",
            "status": "open",
            "payment_status": "unpaid",
            "amount_total": amount,
            "currency": words["line_items[0][price_data][currency]"],
            "client_reference_id": words["client_reference_id"],
            "metadata": {"key": words["metadata[key]"], "reference": words["metadata[reference]"]},
            "payment_intent": None,
            "url": f"https://checkout.stripe.com/c/pay/{number}",
        }
        return 200, self.sessions[number]

    def make_refund(self, words):
        number = f"re_{len(self.refunds) + 1}"
        paid = next(
            s["payment_intent"]
            for s in self.sessions.values()
            if s["payment_intent"] and s["payment_intent"]["id"] == words["payment_intent"]
        )
        if int(words["amount"]) > paid["amount_received"]:
            why = "Refund amount is greater than charge amount."
            return 400, {"error": {"type": "invalid_request_error", "message": why}}
        self.refunds[number] = {
            "id": number,
            "object": "refund",
            "status": "pending",
            "amount": int(words["amount"]),
            "currency": "usd",
            "payment_intent": paid["id"],
            "metadata": {
                name: words[f"metadata[{name}]"] for name in ("key", "reference", "charge")
            },
        }
        return 200, self.refunds[number]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        stripe, address = self.server, urlsplit(self.path)
        words = dict(parse_qsl(address.query))
        assert self.headers["Authorization"] == "Bearer sk_test_1"
        match address.path.strip("/").split("/"):
            case ["v1", "checkout", "sessions"]:
                rows = list(stripe.sessions.values())
                if intent := words.get("payment_intent"):
                    rows = [r for r in rows if (r["payment_intent"] or {}).get("id") == intent]
                self._send(200, {"object": "list", "data": rows[::-1], "has_more": False})
            case ["v1", "refunds"]:
                rows = list(stripe.refunds.values())
                self._send(200, {"object": "list", "data": rows[::-1], "has_more": False})
            case ["v1", "checkout", "sessions", number] if number in stripe.sessions:
                stripe.asked.append(("GET", words))
                self._send(200, stripe.sessions[number])
            case ["v1", "refunds", number] if number in stripe.refunds:
                self._send(200, stripe.refunds[number])
            case _:
                error = {"type": "invalid_request_error", "message": "No such object"}
                self._send(404, {"error": error})

    def do_POST(self):
        stripe, key = self.server, self.headers["Idempotency-Key"]
        words = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        stripe.asked.append((self.path, words))
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        make = {
            "/v1/checkout/sessions": stripe.make_session,
            "/v1/refunds": stripe.make_refund,
        }[self.path]
        if key not in stripe.by_key:
            stripe.by_key[key] = make(words)
        if stripe.fail:
            stripe.fail -= 1
            self._send(500, {"error": {"type": "api_error", "message": "try later"}})
        else:
            self._send(*stripe.by_key[key])

    def _send(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass
