"""The contract pages as people use them, without JavaScript."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import SupplierStanding
from contracts import drafting
from contracts.models import PurchaseContract, Signature
from contracts.operations import counter, hand_over, propose
from contracts.templates_data import TEMPLATES
from contracts.views.differences import words
from tests.cast import PASSWORD, PDF
from tests.trades import sign_as, write_the_brief

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def url(name, contract, *args):
    return reverse(name, args=[contract.order.code, *args])


def fields_of(response):
    """Everything that stands in the fields of the builder, as a browser would send it."""
    board = response.context["board"]
    forms = [board.terms, *(row.form for row in board.rows)]
    data = {"seen": response.context["seen"]}
    for form in forms:
        for bound in form:
            value = bound.value()
            if bound.name != "upload" and (bound.name != "allowed" or form.shows_choices):
                data[bound.html_name] = "" if value is None else str(value)
    return data


@pytest.fixture
def write(client, buyer, contract):
    """Open the builder as the buyer, type something, press a button."""
    client.force_login(buyer)

    def press(do="save", follow=False, headers=None, **typed):
        page = client.get(url("contract", contract))
        data = fields_of(page) | {"do": do}
        data |= {name.replace("__", "-"): value for name, value in typed.items()}
        return client.post(url("contract", contract), data, follow=follow, headers=headers)

    return press


def line_of(contract, key):
    return contract.lines.get(template_key=key)


def on(line, name):
    return f"line__{line.pk}__{name}"


@pytest.fixture
def brief(contract, buyer):
    """The nine lines of the brief, written into the draft."""
    write_the_brief(contract, buyer)
    return contract


@pytest.fixture
def answered(proposed_contract, supplier):
    """The supplier's version 2: another fabric weight and a deposit of 40 %, proposed."""
    answer = counter(proposed_contract, by=supplier)
    fabric = line_of(answer, "fabric")
    drafting.write_line(answer, by=supplier, line=fabric, requirement="Organic cotton, 190")
    drafting.set_terms(answer, by=supplier, deposit_percent=40)
    propose(answer, by=supplier, acknowledged=[gap.code for gap in drafting.gaps_of(answer)])
    return answer


# --- who sees what

