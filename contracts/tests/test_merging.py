"""Two people in one draft, and rows pasted from a spreadsheet: nobody's text is lost."""

import pytest

from contracts import drafting, pasting
from contracts.tests.test_pages import fields_of, line_of, on, text_of, url, write

pytestmark = pytest.mark.django_db

__all__ = ["write"]


@pytest.fixture
def opened(client, buyer, contract):
    """The builder as it was opened: everything that its form holds."""
    client.force_login(buyer)
    page = client.get(url("contract", contract))
    return fields_of(page) | {"base": page.context["base"], "do": "save"}


def of(line, name):
    return f"line-{line.pk}-{name}"


def stored(line):
    line.refresh_from_db()
    return line.requirement, line.tolerance_plus, line.how_checked


def test_two_people_in_different_fields_of_one_line_both_keep_their_text(
    client, buyer, contract, opened, clock
):
    fabric = line_of(contract, "fabric")
    clock.forward(minutes=1)
    drafting.write_line(contract, by=buyer, line=fabric, tolerance_plus="3 %")
    mine = {of(fabric, "requirement"): "Organic cotton, 200"}
    answer = client.post(url("contract", contract), opened | mine)
    assert answer.status_code == 302
    assert stored(fabric) == ("Organic cotton, 200", "3 %", "ISO 3801, 5 cuttings per lot")


def test_one_field_that_both_wrote_is_asked_about_and_nothing_is_stored(
    client, buyer, contract, opened, clock
):
    fabric, zipper = line_of(contract, "fabric"), line_of(contract, "zipper")
    clock.forward(minutes=1)
    drafting.write_line(contract, by=buyer, line=fabric, how_checked="ISO 3801, twice")
    mine = {of(fabric, "how_checked"): "EN 12127", of(zipper, "requirement"): "YKK"}
    answer = client.post(url("contract", contract), opened | mine)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "stored is “ISO 3801, twice”, you typed “EN 12127”" in page
    assert 'value="EN 12127"' in page
    assert 'value="YKK"' in page
    assert stored(fabric)[2] == "ISO 3801, twice"
    assert stored(zipper)[0] == ""
    again = opened | mine | {"base": answer.context["base"], "seen": answer.context["seen"]}
    assert client.post(url("contract", contract), again).status_code == 302
    assert (stored(fabric)[2], stored(zipper)[0]) == ("EN 12127", "YKK")


def test_a_page_that_typed_nothing_undoes_nothing(client, buyer, contract, opened, clock):
    fabric = line_of(contract, "fabric")
    clock.forward(minutes=1)
    drafting.write_line(contract, by=buyer, line=fabric, requirement="Linen, 180")
    drafting.set_terms(contract, by=buyer, deposit_percent=40)
    assert client.post(url("contract", contract), opened).status_code == 302
    contract.order.refresh_from_db()
    assert (stored(fabric)[0], contract.order.deposit_percent) == ("Linen, 180", 40)


def test_the_autosave_goes_on_beside_another_author(client, buyer, contract, opened, clock):
    fabric, zipper = line_of(contract, "fabric"), line_of(contract, "zipper")
    clock.forward(minutes=1)
    drafting.write_line(contract, by=buyer, line=fabric, requirement="Linen, 180")
    headers = {"X-Autosave": "1"}
    page = opened | {of(zipper, "requirement"): "YKK"}
    answer = client.post(url("contract", contract), page, headers=headers)
    assert answer.status_code == 200
    page |= {"base": answer.context["base"], of(zipper, "requirement"): "YKK 5"}
    answer = client.post(url("contract", contract), page, headers=headers)
    assert answer.status_code == 200
    assert (stored(fabric)[0], stored(zipper)[0]) == ("Linen, 180", "YKK 5")


def test_all_that_was_typed_in_a_line_taken_out_is_shown(client, buyer, contract, opened):
    zipper, fabric = line_of(contract, "zipper"), line_of(contract, "fabric")
    drafting.remove_line(contract, by=buyer, line=zipper)
    mine = {of(zipper, "requirement"): "YKK", of(zipper, "how_checked"): "Mark on the puller"}
    answer = client.post(
        url("contract", contract), opened | mine | {of(fabric, "requirement"): "Linen"}
    )
    assert answer.status_code == 409
    assert "was taken out. You typed “YKK”, “Mark on the puller”." in text_of(answer)
    assert stored(fabric)[0] == ""


