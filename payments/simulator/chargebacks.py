"""Chargebacks: the buyer's bank takes a payment back at once, and may have to give it up again."""

from payments.simulator.mood import Wrong

SHOWN = ("id", "status", "amount_minor", "fee_minor")


def open_chargeback(books, charge):
    """Take back what is left of a charge. It costs the merchant a fee, however it ends."""
    with books.lock:
        taken = books.get("charges", charge)
        left = books.left_of(taken)
        if taken["status"] != "succeeded" or left <= 0:
            raise Wrong("there is nothing to take back of this charge")
        row = books.new_row("chargebacks", "chargeback", "cb")
        row |= {"charge": charge, "reference": taken["reference"], "currency": taken["currency"]}
        row |= {"amount_minor": left, "fee_minor": books.mood.chargeback_fee}
        books.add("chargebacks", row)
        return _turn(books, row, "opened")


def end_chargeback(books, number, outcome):
    """The contest is won, and the money comes back, or it is lost."""
    with books.lock:
        row = books.get("chargebacks", number)
        if row["status"] != "open":
            raise Wrong("this chargeback is over")
        return _turn(books, row, outcome)


def _turn(books, row, word):
    """What happened to the chargeback shows on its charge too."""
    row["status"] = "open" if word == "opened" else word
    charge = books.get("charges", row["charge"])
    charge["disputed"] = row["status"] != "won"
    charge["chargeback"] = {name: row[name] for name in SHOWN}
    books.touch(charge)
    return books.announce(f"chargeback.{word}", row)
