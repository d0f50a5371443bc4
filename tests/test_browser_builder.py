"""The contract builder in a real browser: two tabs, no JavaScript, every width, both schemes."""

import pytest

from tests.cast import PDF
from tests.test_browser import browser, pytestmark, someone

__all__ = ["browser", "pytestmark", "someone"]

ROWS = "Sleeve\t40\t0.5\tcm\tSteel ruler\tminor\nHand feel\tgood quality\t\t\t\t"


def opened(person, contract):
    return person.go(f"/orders/{contract.order.code}/contract/")


def card(person, number):
    return person.page.locator(f"details[data-number='{number}']")


def open_card(person, number):
    found = card(person, number)
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    return found


def saves(person, act):
    """Type something, and wait until the autosave has answered."""
    with person.page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        act()
    person.page.wait_for_timeout(100)
    return sent.value.status


def test_two_tabs_save_by_themselves_and_neither_loses_a_word(someone, contract, buyer):
    one, other = opened(someone(buyer), contract), opened(someone(buyer), contract)
    requirement = open_card(one, 1).locator("[name$=requirement]")
    assert saves(one, lambda: requirement.fill("Organic cotton, 200")) == 200
    how = open_card(other, 1).locator("[name$=how_checked]")
    assert saves(other, lambda: how.fill("ISO 3801, 9 cuttings")) == 200
    assert saves(other, lambda: how.fill("ISO 3801, 7 cuttings")) == 200
    line = contract.lines.get(number=1)
    assert (line.requirement, line.how_checked) == ("Organic cotton, 200", "ISO 3801, 7 cuttings")
    opened(one, contract)
    assert open_card(one, 1).locator("[name$=how_checked]").input_value() == "ISO 3801, 7 cuttings"


def test_two_tabs_in_one_field_ask_and_keep_both_texts(someone, contract, buyer):
    one = opened(someone(buyer, java_script_enabled=False), contract)
    other = opened(someone(buyer, java_script_enabled=False), contract)
    open_card(one, 1).locator("[name$=requirement]").fill("Linen, 180")
    one.press("Save draft")
    open_card(other, 1).locator("[name$=requirement]").fill("Organic cotton, 200")
    other.press("Save draft")
    other.sees("stored is “Linen, 180”, you typed “Organic cotton, 200”")
    assert contract.lines.get(number=1).requirement == "Linen, 180"
    other.press("Save draft")
    assert contract.lines.get(number=1).requirement == "Organic cotton, 200"
    # The console tells of every 409; here it is what was asked for.
    other.complaints = [text for text in other.complaints if "status of 409" not in text]


@pytest.mark.parametrize("scripts", [True, False])
def test_lines_are_pasted_moved_copied_and_removed(someone, contract, buyer, scripts):
    asha = opened(someone(buyer, java_script_enabled=scripts), contract)
    asha.page.get_by_text("Paste from a spreadsheet").click()
    asha.page.fill("[name=pasted]", ROWS)
    asha.press("Add these rows")
    asha.sees("Hand feel", "“good” cannot be measured.", "You could not claim on this.")
    assert contract.lines.get(number=10).tolerance_plus == "0.5"
    open_card(asha, 10).get_by_role("button", name="Move up").click()
    asha.page.wait_for_load_state()
    assert contract.lines.get(number=9).characteristic == "Sleeve"
    open_card(asha, 9).get_by_role("button", name="Duplicate").click()
    asha.page.wait_for_load_state()
    assert contract.lines.get(number=12).characteristic == "Sleeve"
    open_card(asha, 12).get_by_role("button", name="Remove").click()
    asha.page.wait_for_load_state()
    assert contract.lines.count() == 11


@pytest.mark.parametrize("scripts", [True, False])
def test_the_supplier_s_document_lies_beside_the_lines(someone, contract, supplier, scripts):
    lin = opened(someone(supplier, java_script_enabled=scripts), contract)
    lin.page.get_by_role("link", name="Upload or replace the document").click()
    file = {"name": "own_contract.pdf", "mimeType": "application/pdf", "buffer": PDF}
    lin.page.set_input_files("input[type=file]", file)
    lin.press("Upload")
    lin.sees("own_contract.pdf", "The numbered lines of the contract prevail.")
    if scripts:
        lin.accessible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_builder_is_accessible_and_fits(someone, contract, buyer, scheme, width):
    asha = opened(someone(buyer, width=width, color_scheme=scheme), contract)
    asha.page.get_by_text("Paste from a spreadsheet").click()
    open_card(asha, 1)
    asha.accessible()
    assert asha.page.evaluate("document.documentElement.scrollWidth > innerWidth") is False
