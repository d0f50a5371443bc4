"""Reading a page as a person does: its words, its status, its decision, its buttons."""

import html
import re

from django.urls import reverse


def order_of(found):
    return getattr(found, "order", found)


def see(client, user, order, name="order", **query):
    client.force_login(user)
    return client.get(reverse(name, args=[order.code]), query)


def do(client, user, order, name, **data):
    client.force_login(user)
    return client.post(reverse(name, args=[order.code]), data)


def words(response):
    """What a person reads on the page, as one line."""
    page = response.content.decode()
    page = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def chip_of(response):
    page = response.content.decode()
    head = page[page.index('class="pagehead"') : page.index('class="before"')]
    chip = re.search(r'(?s)<span class="chip[^"]*">(?:<svg.*?</svg>)?(.*?)</span>', head)
    return html.unescape(chip.group(1)).strip()


def decision_of(response):
    found = re.search(r'(?s)<h2 id="decide-title">(.*?)</h2>', response.content.decode())
    return html.unescape(found.group(1)).strip() if found else None


def primary_buttons(response):
    """The labels of the primary buttons of the decision card."""
    page = response.content.decode()
    card = page[page.index('id="decide"') :]
    card = card[: card.index("</section>")]
    found = re.findall(r'(?s)class="btn  "[^>]*>.*?<span>(.*?)</span>', card)
    return [html.unescape(label) for label in found]
