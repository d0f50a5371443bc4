"""Stories in which money is held and goods are made, measured, shipped or checked."""

from dashboard.demo.trade import BUYER, SUPPLIER, Trade


def stories(world):
    """All of them, ready to be played."""
    told = (
        bottles_in_production, kids_bottles_to_be_inspected, pyjamas_match, rompers_differ,
        pyjamas_at_sea, tiles_delivered, power_banks_late, cartons_delivered,
    )  # fmt: skip
    return [story(world) for story in told]


def bottles_in_production(world):
    """US$19,400 are held, all of it; ships in nine days."""
    trade = Trade(world, "kavita", "bottle-750", began=24)
    yield from trade.to_money(4000, ship_in=9)
    yield trade.on(5, 11)
    trade.say(
        SUPPLIER,
        "定金已到托管账户，今天开始生产。",
        "The deposit is held. We start making them today.",
    )
    yield trade.on(6, 10)
    trade.say(
        BUYER,
        "धन्यवाद। कृपया ढक्कन का रिसाव परीक्षण वीडियो भी भेजें।",
        "Thank you. Please also send a video of the leak test of the lid.",
    )
    yield trade.on(16, 11)
    trade.announce()
    yield trade.on(18, 9)
    trade.arrive(2)


def kids_bottles_to_be_inspected(world):
    """The visit is agreed: nobody objected within 24 hours."""
    trade = Trade(world, "kavita", "kids-bottle", began=26)
    yield from trade.to_money(2000, ship_in=12)
    yield trade.on(24)
    trade.ready()
    trade.say(
        SUPPLIER,
        "货已全部完成，装箱 100%。验货员请走三号门。",
        "All goods are finished and packed. The inspector enters by gate 3.",
    )


def pyjamas_match(world):
    """Every line matches; the balance is due before they may be shipped."""
    trade = Trade(world, "asha", "kids-pyjamas", began=30)
    yield from trade.to_report(1200, 25, ship_in=14)
    yield trade.on(28, 11)
    trade.say(
        SUPPLIER,
        "验货通过。收到尾款后第二天装柜。",
        "The inspection is passed. We load the day after the balance has come.",
    )


def rompers_differ(world):
    """The width is 27.1 cm instead of 26.0 ± 0.5, the fabric 188 g/m²: Asha decides."""
    trade = Trade(world, "asha", "organic-cotton-romper", began=38)
    yield trade.on(0)
    trade.place(3000, ship_in=12)
    yield trade.on(1, 9)
    trade.accept()
    trade.say(
        SUPPLIER,
        "拉链用 YKK，颜色按 Pantone 1935 D。尺寸请另写一行。",
        "The zipper is YKK, the colour Pantone 1935 D. Please write the body width as a line.",
    )
    yield trade.on(1, 15)
    trade.write()
    trade.add_width()
    trade.propose()
    yield trade.on(2, 10)
    trade.sign(SUPPLIER)
    yield trade.on(2, 16)
    trade.sign(BUYER)
    yield trade.on(3, 11)
    trade.announce()
    yield trade.on(4, 9)
    trade.arrive()
    yield trade.on(33)
    trade.ready()
    yield trade.on(35, 14)
    trade.report(
        found={
            "fabric": "187 189 188 188 188",
            "Body width, size 86": "27.0 27.2 27.1 27.1 27.1",
        },
        remarks="Cloth relaxed for 24 hours before measuring. 80 garments laid flat.",
    )
    yield trade.on(36, 10)
    trade.say(
        SUPPLIER,
        "我们可以重新裁剪前片，需要 9 天。",
        "We can cut the front panels again. It takes nine days.",
    )


def pyjamas_at_sea(world):
    """Shipped on time, on board since last week."""
    trade = Trade(world, "asha", "kids-pyjamas", began=52)
    yield from trade.to_shipment(1000, 36, ship_in=-5)
    yield trade.on(43, 11)
    trade.say(SUPPLIER, "已装船，提单已上传。", "On board. The bill of lading is uploaded.")


def tiles_delivered(world):
    """Delivered four days ago: the time to check them runs."""
    trade = Trade(world, "imran", "porcelain-tile-600", began=68)
    yield from trade.to_shipment(800, 24, ship_in=-34)
    yield trade.on(64, 12)
    trade.deliver()
    trade.say(BUYER, "All pallets are here. We lay out one square metre of each shade first.")


def cartons_delivered(world):
    """Without an inspection: delivered by the carrier's usual time, nobody had to say so."""
    trade = Trade(world, "asha", "export-carton", began=40)
    yield from trade.to_money(2000, ship_in=-22, deposit=100, inspected=False, mode="express")
    yield trade.on(12, 15)
    trade.ship()


def power_banks_late(world):
    """Not shipped by the day before yesterday: Ravi chooses, and silence means a refund."""
    trade = Trade(world, "ravi", "gan-charger-65", began=40)
    yield from trade.to_money(900, ship_in=-3, mode="air")
    yield trade.on(35, 11)
    trade.say(
        SUPPLIER,
        "电容缺货，可能要晚一周。",
        "The capacitors are out of stock. It may take a week longer.",
    )
