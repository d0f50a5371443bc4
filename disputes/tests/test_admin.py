"""The mediator's work in its order, and what the back office refuses."""

import pytest
from django.urls import reverse

from disputes import operations, rulings
from ledger.models import Transfer
from tests.cast import both_done, usd
from workflow.models import Event

pytestmark = pytest.mark.django_db

BUTTONS = {
    "assign": "Assign a mediator",
    "screen_out": "Not covered: send it back",
    "order_inspection": "Order an inspection",
    "review_contract": "1. Review the contract",
    "compare": "2. Compare with the report",
    "propose_ruling": "3. Propose the ruling",
    "decide": "4. Give the ruling",
}


def address(dispute, verb=None):
    if verb is None:
        return reverse("admin:disputes_dispute_change", args=[dispute.pk])
    return reverse("admin:disputes_dispute_do", args=[dispute.pk, verb])


def buttons(client, user, dispute):
    client.force_login(user)
    text = client.get(address(dispute)).content.decode()
    return [
        verb
        for verb, title in BUTTONS.items()
        if f'<a href="{address(dispute, verb)}">{title}</a>' in text
    ]


def text_of(response):
    return " ".join(response.content.decode().split())


def do(client, user, dispute, verb, **data):
    client.force_login(user)
    response = client.post(address(dispute, verb), {"csrfmiddlewaretoken": "sent", **data})
    dispute.refresh_from_db()
    return response


@pytest.fixture
def escalated(dispute, supplier):
    operations.refuse(dispute, by=supplier, reason="No.")
    return dispute


def test_the_work_goes_step_by_step_and_each_step_opens_the_next(
    client, escalated, mediator, second_mediator
):
    case = escalated
    assert buttons(client, mediator, case) == ["assign"]
    do(client, mediator, case, "assign", mediator=mediator.pk)
    assert (case.state, case.mediator) == ("evidence", mediator)
    assert buttons(client, mediator, case) == ["order_inspection"]
    both_done(case)
    assert buttons(client, mediator, case) == ["order_inspection", "review_contract"]
    do(client, mediator, case, "review_contract", review="Line 1: 190 to 210 g/m².")
    assert buttons(client, mediator, case) == ["order_inspection", "review_contract", "compare"]
    claim = case.claims.get()
    finding = {f"finding_{claim.pk}": "differs", f"note_{claim.pk}": "9 under."}
    do(client, mediator, case, "compare", comparison="181 g/m².", **finding)
    claim.refresh_from_db()
    assert (claim.finding, claim.finding_note) == ("differs", "9 under.")
    assert buttons(client, mediator, case) == ["order_inspection", "compare", "propose_ruling"]
    ruling = {"refund": "2,000.00", "release": "3,580.00", "fault": "supplier", "reasons": "R."}
    do(client, mediator, case, "propose_ruling", **ruling)
    assert (case.refund_minor, case.release_minor) == (2000_00, 3580_00)
    assert buttons(client, mediator, case) == [
        "order_inspection", "compare", "propose_ruling", "decide",
    ]  # fmt: skip
    do(client, mediator, case, "decide")
    assert (case.state, case.decided_by) == ("decided", mediator)
    assert buttons(client, mediator, case) == []


def test_without_a_name_the_mediator_with_the_fewest_cases_is_taken(
    client, escalated, mediator, second_mediator
):
    do(client, second_mediator, escalated, "assign", mediator="")
    assert escalated.mediator == mediator


@pytest.mark.parametrize("who", ["finance", "buyer", "stranger"])
def test_nobody_but_a_mediator_works_on_a_case(request, client, proposed, who):
    user = request.getfixturevalue(who)
    before = (Event.objects.count(), Transfer.objects.count())
    for verb in BUTTONS:
        response = do(client, user, proposed, verb, refund="1.00", release="5579.00")
        assert response.status_code == (403 if user.is_staff else 302)
    assert (Event.objects.count(), Transfer.objects.count()) == before
    assert (proposed.state, proposed.refund_minor) == ("under_review", 2000_00)


def test_a_mediator_does_not_write_on_a_colleagues_case(
    client, compared, second_mediator, mediator
):
    assert buttons(client, mediator, compared) == ["order_inspection", "compare", "propose_ruling"]
    assert buttons(client, second_mediator, compared) == []
    for verb in ("review_contract", "compare", "propose_ruling"):
        assert do(client, second_mediator, compared, verb).status_code == 403


