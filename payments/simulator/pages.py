"""The simulator's pages: one to pay, without a field for a card number, and one of the bank."""

from html import escape

from core.money import Money

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #10211f; background: #f4f6f5; margin: 0; }
main { max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff; border-radius: 8px; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1.5rem 0; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
form { display: inline-block; margin-right: .75rem; }
label { display: block; margin: .75rem 0; }
input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; }
input { border: 1px solid #4b5d5a; border-radius: 6px; }
table { width: 100%; border-collapse: collapse; margin-top: 2rem; }
td, th { text-align: left; padding: .35rem .5rem .35rem 0; border-top: 1px solid #d5dedc; }
td.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
button { font: inherit; padding: .6rem 1.4rem; border-radius: 6px; border: 1px solid #10211f; }
button.pay { background: #0b6e5f; border-color: #0b6e5f; color: #fff; }
"""
NOTE = {
    "pending": "This page stands in for a payment provider. No real money moves here.",
    "succeeded": "This payment is made.",
    "failed": "This payment was declined. Go back and start another one.",
}


INDEX = (
    "<p>It is running. What it did is listed at <a href='/v1/log'>/v1/log</a>; "
    "<a href='/bank/'>the bank</a> has a page of its own.</p>"
)
SHOWN = 20  # bookings on the bank's page
FORM = """<form method="post" action="/bank/">
<label>Amount in {currency}<input name="amount" inputmode="decimal" required></label>
<label>Payer<input name="payer" required></label>
<label>Reference text<input name="text"></label>
<button class="pay">Let it arrive</button></form>"""


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


def bank_page(bank) -> str:
    """The simulated bank: the account, a form that lets a transfer arrive, what came last."""
    account = bank.account
    if account is None:
        return page("Simulated bank", "<p>This bank does not know its account yet.</p>")
    return page(
        "Simulated bank",
        "<p>This page stands in for the bank of the designated account. A transfer entered "
        "here arrives there. No real money moves.</p>"
        f"<dl><dt>Account</dt><dd>{escape(account.account_number)}</dd>"
        f"<dt>BIC</dt><dd>{escape(account.bic)}</dd>"
        f"<dt>Balance</dt><dd>{escape(str(bank.balance))}</dd></dl>"
        f"{FORM.format(currency=escape(account.currency))}{_bookings(bank.last(SHOWN))}",
    )


def _bookings(entries):
    if not entries:
        return ""
    rows = "".join(
        f"<tr><td>{escape(entry.name)}<br>{escape(entry.text)}</td>"
        f'<td class="amount">{"" if entry.credit else "−"}{escape(str(entry.amount))}</td></tr>'
        for entry in entries
    )
    return f"<table><tr><th>Since the last statement</th><th></th></tr>{rows}</table>"


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
