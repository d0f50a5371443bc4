"""What can happen to the money of a trade, in any order: the steps of the money properties."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from core import clock
from core.money import Money
from disputes import hearing, rulings
from disputes import operations as disputes
from disputes.models import Dispute
from orders import operations as orders
from orders import shipping
from orders.models import Order
from payments import charges, credit, lateness, receipts
from payments import operations as payments
from payments.models import Payment, ProviderOperation
from payments.policies import tolerance
from payments.simulator.mood import Wrong
from tests.money.market import ACCOUNTS
from tests.money.stage import Stage, step

ORDERS, PICK, SHARE = st.integers(0, 3), st.integers(0, 5), st.sampled_from([25, 50, 100])
LATER = st.sampled_from([0, 0, 0, 1])
JUMPS = [timedelta(hours=1), *(timedelta(days=n) for n in (1, 1, 3, 8, 16, 31, 40))]
TROUBLE = st.sampled_from(["", "", "", "fail_before", "fail_after", "garbage"])


STAGES = ["signed", "deposit", "paid", "shipped", "delivered", "completed"]
FIRST = st.lists(
    st.tuples(st.sampled_from(STAGES), st.sampled_from(["visa", ""])), min_size=4, max_size=4
)


class Incoming(Stage):
    """Money comes in: by transfer, by card, from the buyer's credit."""

    @initialize(stages=FIRST)
    def the_trades_have_come_so_far(self, stages):
        """Each order begins somewhere on its way, paid by card or by transfer."""
        for n, (stage, method) in enumerate(stages):
            reached = STAGES.index(stage)
            if reached:
                self._pay_next(n, method)
            if reached > 1:
                self._pay_next(n, method)
            for _step in range(2, reached):
                self.go_on(n)
        self.look_around()

    def _pay_next(self, n, method):
        if not self.market.order(n).instalments.filter(funded_at=None).exists():
            return
        if method:
            self.charge(n, method, "paid")
            self.deliver_news()
            self.run_money()
        else:
            self.receive(n, "exact", "buyer", "right")
            self.read_bank()

    @step(
        n=ORDERS,
        amount=st.sampled_from(["exact", "exact", "exact", "short", "within", "over"]),
        payer=st.sampled_from(["buyer", "buyer", "buyer", "another"]),
        reference=st.sampled_from(["right", "right", "right", "none", "unknown", "both"]),
        later=LATER,
    )
    def transfer_arrives(self, n, amount, payer, reference, later):
        self.receive(n, amount, payer, reference)
        if not later:
            self.read_bank()

    def receive(self, n, amount, payer, reference):
        order = self.market.order(n)
        parts = list(order.instalments.all())
        part = next((one for one in parts if one.funded_at is None), parts[-1])
        due = part.missing if part.missing.minor > 0 else part.due
        minor = {
            "exact": due.minor, "short": max(1, due.minor // 2), "over": due.minor + 123_45,
            "within": max(1, due.minor - tolerance(due).minor),
        }[amount]  # fmt: skip
        text = {
            "right": part.reference, "none": "for goods", "unknown": "RF18539007547034",
            "both": " ".join(one.reference for one in parts),
        }[reference]  # fmt: skip
        buyer = self.market.buyers.index(self.market.buyer_of(order))
        name = order.buyer.legal_name if payer == "buyer" else "Somebody Else Limited"
        self.simulator.bank.receive(
            {"amount_minor": minor, "payer": name, "account": ACCOUNTS[buyer], "text": text}
        )

    @step()
    def the_bank_is_read(self):
        self.read_bank()

    @step(by_hand=st.booleans())
    def a_statement_is_read_in_again(self, by_hand):
        """By somebody, before or after the program fetched it: each line counts once."""
        if not by_hand:
            self.read_bank()
        self.simulator.bank.statements(0)
        for statement in self.simulator.bank.kept["statements"][-1:]:
            content = statement["content"].encode()
            receipts.import_statement(content, by=self.market.staff[0], file_name="again.xml")
        self.run_money()

    @step(
        n=ORDERS,
        method=st.sampled_from(["visa", "visa", "alipay"]),
        ends=st.sampled_from(["paid", "paid", "paid", "declined", "partial", "open"]),
        trouble=TROUBLE,
        later=LATER,
    )
    def pay_by_card(self, n, method, ends, trouble, later):
        self.charge(n, method, ends, trouble)
        if not later:
            self.deliver_news()
            self.run_money()

    def charge(self, n, method, ends, trouble=""):
        order = self.market.order(n)
        buyer = self.market.buyer_of(order)
        payment = self.attempt(charges.start_charge, order, by=buyer, method=method)
        if payment is None:
            return
        self.simulator.control({trouble: 1} if trouble else {})
        self.run_money()
        self.run_money()
        self._at_the_payment_page(charges.charge_of(payment).external_ref, ends)

    @step(pick=PICK, ends=st.sampled_from(["paid", "declined"]))
    def an_open_payment_page_is_used_after_all(self, pick, ends):
        rows = self.simulator.books.rows["charges"].values()
        waiting = [row["id"] for row in rows if row["status"] == "pending"]
        if waiting:
            self._at_the_payment_page(waiting[pick % len(waiting)], ends)

    @step(order=st.integers(0, 9), twice=st.booleans(), forged=st.booleans())
    def news_arrives(self, order, twice, forged):
        if forged:
            self.simulator.control({"forge": 100})
        self.deliver_news(order, twice)
        self.simulator.control({"forge": 0})
        self.run_money()

    @step("credit", n=ORDERS)
    def credit_is_applied(self, n):
        order = self.market.order(n)
        self.attempt(credit.apply_credit, order, by=self.market.buyer_of(order))

    @step("credit", "cleared", pick=PICK)
    def credit_goes_back(self, pick):
        payment = self.pick(Payment.objects.filter(state="cleared"), pick)
        self.attempt(credit.send_credit_back, payment, by=self.market.staff[0])
        self.run_money()

    @step(n=ORDERS)
    def the_supplier_accepts_less(self, n):
        order = self.market.order(n)
        self.attempt(payments.accept_short, order, by=self.market.supplier_of(order))

    @step("charge", pick=PICK, later=LATER)
    def a_charge_is_taken_back(self, pick, later):
        charge = self.pick(
            ProviderOperation.objects.filter(kind="charge", status="succeeded"), pick
        )
        self._control({"chargeback": charge.external_ref}, later)

    @step("chargeback", pick=PICK, won=st.booleans(), later=LATER)
    def a_chargeback_ends(self, pick, won, later):
        cases = self.simulator.books.rows["chargebacks"].values()
        waiting = [row["id"] for row in cases if row["status"] == "open"]
        if waiting:
            word = "chargeback_won" if won else "chargeback_lost"
            self._control({word: waiting[pick % len(waiting)]}, later)

    def _control(self, wanted, later):
        if self._at_the_provider(self.simulator.control, wanted) and not later:
            self.deliver_news()
            self.run_money()

    def _at_the_provider(self, deed, wanted):
        """Do something there, unless it is over already; whether it was done."""
        try:
            if deed:
                deed(wanted)
        except Wrong:
            return False
        return True

    def _at_the_payment_page(self, number, ends):
        if ends == "partial":
            self.simulator.control({"partial": 12_34})
        end = {"declined": self.simulator.books.decline, "open": None}
        self._at_the_provider(end.get(ends, self.simulator.books.pay), number)


class Trade(Stage):
    """The goods move, people disagree, time passes."""

    @step(n=ORDERS)
    def the_trade_goes_on(self, n):
        self.go_on(n)
        self.run_money()

    def go_on(self, n):
        """The next natural step of an order: ship, arrive, accept."""
        order = self.market.order(n)
        buyer, supplier = self.market.buyer_of(order), self.market.supplier_of(order)
        if order.state == Order.State.SHIPPED:
            self.attempt(orders.confirm_delivery, order, by=buyer)
        elif order.state == Order.State.DELIVERED:
            self.attempt(payments.accept_goods, order, by=buyer)
        else:
            self.attempt(
                shipping.ship, order, by=supplier, carrier="COSCO", claimed_on=clock.now().date(),
                document_type="bill_of_lading", document_number=f"NGB{order.pk:06d}",
            )  # fmt: skip

    @step("late", n=ORDERS, choice=st.sampled_from(["refund", "wait"]))
    def the_buyer_of_a_late_order_chooses(self, n, choice):
        order = self.market.order(n)
        buyer = self.market.buyer_of(order)
        self.attempt(lateness.choose_when_late, order, by=buyer, choice=choice)

    @step(n=ORDERS, share=SHARE)
    def a_dispute_is_filed(self, n, share):
        order = self.market.order(n)
        claimed = Money(max(1, disputes.claimable(order).minor * share // 100))
        self.attempt(
            disputes.file, order, by=self.market.buyer_of(order), reason="quantity",
            statement="Too few.", amount=claimed,
        )  # fmt: skip
        self.run_money()

    @step("dispute", pick=PICK, share=SHARE, answer=st.sampled_from(
        ["withdraw", "concede", "settle", "settle", "offer", "refuse"]))  # fmt: skip
    def a_side_answers(self, pick, share, answer):
        dispute = self.pick(Dispute.objects.open(), pick)
        buyer, supplier = (
            self.market.buyer_of(dispute.order), self.market.supplier_of(dispute.order)
        )  # fmt: skip
        offered = dispute.claimed.share(share)
        if answer == "withdraw":
            self.attempt(disputes.withdraw, dispute, by=buyer)
        elif answer == "concede":
            self.attempt(disputes.concede, dispute, by=supplier)
        elif answer == "refuse":
            self.attempt(disputes.refuse, dispute, by=supplier, reason="It is all there.")
        else:
            self.attempt(disputes.propose, dispute, by=supplier, refund=offered)
            if answer == "settle":
                self.attempt(disputes.accept_offer, dispute, by=buyer, refund=offered)
        self.run_money()

    @step("dispute", pick=PICK, share=SHARE)
    def the_platform_decides(self, pick, share):
        """As far as the case has come: assigned, closed, reviewed, ruled, given."""
        dispute = self.pick(Dispute.objects.open(), pick)
        one, other = self.market.mediators
        self.attempt(rulings.assign, dispute, by=one, mediator=one)
        for side in (dispute.order.buyer, dispute.order.supplier):
            self.attempt(hearing.say_done, dispute, by=side.people.first())
        self.attempt(rulings.review_contract, dispute, by=one, review="It says how many.")
        self.attempt(rulings.compare, dispute, by=one, comparison="Fewer came.", findings={})
        self.attempt(
            rulings.propose_ruling, dispute, by=one, refund=dispute.claimed.share(share),
            fault="supplier", reasons="The count.",
        )  # fmt: skip
        self.attempt(rulings.decide, dispute, by=other)

    @step(passes=st.sampled_from(JUMPS))
    def time_passes(self, passes):
        self.market.clock.move_to(clock.now() + passes)
        self.run_clock()
        self.run_money()
