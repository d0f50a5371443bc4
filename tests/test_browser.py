"""The five steps in a real browser, and staff at the bank statement: what a newcomer does."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

from contracts import drafting
from contracts.documents.seal import verify
from contracts.operations import counter, propose
from orders.models import Order
from tests.bank import camt053
from tests.browser import CHROMIUM, FLAGS, Person
from tests.cast import PASSWORD, PDF

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def browser(monkeypatch):
    if not shutil.which("chromium"):
        pytest.fail("The browser tests need Chromium: apt-get install chromium")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture
def someone(browser, live_server):
    """Open a window for a person; every window is checked for complaints at the end."""
    windows = []

    def open_window(user=None, **options):
        window = Person(browser, live_server, **options)
        windows.append(window)
        return window.sign_in(user, PASSWORD) if user else window

    yield open_window
    for window in windows:
        window.close()


def elsewhere(work):
    """Do something in a thread of its own, as a worker would, away from the browser's loop."""

    def run():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def the_order():
    return Order.objects.get()


def place(asha, product):
    asha.go(f"/products/{product.slug}/")
    asha.accessible()
    asha.page.get_by_role("link", name="Start order").first.click()
    page = asha.page
    page.fill("[name=quantity]", "3000")
    page.fill("[name=named_place]", "Ningbo")
    page.fill("[name=ship_by]", "2031-12-12")
    asha.accessible()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    asha.sees("Check your order", "US$18,600.00")
    asha.accessible()
    asha.press("Send to")
    asha.sees("Tick that")
    assert the_order().state == "draft"
    page.check("[name=quality_basis]")
    asha.press("Send to")
    assert the_order().state == "placed"


def talk_and_accept(lin, order):
    lin.go(f"/orders/{order.code}/messages/")
    lin.page.fill("textarea[name=text]", "我们可以按时发货。")
    lin.press("Send")
    lin.sees("我们可以按时发货。")
    lin.accessible()
    lin.go(f"/orders/{order.code}/")
    lin.accessible()
    lin.press("Accept")
    assert the_order().state == "contracting"


def write(asha, order):
    """The nine lines of the brief, each by its own field, with its three files."""
    from contracts.templates_data import TEMPLATES

    asha.go(f"/orders/{order.code}/contract/")
    asha.sees("Write the contract")
    asha.accessible()
    page = asha.page
    for number, row in enumerate(TEMPLATES["childrens_clothing"].lines, 1):
        card = page.locator(f"details[data-number='{number}']")
        if card.get_attribute("open") is None:
            card.locator("summary").first.click()
        card.locator("[name$=requirement]").fill(row.requirement)
        if row.attachment_name:
            card.locator("input[type=file]").set_input_files(
                {"name": row.attachment_name, "mimeType": "application/pdf", "buffer": PDF}
            )
    asha.press("Save draft")
    lines = order.contracts.get().lines.all()
    assert [line.requirement for line in lines] == [
        row.requirement for row in TEMPLATES["childrens_clothing"].lines
    ]
    assert sorted(line.attachment.name for line in lines if line.attachment) == [
        "design_draft_a.pdf",
        "design_draft_dimensions.pdf",
        "label_b.pdf",
    ]
    asha.go(f"/orders/{order.code}/contract/propose/")
    asha.accessible()
    asha.press("Propose this version")
    asha.sees("C, U or TCX?")
    assert order.contracts.get().state == "draft"
    for box in page.locator("input[name=gap]").all():
        box.check()
    asha.press("Propose this version")
    assert order.contracts.get().state == "proposed"


def sign(who, user, order):
    who.go(f"/orders/{order.code}/sign/")
    who.accessible()
    for n in (1, 2, 3):
        who.page.check(f"[name=statement_{n}]")
    who.page.fill("[name=typed_name]", user.name)
    who.page.fill("[name=password]", PASSWORD)
    who.press("Sign version")