PAGES = ["contract", "contract_propose", "contract_counter", "contract_hand_over"]
PAGES += ["contract_sign", "contract_progress", "contract_verify", "contract_document"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_finds_no_contract_page(client, stranger, signed_order, name):
    client.force_login(stranger)
    assert client.get(reverse(name, args=[signed_order.code])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_signed_in_is_asked_to(client, signed_order, name):
    answer = client.get(reverse(name, args=[signed_order.code]))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


def test_a_stranger_cannot_compare_versions(client, stranger, answered):
    client.force_login(stranger)
    assert client.get(url("contract_diff", answered, 1, 2)).status_code == 404


def test_a_draft_is_its_author_s_alone(client, contract, supplier):
    client.force_login(supplier)
    page = client.get(url("contract", contract))
    assert "Kidzone Retail is writing version 1. You read it here once it is proposed." in text_of(
        page
    )
    assert "Organic cotton" not in text_of(page).replace("Organic cotton romper", "")


def test_the_other_side_cannot_write_a_draft(client, contract, supplier):
    client.force_login(supplier)
    before = contract.updated_at
    answer = client.post(url("contract", contract), {"do": "add"}, follow=True)
    assert "It is the other side&#x27;s turn to write." in text_of(answer)
    contract.refresh_from_db()
    assert (contract.updated_at, contract.lines.count()) == (before, 9)


def test_an_inspector_reads_what_binds_and_nothing_before(client, inspector, inspection):
    client.force_login(inspector)
    assert client.get(url("contract", inspection)).status_code == 200
    PurchaseContract.objects.filter(order=inspection.order).update(state="superseded")
    assert "No contract yet" in text_of(client.get(url("contract", inspection)))


def test_after_a_hand_over_the_other_side_has_the_builder(client, contract, buyer, supplier):
    client.force_login(buyer)
    answer = client.post(url("contract_hand_over", contract))
    assert answer.url == url("contract", contract)
    client.force_login(supplier)
    assert "Write the contract" in text_of(client.get(url("contract", contract)))


# --- the builder


def test_the_builder_opens_vague_lines_and_closes_clear_ones(client, buyer, brief):
    fabric, zipper = line_of(brief, "fabric"), line_of(brief, "zipper")
    vague = {"kind": "text", "requirement": "good", "how_checked": ""}
    drafting.write_line(brief, by=buyer, line=zipper, **vague)
    client.force_login(buyer)
    page = text_of(client.get(url("contract", brief)))
    assert f'id="line-{fabric.pk}" data-clarity-line' in page
    assert f'<details class="linecard vague" id="line-{zipper.pk}" open' in page
    assert "“good” cannot be measured. You could not claim on this." in page


def test_everything_typed_is_saved_at_once(write, contract):
    fabric, zipper = line_of(contract, "fabric"), line_of(contract, "zipper")
    answer = write(
        **{
            on(fabric, "requirement"): "Organic cotton, 200",
            on(zipper, "requirement"): "YKK",
            "deposit_percent": "40",
            "side_terms": "Samples stay with the supplier.",
        }
    )
    assert (answer.status_code, answer.url) == (302, url("contract", contract))
    fabric.refresh_from_db()
    zipper.refresh_from_db()
    contract.refresh_from_db()
    contract.order.refresh_from_db()
    assert (fabric.requirement, zipper.requirement) == ("Organic cotton, 200", "YKK")
    assert contract.order.deposit_percent == 40
    assert contract.side_terms == "Samples stay with the supplier."


def test_saving_without_a_change_writes_nothing(write, contract, clock):
    before = PurchaseContract.objects.get(pk=contract.pk).updated_at
    clock.forward(minutes=5)
    assert write().status_code == 302
    assert PurchaseContract.objects.get(pk=contract.pk).updated_at == before


def test_an_error_keeps_every_word_and_saves_none(write, contract):
    fabric = line_of(contract, "fabric")
    typed = {on(fabric, "requirement"): "Organic cotton, 200", "deposit_percent": "300"}
    answer = write(**typed)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "<title>Error: Write the contract" in page
    assert "Ensure this value is less than or equal to 100." in page
    assert 'value="Organic cotton, 200"' in page
    assert 'value="300"' in page
    fabric.refresh_from_db()
    assert fabric.requirement == ""


def test_a_ship_by_day_in_the_past_is_refused(write, contract):
    ship_by = contract.order.ship_by
    answer = write(ship_by="2020-01-01")
    assert answer.status_code == 422
    assert "Enter a ship-by day after today." in text_of(answer)
    contract.order.refresh_from_db()
    assert contract.order.ship_by == ship_by


def test_a_file_of_the_wrong_kind_is_refused_and_nothing_else_is_saved(write, contract):
    design = line_of(contract, "design")
    upload = SimpleUploadedFile("design.exe", b"MZ not a drawing")
    answer = write(**{on(design, "upload"): upload, on(design, "how_checked"): "By eye"})
    assert answer.status_code == 422
    assert "“design.exe” is not a PDF, JPEG, PNG or WebP file." in text_of(answer)
    assert 'value="By eye"' in text_of(answer)
    design.refresh_from_db()
    assert (design.attachment, design.how_checked == "By eye") == (None, False)


def test_a_file_is_kept_by_its_fingerprint(client, write, contract):
    design = line_of(contract, "design")
    write(**{on(design, "upload"): SimpleUploadedFile("design_draft_a.pdf", PDF)})
    design.refresh_from_db()
    page = text_of(client.get(url("contract", contract)))
    assert "design_draft_a.pdf" in page
    assert "fingerprint locked" in page
    assert f'data-attachment-sha256="{design.attachment.sha256}"' in page


def test_add_keeps_what_was_typed(write, contract):
    fabric = line_of(contract, "fabric")
    answer = write(do="add", **{on(fabric, "requirement"): "Organic cotton, 200"})
    added = contract.lines.last()
    assert answer.url == f"{url('contract', contract)}?line={added.pk}#line-{added.pk}"
    fabric.refresh_from_db()
    assert (added.number, fabric.requirement) == (10, "Organic cotton, 200")


def test_duplicate_move_and_remove(write, contract):
    fabric, colour = line_of(contract, "fabric"), line_of(contract, "colour")
    write(do=f"down:{fabric.pk}")
    fabric.refresh_from_db()
    colour.refresh_from_db()
    assert (fabric.number, colour.number) == (2, 1)
    write(do=f"up:{fabric.pk}")
    write(do=f"duplicate:{fabric.pk}")
    assert contract.lines.last().characteristic == "Fabric"
    write(do=f"remove:{fabric.pk}")
    numbers = list(contract.lines.values_list("number", "characteristic"))
    assert numbers[0] == (1, "Fabric colour")
    assert numbers[-1] == (9, "Fabric")


def test_a_line_with_an_error_can_still_be_removed(write, contract):
    fabric = line_of(contract, "fabric")
    answer = write(do=f"remove:{fabric.pk}", **{on(fabric, "unit"): "x" * 21})
    assert answer.status_code == 302
    assert not contract.lines.filter(pk=fabric.pk).exists()


def test_a_line_of_another_contract_is_out_of_reach(write, contract):
    before = contract.lines.count()
    answer = write(do="remove:999999")
    assert answer.status_code == 422
    assert "That line is not there any more." in text_of(answer)
    assert contract.lines.count() == before


def test_a_repair_is_a_button_that_fills_the_field(write, brief, client):
    colour = line_of(brief, "colour")
    button = f"repair:{colour.pk}:requirement:Pantone 1935 C"
    page = client.get(url("contract", brief))
    assert f'name="do" value="{button}"' in text_of(page)
    write(do=button)
    colour.refresh_from_db()
    assert colour.requirement == "Pantone 1935 C"


def test_the_repair_of_a_tolerance_closes_both_sides(write, contract):
    fabric = line_of(contract, "fabric")
    empty = {on(fabric, "tolerance_minus"): "", on(fabric, "tolerance_plus"): ""}
    write(do=f"repair:{fabric.pk}:tolerance_plus:5 %", **empty)
    fabric.refresh_from_db()
    assert (fabric.tolerance_minus, fabric.tolerance_plus) == ("5 %", "5 %")


def test_a_repair_cannot_write_another_field(write, contract):
    fabric = line_of(contract, "fabric")
    write(do=f"repair:{fabric.pk}:severity:critical")
    fabric.refresh_from_db()
    assert fabric.severity == "major"


def test_a_missing_line_of_the_template_is_added_by_a_button(write, contract, buyer, client):
    drafting.remove_line(contract, by=buyer, line=line_of(contract, "reach"))
    assert "No line for REACH (EU) compliant. The template expects one." in text_of(
        client.get(url("contract", contract))
    )
    write(do="expected:reach")
    added = line_of(contract, "reach")
    assert (added.number, added.kind, added.choices) == (9, "compliance", ["yes", "no"])


def test_a_template_replaces_blank_lines_without_asking(write, contract):
    write(do="template:power_banks")
    contract.refresh_from_db()
    assert contract.template_key == "power_banks"
    assert contract.lines.count() == len(TEMPLATES["power_banks"].lines)


def test_a_template_asks_before_it_replaces_filled_lines(write, brief):
    answer = write(do="template:power_banks")
    page = text_of(answer)
    assert "Replace your lines by the template “Power banks”?" in page
    assert "9 lines go away with all that is written in them and their files." in page
    brief.refresh_from_db()
    assert brief.template_key == "childrens_clothing"
    write(do="template:power_banks", confirmed="yes")
    brief.refresh_from_db()
    assert brief.template_key == "power_banks"


def test_a_draft_saved_elsewhere_is_not_overwritten_unseen(client, buyer, contract, clock):
    client.force_login(buyer)
    fabric, zipper = line_of(contract, "fabric"), line_of(contract, "zipper")
    old = fields_of(client.get(url("contract", contract)))
    clock.forward(minutes=1)
    drafting.write_line(contract, by=buyer, line=fabric, requirement="Linen, 180")
    drafting.remove_line(contract, by=buyer, line=zipper)
    mine = old | {
        f"line-{fabric.pk}-requirement": "Organic cotton, 200",
        f"line-{zipper.pk}-requirement": "YKK",
    }
    answer = client.post(url("contract", contract), mine | {"do": "save"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Line 1, Requirement: stored is “Linen, 180”, you typed “Organic cotton, 200”" in page
    assert "The line “Zipper” was taken out. You typed “YKK”." in page
    assert 'value="Organic cotton, 200"' in page
    fabric.refresh_from_db()
    assert fabric.requirement == "Linen, 180"
    client.post(url("contract", contract), mine | {"do": "save", "seen": answer.context["seen"]})
    fabric.refresh_from_db()
    assert fabric.requirement == "Organic cotton, 200"


def test_the_autosave_answers_with_the_parts_that_saving_changes(write, contract):
    fabric = line_of(contract, "fabric")
    headers = {"X-Autosave": "1"}
    answer = write(headers=headers, **{on(fabric, "requirement"): "Organic cotton, 200"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'id="saved"' in page
    assert f'id="advice-{fabric.pk}"' in page
    assert "<html" not in page
    assert write(headers=headers, deposit_percent="0").content == b""


def test_the_live_score_has_its_table_and_its_lines(client, buyer, contract):
    client.force_login(buyer)
    page = client.get(url("contract", contract)).content.decode()
    source = page.split('<script id="vague-words" type="application/json">')[1].split("<")[0]
    assert json.loads(source)["weights"]["measurable"] == 25
    assert page.count(" data-clarity-line ") == 9
    assert "clarity.js" in page
    assert "style=" not in page


def test_the_builder_needs_as_many_queries_for_nine_lines_as_for_twenty(
    client, buyer, contract, django_assert_num_queries
):
    client.force_login(buyer)
    client.get(url("contract", contract))
    with django_assert_num_queries(9):
        client.get(url("contract", contract))
    for _n in range(11):
        drafting.add_line(contract, by=buyer, characteristic="More")
    with django_assert_num_queries(9):
        client.get(url("contract", contract))


# --- propose, answer, compare


def test_every_open_gap_is_named_before_a_proposal(client, buyer, brief):
    client.force_login(buyer)
    page = text_of(client.get(url("contract_propose", brief)))
    assert "1 open gap" in page
    assert "<strong>Pantone 1935 exists in several books. C, U or TCX?</strong>" in page
    answer = client.post(url("contract_propose", brief), {"gap": []})
    assert answer.status_code == 422
    assert "Acknowledge each open gap by name, or close it:" in text_of(answer)
    brief.refresh_from_db()
    assert (brief.state, brief.sha256) == ("draft", "")


def test_a_refused_proposal_keeps_the_ticks(client, buyer, contract):
    client.force_login(buyer)
    answer = client.post(url("contract_propose", contract), {"gap": ["1.requirement"]})
    assert answer.status_code == 422
    assert 'value="1.requirement" id="gap-1" checked' in text_of(answer)


def test_a_proposal_freezes_the_text_and_leads_to_the_signature(client, buyer, brief):
    client.force_login(buyer)
    codes = [gap.code for gap in drafting.gaps_of(brief)]
    answer = client.post(url("contract_propose", brief), {"gap": codes})
    assert answer.url == url("contract_sign", brief)
    brief.refresh_from_db()
    assert (brief.state, len(brief.sha256)) == ("proposed", 64)


def test_check_and_propose_saves_first(write, contract):
    fabric = line_of(contract, "fabric")
    answer = write(do="propose", **{on(fabric, "requirement"): "Organic cotton, 200"})
    assert answer.url == url("contract_propose", contract)
    fabric.refresh_from_db()
    assert fabric.requirement == "Organic cotton, 200"


def test_an_answer_is_a_version_of_one_s_own(client, supplier, proposed_contract):
    client.force_login(supplier)
    page = text_of(client.get(url("contract_counter", proposed_contract)))
    assert "Answer version 1 with one of your own?" in page
    client.post(url("contract_counter", proposed_contract))
    proposed_contract.refresh_from_db()
    assert proposed_contract.state == "superseded"
    assert "Write the contract" in text_of(client.get(url("contract", proposed_contract)))


def test_the_difference_of_two_versions_word_by_word(client, buyer, answered):
    client.force_login(buyer)
    page = text_of(client.get(url("contract_diff", answered, 1, 2)))
    assert "2 changes: Line 1, Fabric, Payment plan" in page
    assert "Organic cotton, <del>200</del> g/m² ± 5 %" in page
    assert "Organic cotton, <ins>190</ins> g/m² ± 5 %" in page
    assert "US$<del>5,580.00</del>" in page
    assert "US$<ins>7,440.00</ins>" in page
    assert "Version 2 is on the table" in page
    assert "You can claim outside this band: 180.5 to 199.5 g/m². Before: 190 to 210 g/m²." in page
    assert "You pay US$1,860.00 more before production starts." in page


def test_a_signature_shows_its_instant_in_utc_and_both_zones(client, buyer, signed_order):
    client.force_login(buyer)
    answer = client.get(reverse("contract", args=[signed_order.code]))
    first = answer.context["signed"][0]
    assert len(set(first["moments"])) == 3, first["moments"]
    assert all(moment in text_of(answer) for moment in first["moments"])
    assert "UTC" in first["moments"][0]
    assert "From the network address 203.0.113.7" in text_of(answer)


def test_each_side_reads_what_a_change_means_for_it(client, supplier, answered):
    client.force_login(supplier)
    page = text_of(client.get(url("contract_diff", answered, 1, 2)))
    assert "The buyer can claim outside this band: 180.5 to 199.5 g/m²." in page
    assert "The buyer pays US$1,860.00 more before production starts." in page
    assert "You pay" not in page


def test_a_different_file_shows_by_its_fingerprint(client, buyer, supplier, proposed_contract):
    answer = counter(proposed_contract, by=supplier)
    other = SimpleUploadedFile("design_draft_a.pdf", PDF + b"another drawing")
    drafting.write_line(answer, by=supplier, line=line_of(answer, "design"), upload=other)
    propose(answer, by=supplier, acknowledged=[gap.code for gap in drafting.gaps_of(answer)])
    client.force_login(buyer)
    page = text_of(client.get(url("contract_diff", answer, 1, 2)))
    assert "1 change: Line 3, Design" in page
    assert "A different file: its fingerprint changed." in page


def test_a_new_line_and_a_line_taken_out_are_named(client, buyer, supplier, proposed_contract):
    answer = counter(proposed_contract, by=supplier)
    drafting.remove_line(answer, by=supplier, line=line_of(answer, "reach"))
    drafting.add_line(answer, by=supplier, characteristic="Carton", requirement="5 ply")
    propose(answer, by=supplier, acknowledged=[gap.code for gap in drafting.gaps_of(answer)])
    client.force_login(buyer)
    page = text_of(client.get(url("contract_diff", answer, 1, 2)))
    assert "Line taken out" in page
    assert "New line" in page
    assert "<ins>Carton; 5 ply; Major</ins>" in page
    assert "It was line 9." in page


def test_a_hidden_draft_cannot_be_compared(client, buyer, supplier, proposed_contract):
    counter(proposed_contract, by=supplier)
    client.force_login(buyer)
    assert client.get(url("contract_diff", proposed_contract, 1, 2)).status_code == 404


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("200 g", "190 g", [("200", True), (" g", False)], [("190", True), (" g", False)]),
        ("红棉布", "蓝棉布", [("红", True), ("棉布", False)], [("蓝", True), ("棉布", False)]),
        ("", "new", [], [("new", True)]),
    ],
)
def test_texts_are_cut_where_they_differ(before, after, left, right):
    assert words(before, after) == (left, right)


# --- the signing


def ticks(contract, **changes):
    given = {"sha256": contract.sha256, "version": contract.version, "typed_name": "Asha Mehta"}
    given |= {f"statement_{n}": "on" for n in (1, 2, 3)} | {"password": PASSWORD}
    return {name: value for name, value in (given | changes).items() if value is not None}


def test_the_signing_page_shows_six_facts_and_the_hash_it_signs(client, buyer, proposed_contract):
    client.force_login(buyer)
    response = client.get(url("contract_sign", proposed_contract))
    page = text_of(response)
    assert [fact["label"] for fact in response.context["facts"]] == [
        "Goods", "Price", "Payment plan", "Ship by", "Inspection", "Paid into",
    ]  # fmt: skip
    assert "3,000 pcs Organic cotton romper" in page
    assert "US$18,600.00, FOB Ningbo" in page
    assert f'name="sha256" value="{proposed_contract.sha256}"' in page
    assert "What is not written as a measurable line cannot be claimed." in page
    assert "is not assured after release" not in page


def test_a_signature_with_name_and_password_leads_to_the_seal(client, buyer, proposed_contract):
    client.force_login(buyer)
    answer = client.post(
        url("contract_sign", proposed_contract), ticks(proposed_contract), follow=True
    )
    page = text_of(answer)
    signature = Signature.objects.get()
    assert (signature.typed_name, signature.sha256) == ("Asha Mehta", proposed_contract.sha256)
    assert "Ningbo Little Pine Garment signs next." in page
    assert proposed_contract.sha256 in page
    assert "One of the two signatures is there." in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "wrong"}, "That is not your password. Nothing was done."),
        ({"password": ""}, "Enter your password to sign."),
        ({"typed_name": ""}, "Type your name to sign."),
        ({"statement_2": None}, "Tick every statement to sign."),
        (
            {"sha256": "0" * 64},
            "The contract changed while you were reading. Read the new version first.",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_signed(
    client, buyer, proposed_contract, change, sentence
):
    client.force_login(buyer)
    given = ticks(proposed_contract, **change)
    answer = client.post(url("contract_sign", proposed_contract), given)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert PASSWORD not in text_of(answer)
    proposed_contract.refresh_from_db()
    assert (proposed_contract.state, Signature.objects.count()) == ("proposed", 0)


def test_a_wrong_password_keeps_the_name_and_the_ticks(client, buyer, proposed_contract):
    client.force_login(buyer)
    given = ticks(proposed_contract, password="wrong")
    page = text_of(client.post(url("contract_sign", proposed_contract), given))
    assert 'value="Asha Mehta"' in page
    assert page.count(" checked>") == 3


def test_a_version_that_changed_leads_to_what_changed(client, buyer, proposed_contract, answered):
    client.force_login(buyer)
    answer = client.post(url("contract_sign", proposed_contract), ticks(proposed_contract))
    assert answer.url == url("contract_diff", proposed_contract, 1, 2)
    assert "The contract changed while you were reading. Nothing was signed." in text_of(
        client.get(answer.url)
    )
    answered.refresh_from_db()
    assert (answered.state, Signature.objects.count()) == ("proposed", 0)


def test_a_version_that_is_being_answered_leads_to_the_contract(
    client, buyer, supplier, proposed_contract
):
    counter(proposed_contract, by=supplier)
    client.force_login(buyer)
    answer = client.post(url("contract_sign", proposed_contract), ticks(proposed_contract))
    assert answer.url == url("contract", proposed_contract)
    assert Signature.objects.count() == 0


def test_what_is_not_covered_must_be_known_before_signing(
    client, buyer, supplier, proposed_contract
):
    SupplierStanding.objects.filter(company=supplier.company).update(limit_minor=5_000_00)
    sign_as(proposed_contract, supplier)
    client.force_login(buyer)
    sentence = "I know that US$580.00 is not assured after release."
    assert sentence in text_of(client.get(url("contract_sign", proposed_contract)))
    answer = client.post(url("contract_sign", proposed_contract), ticks(proposed_contract))
    assert answer.status_code == 422
    assert "Tick that you know what is not assured, or do not sign." in text_of(answer)
    assert Signature.objects.count() == 1
    client.post(
        url("contract_sign", proposed_contract), ticks(proposed_contract, accept_uncovered="on")
    )
    proposed_contract.refresh_from_db()
    assert proposed_contract.state == "effective"
    proposed_contract.order.refresh_from_db()
    assert proposed_contract.order.uncovered_acknowledged_at is not None


def test_a_platform_that_is_strict_signs_nothing_above_the_limit(
    client, buyer, supplier, proposed_contract, settings
):
    settings.REQUIRE_COVERAGE = "strict"
    SupplierStanding.objects.filter(company=supplier.company).update(limit_minor=5_000_00)
    sign_as(proposed_contract, supplier)
    client.force_login(buyer)
    given = ticks(proposed_contract, accept_uncovered="on")
    answer = client.post(url("contract_sign", proposed_contract), given)
    assert answer.status_code == 422
    assert "is not assured: the supplier&#x27;s limit is in use." in text_of(answer)
    proposed_contract.refresh_from_db()
    assert proposed_contract.state == "part_signed"


def test_a_member_who_may_not_sign_is_told(client, buyer, proposed_contract):
    buyer.company_role = buyer.Role.MEMBER
    buyer.save()
    client.force_login(buyer)
    answer = client.post(url("contract_sign", proposed_contract), ticks(proposed_contract))
    assert answer.status_code == 422
    assert "Your account may not sign for your company." in text_of(answer)
    assert Signature.objects.count() == 0


def test_signing_needs_the_same_few_queries_every_time(
    client, buyer, proposed_contract, django_assert_num_queries
):
    client.force_login(buyer)
    client.get(url("contract_sign", proposed_contract))
    with django_assert_num_queries(7):
        client.get(url("contract_sign", proposed_contract))


# --- the sealed PDF


@pytest.fixture
def sealed(signed_order, run_outbox):
    """The contract in force with its sealed PDF."""
    run_outbox()
    return signed_order.contracts.get()


def test_the_progress_asks_again_until_the_pdf_is_sealed(client, buyer, signed_order, run_outbox):
    client.force_login(buyer)
    here = reverse("contract_progress", args=[signed_order.code])
    waiting = text_of(client.get(here, headers={"HX-Request": "true"}))
    assert "<strong>Waiting for its turn</strong>" in waiting
    assert f'hx-get="{here}" hx-trigger="every 2s"' in waiting
    assert f'<a href="{here}">Look again</a>' in waiting
    run_outbox()
    done = text_of(client.get(here, headers={"HX-Request": "true"}))
    assert "Version 1 is sealed." in done
    assert "hx-get" not in done
    assert reverse("contract_document", args=[signed_order.code]) in done


def test_without_javascript_the_progress_is_a_page(client, buyer, signed_order):
    client.force_login(buyer)
    page = text_of(client.get(reverse("contract_progress", args=[signed_order.code])))
    assert "<h1>The signed PDF is being made</h1>" in page


def test_after_a_minute_the_page_says_what_to_do(client, buyer, signed_order, clock):
    client.force_login(buyer)
    clock.forward(seconds=61)
    page = text_of(client.get(reverse("contract_progress", args=[signed_order.code])))
    assert "This takes longer than usual." in page
    assert "The contract is in force all the same." in page


@pytest.mark.parametrize("who", ["buyer", "supplier", "mediator"])
def test_the_sealed_pdf_comes_as_an_inert_attachment(client, sealed, who, request):
    client.force_login(request.getfixturevalue(who))
    answer = client.get(url("contract_document", sealed))
    data = b"".join(answer.streaming_content)
    answer.close()
    assert data.startswith(b"%PDF-1.7")
    code = sealed.order.code
    assert answer["Content-Disposition"] == f'attachment; filename="{code}-contract-v1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox"


def test_before_it_is_sealed_there_is_no_pdf(client, buyer, signed_order):
    client.force_login(buyer)
    assert client.get(reverse("contract_document", args=[signed_order.code])).status_code == 404


def test_a_copy_is_told_from_a_forgery(client, buyer, sealed):
    client.force_login(buyer)
    here = url("contract_verify", sealed)
    assert text_of(client.get(here)).count("<strong>Genuine.</strong>") == 1
    with sealed.pdf.open() as stored:
        data = stored.read()
    page = text_of(client.post(here, {"file": SimpleUploadedFile("copy.pdf", data)}))
    assert page.count("<strong>Genuine.</strong>") == 2
    assert "It is this contract’s PDF, byte for byte." in page
    forged = SimpleUploadedFile("copy.pdf", data + b"\n%more")
    page = text_of(client.post(here, {"file": forged}))
    assert "<strong>Not genuine.</strong>" in page
    assert "This document was altered after it was sealed." in page
    assert client.post(here, {}).status_code == 422


def test_a_stored_pdf_that_was_changed_is_found_out(client, buyer, sealed):
    with open(sealed.pdf.path, "ab") as stored:
        stored.write(b"%changed")
    client.force_login(buyer)
    assert "This document was altered after it was sealed." in text_of(
        client.get(url("contract_verify", sealed))
    )


def test_the_contract_in_force_shows_both_signatures_and_its_versions(client, supplier, sealed):
    client.force_login(supplier)
    page = text_of(client.get(url("contract", sealed)))
    assert "Sealed: both sides have signed." in page
    assert "Asha Mehta" in page
    assert "Lin Xiaosong" in page
    assert "Version 1 is sealed." in page


def test_a_handed_over_draft_can_be_handed_back(client, contract, buyer, supplier):
    hand_over(contract, by=buyer)
    client.force_login(buyer)
    answer = client.post(url("contract_hand_over", contract))
    assert answer.url == url("contract", contract)
    contract.refresh_from_db()
    assert contract.drafted_by == supplier.company


def test_the_back_office_reads_contracts_and_writes_none(client, mediator, sealed):
    client.force_login(mediator)
    there = reverse("admin:contracts_purchasecontract_changelist")
    assert sealed.order.code in text_of(client.get(there, {"q": sealed.sha256}))
    change = reverse("admin:contracts_purchasecontract_change", args=[sealed.pk])
    page = text_of(client.get(change))
    assert "Organic cotton, 200" in page
    assert "Asha Mehta" in page
    assert client.post(change, {"side_terms": "changed"}).status_code == 403
    sealed.refresh_from_db()
    assert sealed.side_terms == ""
