"""The inspector at the factory: a phone, a small one, in the dark, without scripts, offline."""

# The fixtures of a browser are borrowed by name.
# ruff: noqa: F811
import pytest

from tests.test_browser import browser, someone  # noqa: F401 (fixtures)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def pages(visit):
    where = f"/inspect/{visit.public_id}/"
    names = ["", "1/", "2/", "3/", "defects/", "review/", "day/", "missed/"]
    return ["/inspect/", *(where + name for name in names)]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 320])
def test_every_page_of_a_visit_fits_a_phone_and_is_accessible(
    inspection, inspector, someone, width, scheme
):
    window = someone(inspector, width=width, color_scheme=scheme)
    line = f"/inspect/{inspection.public_id}/1/"
    window.go(line)
    window.page.fill("[name=reading_1]", "181")
    window.page.fill("[name=reading_2]", "203")
    window.press("Save")
    window.sees("192 g/m²")
    for path in pages(inspection):
        window.go(path)
        assert fits(window.page), path
        window.accessible()


def test_a_line_is_measured_without_scripts(inspection, inspector, someone):
    window = someone(inspector, width=320, java_script_enabled=False)
    window.go(f"/inspect/{inspection.public_id}/1/")
    window.page.fill("[name=reading_1]", "198,5")
    window.press("Save")
    window.sees("Enter reading 1 as a number, like 198.5.")
    window.page.fill("[name=reading_1]", "198.5")
    window.press("Save")
    window.sees("198.5 g/m²")
    assert window.page.locator(".gauge svg").count() == 1


def test_readings_typed_without_a_network_are_sent_when_it_is_back(inspection, inspector, someone):
    window = someone(inspector, width=390)
    window.go(f"/inspect/{inspection.public_id}/1/")
    window.context.set_offline(True)
    window.page.fill("[name=reading_1]", "199.5")
    window.press("Save")
    window.page.locator("[data-waiting]:not([hidden])").wait_for()
    with window.page.expect_navigation():
        window.context.set_offline(False)
    window.go(f"/inspect/{inspection.public_id}/1/")
    window.sees("199.5 g/m²")
