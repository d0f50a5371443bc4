"""Stories that stand before the money: drafts, requests, contracts, payments awaited or lapsed."""

from contracts import drafting
from contracts import operations as contracts
from dashboard.demo.trade import BUYER, SUPPLIER, Trade
from orders import operations as orders


def stories(world):
    """All of them, ready to be played."""
    told = (
        romper_request, sweater_draft, sweaters_waiting, rompers_being_written,
        gift_boxes_countered, shoe_boxes_offered, mats_half_signed, lamps_to_be_paid,
        chargers_short, wall_tiles_unmatched, mats_cancelled, mugs_declined,
        night_lights_unanswered, floor_lamps_unpaid,
    )  # fmt: skip
    return [story(world) for story in told]


def romper_request(world):
    """The main example, fresh: 3,000 rompers at US$6.20, 30 % first, FOB Ningbo."""
    trade = Trade(world, "asha", "organic-cotton-romper", began=0)
    yield trade.on(0, 8)
    trade.place(3000, ship_in=60, deposit=30)
    trade.say(
        BUYER,
        "Hello Lin, 3,000 rompers as last time: organic cotton 200 g/m², Pantone 1935 D, YKK "
        "zipper. Our three drawings follow with the contract.",
    )


def sweater_draft(world):
    """A draft that only Asha sees."""
    trade = Trade(world, "asha", "school-sweater", began=1)
    yield trade.on(0)
    trade.draft(400, ship_in=75)


def sweaters_waiting(world):
    """Placed two days ago: the supplier has not answered."""
    trade = Trade(world, "asha", "school-sweater", began=2)
    yield trade.on(0)
    trade.place(800, ship_in=70)
    trade.say(BUYER, "Same navy as in spring, sizes 110 to 164. Can you ship before the term?")


def rompers_being_written(world):
    """Asha writes; "good quality" and two open lines keep the clarity at about 75."""
    trade = Trade(world, "asha", "organic-cotton-romper", began=4)
    yield trade.on(0)
    trade.place(1500, ship_in=65)
    yield trade.on(1, 9)
    trade.accept()
    trade.say(
        SUPPLIER,
        "可以接单。请写明面料克重、颜色编号和尺寸公差。",
        "We can take it. Please write down the fabric weight, the colour code and the size "
        "tolerances.",
    )
    yield trade.on(2, 11)
    trade.write(fabric="good quality cotton, soft", care_label="", design="", zipper="good brand")
    trade.say(BUYER, "I am writing it now. The care label drawing comes tomorrow.")


def gift_boxes_countered(world):
    """Asha proposed version 1; the supplier answers with version 2 and writes it."""
    trade = Trade(world, "asha", "gift-box", began=6)
    yield trade.on(0)
    trade.place(2000, ship_in=40, mode="sea")
    yield trade.on(1, 9)
    trade.accept()
    yield trade.on(2, 14)
    trade.write()
    trade.propose()
    yield trade.on(3, 11)
    trade.counter(SUPPLIER)
    line = trade.contract.lines.get(template_key="board")
    drafting.write_line(trade.contract, by=trade.supplier, line=line, tolerance_minus="6 %")
    drafting.set_terms(trade.contract, by=trade.supplier, over_percent=2, under_percent=2)
    trade.say(
        SUPPLIER,
        "灰板克重的下公差请改为 6%，数量允许 ±2%。",
        "Please allow 6 % less board weight, and 2 % more or less in the quantity.",
    )


def shoe_boxes_offered(world):
    """The supplier wrote the contract and offers it: nobody has signed yet."""
    trade = Trade(world, "ravi", "shoe-box", began=3)
    yield trade.on(0)
    trade.place(5000, ship_in=30)
    yield trade.on(1, 9)
    trade.accept(buyer_writes=False)
    yield trade.on(1, 16)
    trade.write()
    trade.propose()


def mats_half_signed(world):
    """The supplier has signed; the buyer's signature is missing."""
    trade = Trade(world, "arjun", "yoga-mat-6", began=5)
    yield trade.on(0)
    trade.place(1200, ship_in=45)
    yield trade.on(1, 9)
    trade.accept()
    yield trade.on(2, 15)
    trade.write()
    trade.propose()
    yield trade.on(3, 10)
    trade.sign(SUPPLIER)
    trade.say(SUPPLIER, "已签字，请查收。", "We have signed. Please look at it.")


def lamps_to_be_paid(world):
    """Signed by both twelve days ago: the deposit is due in two days, and not fully covered."""
    trade = Trade(world, "neha", "ceiling-lamp", began=14)
    yield from trade.to_signature(2400, ship_in=40)
    yield trade.on(4, 11)
    trade.say(
        BUYER,
        "बैंक से मंज़ूरी मिलते ही जमा राशि भेज देंगे।",
        "We send the deposit as soon as the bank approves it.",
    )


def chargers_short(world):
    """The transfer is US$35 short: more than the tolerance of US$30."""
    trade = Trade(world, "ravi", "gan-charger-65", began=9)
    yield from trade.to_signature(1000, ship_in=35, mode="air")
    yield trade.on(2, 17)
    trade.announce()
    yield trade.on(6, 9)
    trade.arrive(amount="1885.00")
    trade.say(BUYER, "Our bank took its charges out of the transfer. We send the rest.")


def wall_tiles_unmatched(world):
    """The money came without our reference: it waits for the finance office."""
    trade = Trade(world, "imran", "wall-tile-300", began=8)
    yield from trade.to_signature(960, ship_in=42)
    yield trade.on(3, 11)
    trade.announce()
    yield trade.on(6, 9)
    trade.arrive(text="INVOICE GK-2214 WALL TILES")


def mats_cancelled(world):
    """The buyer leaves while the contract is being written."""
    trade = Trade(world, "arjun", "yoga-mat-6", began=33)
    yield trade.on(0)
    trade.place(600, ship_in=10)
    yield trade.on(1, 9)
    trade.accept()
    yield trade.on(3, 11)
    contracts.withdraw(trade.order, by=trade.buyer, reason="The shop opens later than planned.")


def mugs_declined(world):
    """The supplier cannot make it in time, and says so."""
    trade = Trade(world, "kavita", "travel-mug", began=19)
    yield trade.on(0)
    trade.place(1500, ship_in=5)
    yield trade.on(1, 10)
    orders.decline(
        trade.order, by=trade.supplier, reason="The line is full until the end of next month."
    )


def night_lights_unanswered(world):
    """Nobody answered within seven days: the request lapsed."""
    trade = Trade(world, "neha", "night-light", began=13)
    yield trade.on(0)
    trade.place(2000, ship_in=30)


def floor_lamps_unpaid(world):
    """Signed, never paid: the order closed after fourteen days."""
    trade = Trade(world, "neha", "floor-lamp", began=45)
    yield from trade.to_signature(200, ship_in=20)
