"""Stands in for Stripe's servers: it checks the wire format, and keeps idempotency keys."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


class StripeStandIn(ThreadingHTTPServer):
    """Sessions, refunds, disputes and payouts as Stripe speaks of them, one answer per key."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.sessions, self.refunds, self.by_key, self.asked = {}, {}, {}, []
        self.disputes, self.payouts, self.movements = {}, {}, []
        self.fail, self.page = 0, 100

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

    def dispute(self, number, status="needs_response", intent="pi_1", **changed):
        """The buyer's bank disputes a payment; Stripe takes the money and 15.00 at once."""
        paid = next(s["payment_intent"] for s in self.sessions.values() if s["payment_intent"])
        paid["latest_charge"]["disputed"] = True
        self.disputes[number] = {
            "id": number,
            "object": "dispute",
            "amount": paid["amount_received"],
            "currency": "usd",
            "payment_intent": intent,
            "status": status,
            "balance_transactions": [{"id": "txn_9", "fee": 15_00, "amount": -6177_00}],
        } | changed

    def listed(self, kind, words):
        """One page of a list, newest first, as the query narrows it down."""
        rows = list(getattr(self, kind).values())[::-1] if kind != "movements" else self.movements
        if intent := words.get("payment_intent"):
            rows = [row for row in rows if _intent(row) == intent]
        if payout := words.get("payout"):
            rows = [row for row in rows if row["payout"] == payout]
        if "starting_after" in words:
            numbers = [row["id"] for row in rows]
            rows = rows[numbers.index(words["starting_after"]) + 1 :]
        page = rows[: self.page]
        return {"object": "list", "data": page, "has_more": len(rows) > len(page)}

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


LISTS = {
    ("checkout", "sessions"): "sessions",
    ("refunds",): "refunds",
    ("disputes",): "disputes",
    ("payouts",): "payouts",
    ("balance_transactions",): "movements",
}


def _intent(row):
    intent = row["payment_intent"] or {}
    return intent["id"] if isinstance(intent, dict) and intent else intent


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        stripe, address = self.server, urlsplit(self.path)
        words = dict(parse_qsl(address.query))
        assert self.headers["Authorization"] == "Bearer sk_test_1"
        _version, *where = address.path.strip("/").split("/")
        if kind := LISTS.get(tuple(where)):
            stripe.asked.append(("LIST", words))
            self._send(200, stripe.listed(kind, words))
            return
        rows = getattr(stripe, LISTS.get(tuple(where[:-1]), "sessions"))
        if where[-1] in rows:
            stripe.asked.append(("GET", words))
            self._send(200, rows[where[-1]])
        else:
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