def test_a_step_out_of_order_is_closed_by_hand_too(client, under_review, mediator):
    for verb in ("compare", "propose_ruling", "decide"):
        assert do(client, mediator, under_review, verb).status_code == 403
    assert under_review.state == "under_review"


def test_the_comparison_has_a_row_for_each_claimed_line_with_what_was_reported(
    client, under_review, mediator
):
    rulings.review_contract(under_review, by=mediator, review="Line 1.")
    client.force_login(mediator)
    response = client.get(address(under_review, "compare"))
    claim = under_review.claims.get()
    field = response.context["form"][f"finding_{claim.pk}"]
    assert (field.label, field.value()) == ("1. Fabric", "differs")
    assert field.help_text == (
        "Agreed: Organic cotton, 200 · 190 to 210 g/m². Reported: 181 g/m², 9 g/m² under the limit."
    )
    response = do(client, mediator, under_review, "compare", comparison="x")
    assert "Every claimed line needs a finding." in text_of(response)
    assert under_review.compared_at is None


@pytest.mark.parametrize(
    ("refund", "release", "sentence"),
    [
        (
            "2000", "3000",
            "US$2,000.00 + US$3,000.00 = US$5,000.00. "
            "US$580.00 of the US$5,580.00 held is missing.",
        ),
        (
            "5580", "0.01",
            "US$5,580.00 + US$0.01 = US$5,580.01. That is US$0.01 more than the US$5,580.00 held.",
        ),
        ("5580.01", "0", "Enter an amount from 0 to US$5,580.00: that is what is held."),
    ],
)  # fmt: skip
def test_refund_and_release_that_are_not_the_hold_are_refused_with_the_sum(
    client, compared, mediator, refund, release, sentence
):
    ruling = {"refund": refund, "release": release, "fault": "supplier", "reasons": "R."}
    response = do(client, mediator, compared, "propose_ruling", **ruling)
    assert sentence in text_of(response)
    assert (compared.refund_minor, compared.proposed_by) == (None, None)


def test_above_the_limit_the_proposer_has_no_button_and_the_address_says_why(
    client, proposed, mediator, second_mediator, settings
):
    settings.SECOND_READER_FROM_MINOR = 5579_99
    assert buttons(client, mediator, proposed) == ["order_inspection", "compare", "propose_ruling"]
    sentence = "A second mediator reads rulings of this size. Ask a colleague to give it."
    for response in (
        client.get(address(proposed, "decide")),
        do(client, mediator, proposed, "decide"),
    ):
        assert (response.status_code, sentence in text_of(response)) == (403, True)
    assert proposed.state == "under_review"
    assert buttons(client, second_mediator, proposed) == ["decide"]
    do(client, second_mediator, proposed, "decide")
    assert (proposed.state, proposed.decided_by) == ("decided", second_mediator)


def test_the_case_on_one_page_shows_line_report_and_finding(client, proposed, mediator, buyer):
    operations_seen = reverse("admin:disputes_dispute_decision", args=[proposed.pk])
    client.force_login(mediator)
    text = text_of(client.get(operations_seen))
    assert "1. Fabric" in text
    assert "190 to 210 g/m²" in text
    assert "9 g/m² under the limit" in text
    assert "refund (S21, S52)" in text
    assert "US$2,000.00" in text
    assert "US$3,580.00" in text
    assert "The cloth is lighter than line 1 says." in text
    assert "refused the claim. Our staff take over." in text
    client.force_login(buyer)
    assert client.get(operations_seen).status_code == 302


def test_nothing_of_a_dispute_can_be_edited_added_or_deleted(client, proposed, mediator):
    client.force_login(mediator)
    changed = {"state": "enforced", "refund_minor": "558000"}
    client.post(address(proposed), changed)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.refund_minor) == ("under_review", 2000_00)
    assert client.get(reverse("admin:disputes_dispute_add")).status_code == 403
    delete = reverse("admin:disputes_dispute_delete", args=[proposed.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    text = text_of(client.get(reverse("admin:disputes_dispute_changelist")))
    assert "US$5,580.00" in text


def test_the_usual_outcome_is_told_while_the_ruling_is_written(client, compared, mediator):
    client.force_login(mediator)
    help_text = client.get(address(compared, "propose_ruling")).context["form"]["reasons"].help_text
    assert "Line 1, Differs." in help_text
    assert "Supplier: refund (S21, S52)" in help_text
    assert "Buyer: release (S24)" in help_text
    assert compared.claimed == usd("5580.00")
