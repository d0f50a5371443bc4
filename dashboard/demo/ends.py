"""Stories that are over, or in dispute: released, refunded, settled, or being decided."""

from datetime import timedelta

from core.money import Money
from dashboard.demo.trade import BUYER, SUPPLIER, Trade
from disputes import hearing, rulings
from disputes import operations as disputes
from inspections import operations as inspections


def stories(world):
    """All of them, ready to be played."""
    told = (
        power_banks_in_dispute, lamps_being_decided, lamps_refunded, tiles_released,
        sweaters_taken_as_they_are, kids_bottles_settled, sleepsuits_conceded,
    )  # fmt: skip
    return [story(world) for story in told]


def power_banks_in_dispute(world):
    """17,900 mAh instead of 20,000 ± 3 %: an offer and a counter-offer, day 13 of 15."""
    trade = Trade(world, "ravi", "power-bank-20000", began=42)
    yield from trade.to_report(
        500, 26, ship_in=25, report={"found": {"capacity": "17850 17950 17900 17880 17920"}}
    )
    yield world.present - timedelta(days=12, hours=1)
    file(trade, "1770.00", "capacity", "Mean capacity 17,900 mAh: 1,500 under the lower limit.")
    yield trade.on(33, 11)
    disputes.propose(
        trade.dispute, by=trade.supplier, refund=Money.parse("400"),
        note="我们愿意退还 400 美元，其余照常发货。 (US$400 back, and we ship the rest.)",
    )  # fmt: skip
    yield trade.on(37, 11)
    hearing.add_evidence(
        trade.dispute,
        by=trade.buyer,
        text="Discharge curves of five pieces.",
    )
    disputes.propose(
        trade.dispute, by=trade.buyer, refund=Money.parse("1200"),
        note="A bank of 17,900 mAh sells for a third less. US$1,200, and we keep the goods.",
    )  # fmt: skip


def lamps_being_decided(world):
    """Colour rendering of 82 instead of 90: the supplier refused, Meera decides."""
    trade = Trade(world, "neha", "desk-lamp", began=60)
    yield from trade.to_report(1500, 30, ship_in=30, report={"found": {"cri": "82 81 83 82 82"}})
    yield trade.on(34, 10)
    file(trade, "2340.00", "cri", "The index is 82. Our customers are tailors: they need 90.")
    yield trade.on(38, 11)
    disputes.refuse(
        trade.dispute, by=trade.supplier, reason="The customer's old sample also had about 80."
    )
    meera = world.people["meera"]
    yield trade.on(39, 10)
    rulings.assign(trade.dispute, by=meera, mediator=meera)
    yield trade.on(41, 10)
    hearing.add_evidence(
        trade.dispute, by=trade.buyer, text="The signed contract, line 4: at least 90 Ra."
    )
    yield trade.on(43, 10)
    hearing.add_evidence(
        trade.dispute, by=trade.supplier, text="样灯测试记录 (test record of the old sample)."
    )
    yield world.day(4, 11)
    rulings.review_contract(
        trade.dispute, by=meera, review="Line 4 asks for 90 Ra or more, CIE 13.3, 5 pieces per lot."
    )


def lamps_refunded(world):
    """Never shipped, nobody chose: everything held went back by the clock."""
    trade = Trade(world, "neha", "desk-lamp", began=50)
    yield from trade.to_money(700, ship_in=-11)
    yield trade.on(40, 11)
    trade.say(BUYER, "क्या सामान निकल गया?", "Have the goods left?")


def tiles_released(world):
    """960 m² delivered, checked and accepted: the money is the supplier's."""
    trade = Trade(world, "imran", "porcelain-tile-600", began=110)
    yield from trade.to_shipment(960, 28, ship_in=-72)
    yield trade.on(62, 12)
    trade.deliver()
    yield trade.on(70, 15)
    trade.accept_goods()
    trade.say(BUYER, "Flat, one shade, two broken tiles in 960 m². Thank you.")


def sweaters_taken_as_they_are(world):
    """Heavier than agreed: the buyer waived the line and took them."""
    trade = Trade(world, "asha", "school-sweater", began=95)
    heavy = {"found": {"fabric": "296 297 298"}}
    yield from trade.to_report(500, 28, ship_in=-55, report=heavy)
    yield trade.on(31, 11)
    differing = trade.visit.results.filter(result="differs").values_list("pk", flat=True)
    inspections.accept_despite(trade.visit, by=trade.buyer, waived=list(differing))
    trade.say(BUYER, "3 g too heavy is fine for winter. I take them as they are.")
    trade.announce()
    yield trade.on(34, 9)
    trade.arrive(2)
    yield trade.on(35, 15)
    trade.ship()
    yield trade.on(66, 12)
    trade.deliver()
    yield trade.on(71, 15)
    trade.accept_goods()


def kids_bottles_settled(world):
    """A volume under the limit: the supplier offered a part back, the buyer took it."""
    trade = Trade(world, "kavita", "kids-bottle", began=120)
    yield from trade.to_report(1000, 24, ship_in=-85, report={"found": {"volume": "338 339 338"}})
    yield trade.on(28, 10)
    file(trade, "1080.00", "volume", "338 ml: four and a half below the lower limit.")
    yield trade.on(30, 11)
    disputes.propose(
        trade.dispute, by=trade.supplier, refund=Money.parse("300"), note="US$300 for the volume."
    )
    yield trade.on(31, 11)
    disputes.accept_offer(trade.dispute, by=trade.buyer, refund=trade.dispute.offer)


def sleepsuits_conceded(world):
    """The wrong colour: the supplier granted the claim in full."""
    trade = Trade(world, "asha", "muslin-sleepsuit", began=150)
    yield from trade.to_report(600, 24, ship_in=-110, report={"found": {"colour": "3.1 3.4 3.2"}})
    yield trade.on(28, 10)
    file(trade, "918.00", "colour", "ΔE 3.4: twice what was agreed. It looks yellow.")
    yield trade.on(29, 11)
    trade.say(SUPPLIER, "颜色确实有误，我们全额退款。", "The colour is wrong. We refund all.")
    disputes.concede(trade.dispute, by=trade.supplier)


def file(trade, amount, key, statement):
    """The buyer disputes an amount over the line with that key."""
    trade.dispute = disputes.file(
        trade.order,
        by=trade.buyer,
        reason="quality",
        statement=statement,
        amount=Money.parse(amount),
        lines=[trade.contract.lines.get(template_key=key)],
    )
