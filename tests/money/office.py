"""What the finance office and the bank do in the money properties: out, back, and by the way."""

from datetime import timedelta

from hypothesis import strategies as st

from accounts.models import Company
from core import clock
from core.money import Money
from ledger.balances import balance, trust_position
from orders.models import Instalment
from payments import disbursing, reviewing, sending, treasury
from payments.models import Disbursement, Payment, StatementLine
from payments.simulator.mood import Wrong
from tests.money.rules import ORDERS, PICK
from tests.money.stage import Stage, step

REASON = "As agreed."


class Office(Stage):
    """Money leaves, comes back, and is looked at by staff."""

    @step("requested", how_many=st.sampled_from([1, 9, 9]), send=st.booleans())
    def payments_out_are_approved(self, how_many, send):
        rows = Disbursement.objects.filter(state="requested").order_by("pk")
        for row in rows[:how_many]:
            self.both_sign(disbursing.ask_to_send, row)
        if send:
            self.money_is_sent()

    @step(read=st.booleans())
    def a_day_at_the_office(self, read):
        """All that waits is approved, the waiting time passes, and it is sent."""
        for row in Disbursement.objects.filter(state="requested").order_by("pk"):
            self.both_sign(disbursing.ask_to_send, row)
        self.market.clock.move_to(clock.now() + timedelta(days=1))
        self.run_clock()
        self.money_is_sent()
        if read:
            self.read_bank()

    def money_is_sent(self):
        sending.send_due()
        self.run_money()

    @step("failed", pick=PICK, by_transfer=st.booleans())
    def what_came_back_is_tried_again(self, pick, by_transfer):
        row = self.pick(Disbursement.objects.filter(state="failed"), pick)
        self.attempt(disbursing.retry, row, by=self.market.staff[0], by_transfer=by_transfer)

    @step("unsent", pick=PICK, then=st.sampled_from(["hold", "unhold", "look"]))
    def the_office_holds_one(self, pick, then):
        rows = Disbursement.objects.filter(state__in=["requested", "on_hold", "approved"])
        if not (row := self.pick(rows, pick)):
            return
        by = self.market.staff[0]
        if then == "hold":
            self.attempt(disbursing.hold, row, by=by, reason=REASON)
        elif then == "unhold":
            self.attempt(disbursing.unhold, row, by=by)
        else:
            disbursing.reconsider(Disbursement.objects.all())
            self.run_money()

    @step(trouble=st.sampled_from(["bank_reject", "bank_bounce", "bank_late"]))
    def the_bank_is_in_a_bad_mood(self, trouble):
        self.simulator.control({trouble: True if trouble == "bank_late" else 1})

    @step()
    def late_debits_are_booked(self):
        self.simulator.control({"bank_late": False, "arrive_bank": True})
        self.read_bank()

    @step("charge")
    def the_provider_settles(self):
        try:
            self.simulator.control({"settle": True})
        except Wrong:
            return
        self.read_bank()

    @step(share=st.sampled_from([50, 100, 101]))
    def the_margin_is_swept(self, share):
        amount = Money(trust_position().surplus.minor * share // 100)
        self.both_sign(treasury.ask_to_sweep, self.market.account, amount=amount, reason=REASON)

    @step("treasury")
    def our_own_transfers_are_booked(self):
        self.carry_out_treasury()
        self.read_bank()

    @step(minor=st.sampled_from([1, 12_34]), book=st.booleans())
    def the_bank_takes_charges(self, minor, book):
        self.simulator.bank.book(minor, credit=False, name="", text="CHARGES")
        self.read_bank()
        line = StatementLine.objects.filter(status="suspense", is_credit=False).first()
        if book and line:
            self.book_charges(line)

    @step("suspense", pick=PICK)
    def a_receipt_is_our_own_money(self, pick):
        line = self.pick(self._receipts(), pick)
        self.both_sign(treasury.ask_to_book_own, line, what="own", reason=REASON)

    @step("suspense", pick=PICK, n=ORDERS, share=st.sampled_from([50, 100]))
    def a_receipt_is_counted(self, pick, n, share):
        line, order = self.pick(self._receipts(), pick), self.market.order(n)
        part = Instalment.objects.filter(order=order, funded_at=None).first()
        if part:
            parts = [(part.reference, max(1, line.left_minor * share // 100))]
            self.both_sign(reviewing.match_line, line, parts=parts, reason=REASON)

    @step("suspense", pick=PICK)
    def a_receipt_goes_back(self, pick):
        line = self.pick(self._receipts(), pick)
        self.both_sign(reviewing.return_line, line, reason=REASON)
        self.run_money()

    @step("review", pick=PICK, counts=st.booleans())
    def a_payment_is_reviewed(self, pick, counts):
        payment = self.pick(Payment.objects.filter(state="review"), pick)
        ask = reviewing.ask_to_clear if counts else reviewing.ask_to_return
        self.both_sign(ask, payment, reason=REASON)
        self.run_money()

    @step("debt", how=st.sampled_from(["repaid", "lost"]))
    def a_suppliers_debt_ends(self, how):
        for supplier in Company.objects.filter(sells=True):
            owed = balance(f"receivable_supplier:{supplier.pk}")
            if owed.minor > 0:
                self.both_sign(
                    treasury.ask_to_settle_debt, supplier, amount=owed, how=how, reason=REASON
                )

    @step()
    def the_books_are_compared(self):
        self.compare()

    def _receipts(self):
        return StatementLine.objects.filter(status="suspense", left_minor__gt=0)