def test_the_five_steps_from_the_product_to_the_money_being_held(
    someone, clock, buyer, supplier, product, account, finance, run_outbox, tmp_path
):
    asha, lin = someone(buyer), someone(supplier)
    place(asha, product)
    order = the_order()
    talk_and_accept(lin, order)
    write(asha, order)
    sign(asha, buyer, order)
    sign(lin, supplier, order)
    assert the_order().state == "awaiting_initial_payment"

    asha.go(f"/orders/{order.code}/contract/progress/")
    elsewhere(run_outbox)
    contract = order.contracts.get()
    asha.go(f"/orders/{order.code}/")
    asha.accessible()
    with contract.pdf.open() as pdf:
        sealed = pdf.read()
    verdict = elsewhere(lambda: verify(sealed))
    assert (verdict.valid, verdict.whole_document) == (True, True)
    asha.go(f"/orders/{order.code}/contract/verify/")
    asha.accessible()

    asha.go(f"/orders/{order.code}/pay/")
    asha.sees("Visa", "MasterCard", "UnionPay", "PayPal", "CashU", "WeChat Pay", "Alipay")
    asha.accessible()
    asha.page.check("input[value=telegraphic_transfer]")
    asha.press("Go on with this method")
    deposit = order.instalments.get(n=1)
    asha.sees("DBSSSGSG", "0039012345", "US$5,580.00", deposit.reference[:4])
    asha.accessible()

    statement = tmp_path / "statement.xml"
    statement.write_bytes(
        camt053(account, [(deposit.reference, deposit.missing, "KIDZONE RETAIL PVT LTD")])
    )
    daniel = someone(finance)
    daniel.go("/admin/payments/statementimport/upload/")
    daniel.accessible()
    daniel.page.set_input_files("input[type=file]", statement)
    daniel.page.locator("#content form [type=submit]").click()
    daniel.page.wait_for_load_state()
    daniel.sees("Matched")
    daniel.accessible()

    assert the_order().state == "in_production"
    asha.go(f"/orders/{order.code}/")
    asha.sees("US$5,580.00", "US$13,020.00")
    asha.accessible()


def test_the_pages_work_without_javascript(someone, contract, buyer):
    asha = someone(buyer, java_script_enabled=False)
    asha.go(f"/orders/{contract.order.code}/contract/")
    card = asha.page.locator("details[data-number='1']")
    card.locator("[name$=requirement]").fill("good quality")
    asha.press("Save draft")
    assert contract.lines.get(number=1).requirement == "good quality"
    asha.sees("“good” cannot be measured.", "You could not claim on this.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_order_page_is_accessible_and_fits(someone, funded_order, buyer, scheme, width):
    asha = someone(buyer, width=width, color_scheme=scheme)
    asha.go(f"/orders/{funded_order.code}/")
    asha.accessible()
    wide = asha.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert wide is False


@pytest.fixture
def answered(proposed_contract, supplier):
    """The supplier's version 2: a lighter fabric and a deposit of 40 %, proposed."""
    answer = counter(proposed_contract, by=supplier)
    fabric = answer.lines.get(template_key="fabric")
    drafting.write_line(answer, by=supplier, line=fabric, requirement="Organic cotton, 190")
    drafting.set_terms(answer, by=supplier, deposit_percent=40)
    propose(answer, by=supplier, acknowledged=[gap.code for gap in drafting.gaps_of(answer)])
    return answer


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_two_versions_side_by_side_are_accessible_and_fit(someone, answered, buyer, scheme, width):
    asha = someone(buyer, width=width, color_scheme=scheme)
    asha.go(f"/orders/{answered.order.code}/contract/diff/1/2/")
    asha.accessible()
    assert asha.page.evaluate("document.documentElement.scrollWidth > innerWidth") is False


def test_what_a_change_means_is_read_without_javascript(someone, answered, buyer):
    asha = someone(buyer, java_script_enabled=False)
    asha.go(f"/orders/{answered.order.code}/contract/diff/1/2/")
    asha.sees("You pay US$1,860.00 more before production starts.")
