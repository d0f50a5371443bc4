"""Settlements: what the provider owes the merchant, paid into the bank account in one amount."""

from payments.simulator.mood import Wrong

PAYER = "Payment Simulator"


def settle(books, bank):
    """Pay out what is captured and not yet settled, less what went back and what it cost.

    `gross_minor` is what the provider owed: charges less refunds, chargebacks and the fees of
    chargebacks. `fee_minor` is what it keeps of the charges, `net_minor` what arrives at the
    bank, under a text that carries the settlement's number. Raises Wrong when nothing is due.
    """
    with books.lock:
        due = list(_due(books, bank.account_or_wrong().currency))
        items = [item for _row, _mark, item in due]
        gross = sum(item["amount_minor"] for item in items)
        fee = sum(item["fee_minor"] for item in items)
        if gross <= fee:
            raise Wrong("there is nothing to pay out")
        row = books.new_row("settlements", "settlement", "st")
        row |= {"status": "paid", "currency": bank.account.currency, "amount_minor": gross - fee}
        row |= {"gross_minor": gross, "fee_minor": fee, "net_minor": gross - fee, "items": items}
        for settled, mark, _item in due:
            settled[mark] = row["id"]
        text = f"SETTLEMENT {row['id']}"
        bank.book(gross - fee, credit=True, name=PAYER, text=text, end_to_end_id=row["id"])
        books.add("settlements", row)
        return row


def _due(books, currency):
    """What is not yet settled: the row, the field that marks it, and its line."""
    for kind, sign in (("charges", 1), ("refunds", -1)):
        for row in _unsettled(books, kind, "settlement", currency):
            if row["status"] == "succeeded":
                moved = row.get("amount_captured_minor", row["amount_minor"])
                yield row, "settlement", _item(row, row["object"], sign * moved, row["fee_minor"])
    for row in _unsettled(books, "chargebacks", "settlement", currency):
        yield row, "settlement", _item(row, "chargeback", -row["amount_minor"])
        yield row, "settlement", _item(row, "chargeback_fee", -row["fee_minor"])
    for row in _unsettled(books, "chargebacks", "settlement_back", currency):
        if row["status"] == "won":
            yield row, "settlement_back", _item(row, "chargeback_won", row["amount_minor"])


def _unsettled(books, kind, mark, currency):
    rows = books.rows[kind].values()
    return [row for row in rows if mark not in row and row["currency"] == currency]


def _item(row, kind, amount, fee=0):
    return {"id": row["id"], "kind": kind, "amount_minor": amount, "fee_minor": fee}
