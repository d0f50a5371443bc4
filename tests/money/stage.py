"""One example of the money properties: its own provider and bank, its steps, and its end."""

import base64
import random
from functools import wraps

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from ledger.models import Journal
from payments import bank_channel, treasury
from payments.models import StatementLine, TreasuryTransfer
from payments.simulator import BankAccount, Simulator
from tests.money import books
from workflow import approvals, deadlines, outbox
from workflow.errors import Refused
from workflow.models import Approval, OutboxMessage

SECRET = base64.b64encode(b"only the simulator and we know it").decode()
WAITS = ("NoAnswer(", "TooEarly(", "Unclear(")  # what the outbox tries again, as it should
ROUNDS = 12
HAVE = {
    "dispute": "disputes_dispute WHERE state NOT IN ('settled', 'withdrawn', 'enforced')",
    "requested": "payments_disbursement WHERE state = 'requested'",
    "failed": "payments_disbursement WHERE state = 'failed'",
    "unsent": "payments_disbursement WHERE state IN ('requested', 'on_hold', 'failed')",
    "charge": "payments_provideroperation WHERE kind = 'charge' AND status = 'succeeded'",
    "chargeback": "payments_chargeback WHERE outcome = 'open'",
    "review": "payments_payment WHERE state = 'review'",
    "suspense": "payments_statementline WHERE status = 'suspense' AND left_minor > 0",
    "debit": "payments_statementline WHERE status = 'suspense' AND NOT is_credit",
    "cleared": "payments_payment WHERE state = 'cleared'",
    "credit": "ledger_account WHERE code LIKE 'buyer_credit:%' AND balance_minor > 0",
    "treasury": "payments_treasurytransfer WHERE state = 'ordered'",
    "debt": "ledger_balance WHERE code LIKE 'receivable_supplier:%' AND debit_minor > 0",
    "late": "orders_order WHERE late_since IS NOT NULL",
}
SEEN = " UNION ALL ".join(
    f"SELECT '{name}' WHERE EXISTS (SELECT FROM {where})"  # noqa: S608 (all of it is written here)
    for name, where in HAVE.items()
)


def step(*needs, **strategies):
    """A rule that is possible once the rows it `needs` are there; the books hold after it."""

    def wrap(deed):
        @wraps(deed)
        def run(self, **drawn):
            self.sound = False
            deed(self, **drawn)
            self.look_around()
            self.sound = True

        made = rule(**strategies)(run)
        return precondition(lambda self: set(needs) <= self.have)(made) if needs else made

    return wrap


