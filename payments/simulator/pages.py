"""The simulator's payment page: two buttons, and no field for a card number."""

from html import escape

from core.money import Money

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #10211f; background: #f4f6f5; margin: 0; }
main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 8px; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1.5rem 0; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
form { display: inline-block; margin-right: .75rem; }
button { font: inherit; padding: .6rem 1.4rem; border-radius: 6px; border: 1px solid #10211f; }
button.pay { background: #0b6e5f; border-color: #0b6e5f; color: #fff; }
"""
NOTE = {
    "pending": "This page stands in for a payment provider. No real money moves here.",
    "succeeded": "This payment is made.",
    "failed": "This payment was declined. Go back and start another one.",
}


def pay_page(row) -> str:
    """The hosted page of one charge, with its buttons while it is open."""
    amount = Money(row["amount_minor"], row["currency"])
    forms = ""
    if row["status"] == "pending":
        forms = _button(row["id"], "pay", "Pay") + _button(row["id"], "decline", "Decline")
    back = row["destination"]
    link = f'<p><a href="{escape(back)}">Back to the order</a></p>' if _is_web(back) else ""
    return page(
        "Payment simulator",
        f"<p>{NOTE[row['status']]}</p>"
        f"<dl><dt>Amount</dt><dd>{escape(str(amount))}</dd>"
        f"<dt>Reference</dt><dd>{escape(row['reference'])}</dd></dl>{forms}{link}",
    )


def page(title, body) -> str:
    """A page of the simulator."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<link rel="stylesheet" href="/style.css"></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )


def _button(number, verb, label):
    return (
        f'<form method="post" action="/pay/{escape(number)}/{verb}">'
        f'<button class="{verb}">{label}</button></form>'
    )


def _is_web(address):
    return address.startswith(("http://", "https://"))