# --- pasting

ROWS = """Property\tValue\tTolerance\tUnit\tTest method\tSeverity
Fabric\tOrganic cotton, 200\t±5 %\tgsm\tISO 3801\tmajor
Sleeve\t40\t+0.5/-0.2\tcm\tSteel ruler\tcritical

"Two
lines"\tRAL 5020\t\tfurlong\t\t
"""


def test_a_block_with_headings_becomes_lines():
    fabric, sleeve, broken = pasting.lines(ROWS)
    assert fabric == {
        "characteristic": "Fabric",
        "requirement": "Organic cotton, 200",
        "how_checked": "ISO 3801",
        "tolerance_minus": "5 %",
        "tolerance_plus": "5 %",
        "unit": "g/m²",
        "severity": "major",
        "kind": "number",
    }
    assert (sleeve["tolerance_minus"], sleeve["tolerance_plus"]) == ("0.2", "0.5")
    assert (sleeve["severity"], sleeve["unit"]) == ("critical", "cm")
    assert (broken["characteristic"], broken["kind"]) == ("Two lines", "colour")
    assert (broken["requirement"], broken["unit"]) == ("RAL 5020 furlong", "")


@pytest.mark.parametrize(
    ("text", "characteristic", "unit"),
    [
        ("项目\t要求\t单位\n重量\t320\t克", "重量", "g"),
        ("इकाई\tविशेषता\tमान\nग्राम\tवज़न\t320", "वज़न", "g"),
        ("Weight\t320\t\tgms", "Weight", "g"),
        ("Weight;320;;g", "Weight", "g"),
    ],
)
def test_headings_in_three_languages_and_none(text, characteristic, unit):
    (line,) = pasting.lines(text)
    assert (line["characteristic"], line["requirement"]) == (characteristic, "320")
    assert (line["unit"], line["kind"]) == (unit, "number")


@pytest.mark.parametrize(
    ("requirement", "kind"),
    [
        ("yes", "compliance"),
        ("符合", "compliance"),
        ("Pantone 1935 C", "colour"),
        ("IEC 62133-2", "standard"),
        ("label_b.pdf", "file"),
        ("8 to 12 %", "range"),
        ("≥ 90 %", "range"),
        ("200 g", "number"),
        ("soft", "text"),
    ],
)
def test_the_kind_is_read_from_the_requirement(requirement, kind):
    assert pasting.kind_of(requirement) == kind


def test_pasted_rows_fill_the_empty_line_of_their_name_and_add_the_others(write, contract):
    zipper = line_of(contract, "zipper")
    answer = write(do="paste", pasted=ROWS, **{on(zipper, "requirement"): "YKK"})
    assert answer.status_code == 302
    assert stored(line_of(contract, "fabric")) == ("Organic cotton, 200", "5 %", "ISO 3801")
    assert stored(zipper)[0] == "YKK"
    names = list(contract.lines.values_list("number", "characteristic"))[9:]
    assert names == [(10, "Sleeve"), (11, "Two lines")]


def test_rows_still_in_the_box_are_added_by_saving(write, contract):
    write(do="save", pasted="Weight\t320\t10\tg\tScale\tminor")
    assert contract.lines.get(number=10).characteristic == "Weight"


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("A\t" + "x" * 301, "Row 1: a cell holds more than 300 characters. Shorten it."),
        ("A\t1\n" * 101, "These are 101 rows. Paste at most 100 at a time."),
    ],
)
def test_a_block_that_cannot_be_added_stays_in_the_box(write, contract, pasted, sentence):
    zipper = line_of(contract, "zipper")
    answer = write(do="paste", pasted=pasted, **{on(zipper, "requirement"): "YKK"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert pasted.strip() in page
    assert 'value="YKK"' in page
    assert contract.lines.count() == 9
    assert stored(zipper)[0] == ""