class Stage(RuleBasedStateMachine):
    """Opens a savepoint and a simulator of its own; at the end everything is heard and compared."""

    def __init__(self, market):
        super().__init__()
        self.market, self.have, self.sound = market, set(), True
        self.carried_out = set()
        self.savepoint = transaction.atomic()
        self.savepoint._from_testcase = True  # as a test's own: calls to the provider may leave
        self.savepoint.__enter__()
        self.start = market.clock.file.read_text()
        account = market.account
        opened = BankAccount(account.account_number, account.bic, account.currency)
        self.simulator = Simulator(SECRET).start()
        self.simulator.bank.open(opened, books.OPENING, 0)
        market.settings.PAYMENT_PROVIDERS = {
            "http_sim": {"url": self.simulator.url, "secret": SECRET, "timeout": 5}
        }

    def teardown(self):
        try:
            if self.sound:
                self.wind_up()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)
            self.simulator.stop()
            self.market.clock.file.write_text(self.start)

    # --- how a step is made

    def attempt(self, operation, *args, **details):
        """Do it as the rules allow. A refusal leaves nothing behind."""
        self.run_clock()
        before = Journal.objects.count()
        try:
            return operation(*args, **details)
        except Refused as refusal:
            if Journal.objects.count() != before:
                raise AssertionError("It was refused, and moved money.") from refusal
            return None

    def both_sign(self, asked, *args, **details):
        """One of the finance office proposes, another approves."""
        proposal = self.attempt(asked, *args, by=self.market.staff[0], **details)
        if isinstance(proposal, Approval):
            self.attempt(approvals.approve, proposal, by=self.market.staff[1])

    def run_clock(self):
        while due := deadlines.claim(100):
            for pk in due:
                deadlines.fire(pk)

    def run_money(self):
        """Deliver what waits in the money lane, once each; only unclear answers may wait."""
        waiting = OutboxMessage.objects.filter(delivered_at=None, lane="money").order_by("pk")
        for pk in waiting.values_list("pk", flat=True):
            if not outbox.deliver(pk):
                told = OutboxMessage.objects.get(pk=pk).last_error
                assert told.startswith(WAITS), told

    def deliver_news(self, order=0, twice=False):
        """Post the provider's events in some order, some of them twice."""
        messages, self.simulator.events.kept = self.simulator.events.kept, []
        messages *= 2 if twice else 1
        if order:
            random.Random(order).shuffle(messages)
        for message in messages:
            answer = self.market.client.post(
                "/webhooks/http_sim/", message.body, content_type="application/json",
                headers=message.headers,
            )  # fmt: skip
            forged = message.headers["webhook-id"].startswith("forged")
            assert answer.status_code == (400 if forged else 200)

    def read_bank(self):
        bank_channel.fetch_statements()
        self.run_money()

    def pick(self, rows, n):
        """The n-th of some rows, counted round; None of none."""
        found = list(rows.order_by("pk"))
        return found[n % len(found)] if found else None

    def look_around(self):
        books.check_always()
        self.have = {name for (name,) in books.rows(SEEN.replace("%", "%%"))}

    # --- the end

    def calm_down(self):
        """No bad mood any more; what provider and bank take as fees stays."""
        fees = {"fee_basis_points", "chargeback_fee", "bank_bounce_fee"}
        moods = vars(self.simulator.books.mood).items()
        self.simulator.control({name: type(now)(0) for name, now in moods if name not in fees})

    def hear_everything(self):
        """Whatever is on its way arrives: news, answers, transfers, statements."""
        self.calm_down()
        for _round in range(ROUNDS):
            before = self._counts()
            self.simulator.control({"arrive_bank": True, "flush": True})
            self.deliver_news()
            self.run_money()
            self.read_bank()
            if before == self._counts():
                break
        else:
            raise AssertionError("It does not come to rest.")
        waiting = OutboxMessage.objects.filter(delivered_at=None, lane="money")
        assert not waiting.exists(), [(one.kind, one.last_error) for one in waiting]

    def compare(self):
        """After everything is heard, provider, bank and ledger say the same."""
        self.hear_everything()
        books.check_provider(self.simulator)
        books.check_bank(self.simulator)

    def carry_out_treasury(self):
        """The bank books our own transfers into and out of the trust account."""
        for transfer in TreasuryTransfer.objects.filter(state="ordered").order_by("pk"):
            if transfer.pk not in self.carried_out:
                self.carried_out.add(transfer.pk)
                self.simulator.bank.book(
                    transfer.amount_minor, credit=transfer.kind == "top_up",
                    name="Trade Assurance", text=transfer.reference,
                )  # fmt: skip

    def book_charges(self, line):
        self.both_sign(treasury.ask_to_book_own, line, what="charges", reason="The bank's fee.")

    def wind_up(self):
        """Settle everything cleanly; then nothing differs anywhere, and the audit is content."""
        self.compare()
        for _round in range(2):
            self.carry_out_treasury()
            self.hear_everything()
            for line in StatementLine.objects.filter(status="suspense", is_credit=False):
                self.book_charges(line)
        self.look_around()
        self.compare()
        books.check_reconciled()
        books.check_audit()

    def _counts(self):
        return (
            Journal.objects.count(),
            OutboxMessage.objects.filter(delivered_at=None, lane="money").count(),
            len(self.simulator.bank.kept["statements"]),
            len(self.simulator.events.kept),
        )
