"""The simulator's events: signed by Standard Webhooks, and sent as badly as one asks for."""

import base64
import json
import logging
import queue
import threading
import time
from dataclasses import dataclass

import urllib3
from standardwebhooks import Webhook

from core import clock

FORGER = base64.b64encode(b"somebody else's secret").decode()
TRIES = 5
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Message:
    """One delivery: the exact bytes and the headers that sign them."""

    body: str
    headers: dict
    wait: int | float = 0


class Events:
    """Signs what happened and delivers it in a thread; without an address it only keeps it."""

    def __init__(self, secret, address=""):
        self.secret, self.address = secret, address
        self.kept, self._held, self._made, self._owed = [], [], 0, 0
        self._queue: queue.Queue[Message | None] = queue.Queue()
        self._thread: threading.Thread | None = None

    def start(self):
        if self.address:
            self._thread = threading.Thread(target=self._deliver, daemon=True)
            self._thread.start()

    def stop(self):
        if self._thread:
            self._queue.put(None)
            self._thread.join()

    def tell(self, what, row, mood):
        """Something happened to a row: sign it, and multiply, forge and shuffle as asked."""
        message = self._sign(what, row, mood["delay"])
        self._held += [message] * (1 + mood["duplicate"])
        self._owed += mood["forge"]
        while self._owed >= 100:
            self._owed -= 100
            self._held.append(self._sign(what, row, 0, forged=True))
        if len(self._held) >= mood["reorder"]:
            self.flush(backwards=mood["reorder"] > 0)

    def flush(self, backwards=False):
        """Send what is held back."""
        held, self._held = self._held, []
        for message in reversed(held) if backwards else held:
            self.kept.append(message)
            self._queue.put(message)

    def _sign(self, what, row, wait, *, forged=False):
        self._made += 1
        number = f"{'forged' if forged else 'evt'}_{self._made:06d}"
        now = clock.real_now()
        about = {"id": row["id"], "status": row["status"], "reference": row["reference"]}
        body = json.dumps({"type": what, "timestamp": now.isoformat(), "data": about})
        signer = Webhook(FORGER if forged else self.secret)
        headers = {
            "content-type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signer.sign(number, now, body),
        }
        return Message(body, headers, wait)

    def _deliver(self):
        with urllib3.PoolManager(retries=False, timeout=10) as pool:
            while (message := self._queue.get()) is not None:
                time.sleep(message.wait)
                self._post(pool, message)

    def _post(self, pool, message):
        for attempt in range(TRIES):
            try:
                answer = pool.request(
                    "POST", self.address, body=message.body, headers=message.headers
                )
            except urllib3.exceptions.HTTPError as error:
                log.warning("the platform could not be reached: %s", error)
            else:
                if answer.status < 500:
                    return
            time.sleep(2**attempt / 4)
