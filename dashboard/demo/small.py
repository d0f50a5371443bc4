"""Finished small orders of the last thirteen months: they make rates, charts and ledger alive."""

from dashboard.demo.trade import SUPPLIER, Trade

# buyer, product, quantity, days ago, what went on: "" as usual, "late", or "silent"
ORDERS = (
    ("asha", "kids-pyjamas", 500, 390, ""), ("ravi", "power-bank-10000", 250, 384, ""),
    ("imran", "wall-tile-300", 400, 377, ""), ("kavita", "bottle-500", 1000, 370, ""),
    ("asha", "muslin-sleepsuit", 500, 355, ""), ("ravi", "gan-charger-65", 300, 348, ""),
    ("neha", "night-light", 1000, 340, ""), ("arjun", "yoga-mat-6", 300, 333, ""),
    ("asha", "organic-cotton-romper", 500, 326, ""), ("ravi", "power-bank-10000", 300, 319, ""),
    ("kavita", "travel-mug", 800, 312, ""), ("asha", "mailer-box", 4000, 305, ""),
    ("neha", "floor-lamp", 100, 298, ""), ("asha", "kids-pyjamas", 600, 291, ""),
    ("ravi", "gan-charger-65", 350, 284, ""), ("imran", "mosaic-sheet", 200, 277, ""),
    ("kavita", "bottle-500", 1000, 270, ""), ("arjun", "play-mat-10", 200, 263, ""),
    ("asha", "school-sweater", 300, 256, ""), ("ravi", "power-bank-wireless", 200, 249, ""),
    ("neha", "desk-lamp", 500, 242, ""), ("asha", "gift-box", 1000, 235, "silent"),
    ("asha", "muslin-sleepsuit", 500, 228, ""), ("ravi", "gan-charger-65", 300, 221, ""),
    ("imran", "terrace-tile-20", 200, 214, ""), ("kavita", "bottle-750", 1000, 207, ""),
    ("arjun", "yoga-mat-6", 250, 200, ""), ("asha", "kids-pyjamas", 500, 193, ""),
    ("ravi", "power-bank-10000", 250, 186, ""), ("asha", "shoe-box", 4000, 179, ""),
    ("kavita", "travel-mug", 900, 172, ""), ("asha", "organic-cotton-romper", 500, 165, ""),
    ("ravi", "gan-charger-65", 300, 158, ""), ("arjun", "play-mat-10", 200, 151, "silent"),
    ("asha", "school-sweater", 300, 144, ""), ("imran", "mosaic-sheet", 220, 137, ""),
    ("ravi", "power-bank-10000", 280, 130, ""), ("asha", "kids-pyjamas", 500, 123, ""),
    ("kavita", "bottle-500", 1000, 116, ""), ("ravi", "power-bank-wireless", 220, 109, ""),
    ("asha", "mailer-box", 5000, 102, ""), ("ravi", "gan-charger-65", 300, 95, ""),
    ("arjun", "yoga-mat-6", 300, 88, "late"), ("asha", "muslin-sleepsuit", 500, 81, ""),
)  # fmt: skip

SHIPPED = (
    ("已交顺丰，运单号见文件。", "Handed to SF Express. The number is with the documents."),
    ("货已发出，请注意查收。", "The goods are on their way."),
    ("今天下午发货，谢谢惠顾。", "They leave this afternoon. Thank you for the order."),
)


def stories(world):
    """All of them, ready to be played."""
    return [finished(world, *row) for row in ORDERS]


def finished(world, buyer, product, quantity, ago, course):
    """Paid in full at once, sent by courier, delivered in a week, accepted or left to silence."""
    trade = Trade(world, buyer, product, began=ago)
    allowed = 16
    yield from trade.to_money(
        quantity, ship_in=allowed - ago, deposit=100, mode="express", inspected=False
    )
    yield trade.on(allowed + 2 if course == "late" else allowed - 3, 15)
    trade.ship()
    trade.say(SUPPLIER, SHIPPED[ago % 3][0], SHIPPED[ago % 3][1])
    yield trade.on(24, 12)
    trade.deliver()
    if course == "silent":
        return
    yield trade.on(27, 15)
    trade.accept_goods()
