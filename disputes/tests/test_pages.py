"""The pages of a dispute: filing it, its fifteen days, offers, evidence, the decision."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import days
from disputes import operations, rulings
from disputes.models import Dispute
from disputes.settlement import settlement_of
from inspections import operations as inspections
from ledger.balances import balance
from ledger.models import Transfer
from payments import lateness
from tests.cast import PASSWORD, PDF, usd
from workflow import deadlines
from workflow.models import Event

pytestmark = pytest.mark.django_db

SGT = ZoneInfo("Asia/Singapore")


def text_of(response):
    return " ".join(response.content.decode().split())


def see(client, user, name, *args, **data):
    client.force_login(user)
    return client.get(reverse(name, args=args), data)


def send(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def said(response):
    return [str(message) for message in response.wsgi_request._messages]


def claim_on(inspection, **changed):
    line = inspection.contract.lines.get(template_key="fabric")
    given = {"reason": "quality", "lines": [line.pk], "amount": "1,240.00", "statement": "Light."}
    return {**given, **changed}


# --- filing


def test_the_lines_that_the_report_found_to_differ_are_ticked_already(client, failed, buyer):
    response = see(client, buyer, "dispute_new", failed.order.code)
    text = text_of(response)
    line = failed.contract.lines.get(template_key="fabric")
    assert response.context["form"].initial == {"lines": [line.pk], "reason": "quality"}
    assert "1. Fabric · Organic cotton, 200 · 190 to 210 g/m² · 9 g/m² under the limit" in text
    assert "At most US$5,580.00: all that is held now." in text
    assert "Warranties and repairs are not part of the cover." in text
    assert "Only money paid to the designated account" in text
    assert "The platform takes over and decides." in text


def test_the_check_shows_the_claim_and_sends_nothing(client, failed, buyer):
    events = Event.objects.count()
    response = send(
        client, buyer, "dispute_new", failed.order.code, step="check", **claim_on(failed)
    )
    text = text_of(response)
    assert response.status_code == 200
    assert "US$1,240.00" in text
    assert "US$4,340.00" in text
    assert "1. Fabric" in text
    assert (Dispute.objects.count(), Event.objects.count()) == (0, events)


def test_sending_opens_the_dispute_and_blocks_exactly_the_claim(client, failed, buyer):
    response = send(
        client, buyer, "dispute_new", failed.order.code, step="send", **claim_on(failed)
    )
    dispute = Dispute.objects.get()
    assert response.url == reverse("dispute", args=[dispute.public_id])
    assert (dispute.claimed, dispute.reason) == (usd("1240.00"), "quality")
    assert [str(claim.line) for claim in dispute.claims.all()] == ["1. Fabric"]
    assert balance(dispute.hold_account) == usd("1240.00")
    assert balance(f"escrow:{failed.order.ref}") == usd("4340.00")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": ""}, "Choose what is wrong."),
        ({"lines": []}, "Name the contract lines that differ. Only these can be compared."),
        ({"lines": ["999999"]}, "Choose lines of this contract that are still open."),
        ({"amount": "a lot"}, "Enter the amount in figures, like 1,240.00."),
        ({"amount": "12.345"}, "Enter the amount in figures, like 1,240.00."),
        ({"amount": "NaN"}, "Enter the amount in figures, like 1,240.00."),
        ({"amount": "0"}, "Enter more than nothing and at most US$5,580.00"),
        ({"amount": "5580.01"}, "Enter more than nothing and at most US$5,580.00"),
        ({"statement": ""}, "Describe what happened."),
    ],
)
def test_a_claim_that_cannot_be_sent_says_what_to_change(client, failed, buyer, changed, sentence):
    claim = claim_on(failed, **changed)
    response = send(client, buyer, "dispute_new", failed.order.code, step="send", **claim)
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert not Dispute.objects.exists()
    assert balance(f"escrow:{failed.order.ref}") == usd("5580.00")


def test_words_about_a_warranty_are_pointed_out_before_sending(client, failed, buyer):
    claim = claim_on(failed, statement="I want the warranty repair.")
    text = text_of(send(client, buyer, "dispute_new", failed.order.code, step="check", **claim))
    assert "Read this before you send it." in text


def test_changing_it_after_the_check_keeps_what_was_typed(client, failed, buyer):
    claim = claim_on(failed)
    response = send(client, buyer, "dispute_new", failed.order.code, step="edit", **claim)
    assert response.context["form"]["amount"].value() == "1,240.00"
    assert not Dispute.objects.exists()


def test_a_line_accepted_despite_the_report_is_not_offered(client, failed, buyer):
    row = failed.results.get(result="differs")
    inspections.accept_despite(failed, by=buyer, waived=[row.pk])
    response = see(client, buyer, "dispute_new", failed.order.code)
    offered = [pk for pk, _text in response.context["form"].fields["lines"].choices]
    assert row.line_id not in offered
    assert "1. Fabric: you accepted this line despite the inspection" in text_of(response)
    response = send(
        client, buyer, "dispute_new", failed.order.code, step="send", **claim_on(failed)
    )
    assert response.status_code == 422
    assert not Dispute.objects.exists()


def test_only_the_buyer_files_and_only_when_money_is_held(client, failed, supplier, stranger):
    code = failed.order.code
    assert see(client, stranger, "dispute_new", code).status_code == 404
    response = send(client, supplier, "dispute_new", code, step="send", **claim_on(failed))
    assert response.status_code == 422
    assert "quality" not in dict(response.context["form"].fields["reason"].choices)
    assert not Dispute.objects.exists()


def test_an_unpaid_order_cannot_be_disputed(client, signed_order, buyer):
    response = see(client, buyer, "dispute_new", signed_order.code)
    assert response.url == reverse("order", args=[signed_order.code])


def test_a_second_claim_leads_to_the_open_dispute(client, dispute, buyer):
    response = see(client, buyer, "dispute_new", dispute.order.code)
    assert response.url == reverse("dispute", args=[dispute.public_id])


# --- the list


def test_the_list_shows_my_disputes_in_two_tabs(client, dispute, buyer, supplier, stranger):
    for user, other in ((buyer, "Ningbo Little Pine Garment"), (supplier, "Kidzone Retail")):
        text = text_of(see(client, user, "disputes"))
        assert dispute.order.code in text
        assert other in text
        assert "US$5,580.00" in text
    assert "No open dispute" in text_of(see(client, stranger, "disputes"))
    operations.withdraw(dispute, by=buyer)
    assert dispute.order.code not in text_of(see(client, buyer, "disputes"))
    assert dispute.order.code in text_of(see(client, buyer, "disputes", tab="closed"))


def test_the_list_needs_the_same_queries_however_long_it_is(client, dispute, buyer):
    url = reverse("disputes")
    client.force_login(buyer)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for n in range(3):
        Dispute.objects.create(
            order=dispute.order,
            filed_by=buyer,
            reason="late",
            statement=str(n),
            claimed_minor=100,
            currency="USD",
            state="withdrawn",
        )
    client.get(url + "?tab=closed")
    with CaptureQueriesContext(connection) as three:
        client.get(url + "?tab=closed")
    assert len(three.captured_queries) <= len(one.captured_queries)


# --- the page


@pytest.mark.parametrize(
    "name",
    ["dispute", "dispute_accept", "dispute_concede", "dispute_refuse", "dispute_withdraw"],
)
def test_strangers_and_the_inspector_find_no_dispute(client, dispute, stranger, inspector, name):
    for user in (stranger, inspector):
        assert see(client, user, name, dispute.public_id).status_code == 404


@pytest.mark.parametrize(
    "verb",
    ["offer", "accept", "decline", "concede", "refuse", "withdraw", "evidence", "escalate"],
)
def test_a_stranger_posts_into_the_void_and_nothing_moves(client, dispute, stranger, verb):
    before = (Transfer.objects.count(), Event.objects.count())
    data = {"refund": "1.00", "reason": "x", "text": "x", "seen": "100"}
    response = send(client, stranger, f"dispute_{verb}", dispute.public_id, **data)
    dispute.refresh_from_db()
    assert (response.status_code, dispute.state) == (404, "open")
    assert (Transfer.objects.count(), Event.objects.count()) == before


@pytest.fixture
def on_day_five(request, clock):
    """Filed on 2 March 2026; it is the fifth day after in Singapore."""
    clock.move_to(datetime(2026, 2, 20, 12, tzinfo=SGT))
    request.getfixturevalue("failed")
    clock.move_to(datetime(2026, 3, 2, 12, tzinfo=SGT))
    dispute = request.getfixturevalue("dispute")
    clock.move_to(datetime(2026, 3, 7, 9, tzinfo=SGT))
    return dispute


def test_the_bar_says_which_of_the_fifteen_days_it_is_and_when_the_last_one_ends(
    client, on_day_five, supplier
):
    response = see(client, supplier, "dispute", on_day_five.public_id)
    text = text_of(response)
    assert response.context["day"] == 5
    assert "Day 5 of 15" in text
    assert "Tue 17 Mar 2026, 23:59 China time" in text
    assert "Then the platform takes over and decides." in text


@pytest.mark.parametrize(("passed", "day"), [(0, 1), (1, 1), (2, 2), (14, 14), (15, 15)])
def test_the_days_are_counted_by_the_platforms_calendar(
    client, on_day_five, supplier, clock, passed, day
):
    clock.move_to(datetime(2026, 3, 2, 23, 59, tzinfo=SGT) + timedelta(days=passed))
    response = see(client, supplier, "dispute", on_day_five.public_id)
    assert response.context["day"] == day


def test_each_claimed_line_is_shown_beside_what_was_measured(client, dispute, buyer):
    text = text_of(see(client, buyer, "dispute", dispute.public_id))
    assert "Agreed: Organic cotton, 200 · 190 to 210 g/m²" in text
    assert "Reported: 181 g/m², 9 g/m² under the limit" in text


def test_asking_the_platform_before_day_fifteen_is_refused_with_the_date(
    client, on_day_five, buyer
):
    response = send(client, buyer, "dispute_escalate", on_day_five.public_id)
    assert "2026-03-17" in said(response)[0]
    on_day_five.refresh_from_db()
    assert on_day_five.state == "open"


def test_each_side_is_offered_what_it_can_do(client, dispute, buyer, supplier, mediator):
    text = text_of(see(client, supplier, "dispute", dispute.public_id))
    assert "Settle with the other side, or say why you refuse" in text
    assert "Grant the whole claim" in text
    assert "Give the claim up" not in text
    text = text_of(see(client, buyer, "dispute", dispute.public_id))
    assert "Give the claim up" in text
    assert "Grant the whole claim" not in text
    text = text_of(see(client, mediator, "dispute", dispute.public_id))
    assert "Make an offer" not in text
    assert "The case on one page" in text


def test_an_offer_is_made_countered_and_accepted_on_a_page_that_names_both_amounts(
    client, dispute, buyer, supplier
):
    send(client, supplier, "dispute_offer", dispute.public_id, refund="1,000.00", note="Weight.")
    text = text_of(see(client, buyer, "dispute", dispute.public_id))
    assert "Ningbo Little Pine Garment offers: US$1,000.00 back to the buyer" in text
    assert "Accept US$1,000.00" in text
    assert "Accept US$1,000.00" not in text_of(see(client, supplier, "dispute", dispute.public_id))

    send(client, buyer, "dispute_offer", dispute.public_id, refund="2000")
    text = text_of(see(client, supplier, "dispute_accept", dispute.public_id))
    assert "Accept the offer of Kidzone Retail?" in text
    for amount in ("US$2,000.00", "US$3,508.40", "US$71.60", "US$5,580.00"):
        assert amount in text
    assert "This cannot be undone." in text
    assert balance(f"refund_payable:{dispute.buyer_id}") == usd("0")

    send(client, supplier, "dispute_accept", dispute.public_id, seen="200000", password=PASSWORD)
    dispute.refresh_from_db()
    assert dispute.state == "settled"
    assert balance(f"refund_payable:{dispute.buyer_id}") == usd("2000.00")
    assert balance(f"supplier_payable:{dispute.supplier_id}") == usd("3508.40")
    text = text_of(see(client, buyer, "dispute", dispute.public_id))
    assert "Refund, US$2,000.00" in text
    assert "US$2,000.00 back to the buyer, US$3,580.00 to the supplier." in text


@pytest.mark.parametrize("seen", ["", "200001", "-1", "x"])
def test_only_the_offer_that_was_read_is_accepted(client, dispute, buyer, supplier, seen):
    operations.propose(dispute, by=supplier, refund=usd("2000.00"))
    response = send(
        client, buyer, "dispute_accept", dispute.public_id, seen=seen, password=PASSWORD
    )
    assert said(response) == [
        "The offer changed while you were reading. Look at the new one first."
    ]
    dispute.refresh_from_db()
    assert dispute.state == "offer_pending"


def test_an_offer_above_the_claim_stays_on_the_page_with_what_to_change(client, dispute, supplier):
    response = send(client, supplier, "dispute_offer", dispute.public_id, refund="6000", note="n")
    assert response.status_code == 422
    assert "Enter an amount from 0 to US$5,580.00" in text_of(response)
    assert response.context["offer_form"]["note"].value() == "n"
    dispute.refresh_from_db()
    assert dispute.state == "open"


def test_declining_takes_the_offer_off_the_table(client, dispute, buyer, supplier):
    operations.propose(dispute, by=supplier, refund=usd("2000.00"))
    send(client, buyer, "dispute_decline", dispute.public_id)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.offer) == ("open", None)


def test_a_member_who_may_not_sign_neither_accepts_nor_grants(client, dispute, supplier, buyer):
    operations.propose(dispute, by=buyer, refund=usd("2000.00"))
    supplier.company_role = "member"
    supplier.save()
    text = text_of(see(client, supplier, "dispute", dispute.public_id))
    assert "Somebody who may sign and pay for it accepts an offer" in text
    assert "Accept US$2,000.00" not in text
    assert "Grant the whole claim" not in text
    send(client, supplier, "dispute_accept", dispute.public_id, seen="200000", password=PASSWORD)
    send(client, supplier, "dispute_concede", dispute.public_id, password=PASSWORD)
    dispute.refresh_from_db()
    assert dispute.state == "offer_pending"
    assert balance(f"refund_payable:{dispute.buyer_id}") == usd("0")


def test_granting_the_claim_names_the_amount_first(client, dispute, supplier):
    text = text_of(see(client, supplier, "dispute_concede", dispute.public_id))
    assert "Give US$5,580.00 back to Kidzone Retail?" in text
    dispute.refresh_from_db()
    assert dispute.state == "open"
    send(client, supplier, "dispute_concede", dispute.public_id, password=PASSWORD)
    dispute.refresh_from_db()
    assert dispute.state == "settled"
    assert balance(f"refund_payable:{dispute.buyer_id}") == usd("5580.00")


def test_refusing_needs_a_reason(client, dispute, supplier):
    response = send(client, supplier, "dispute_refuse", dispute.public_id, reason="")
    assert (response.status_code, "Say why you refuse." in text_of(response)) == (422, True)
    send(client, supplier, "dispute_refuse", dispute.public_id, reason="The scale was wrong.")
    dispute.refresh_from_db()
    assert dispute.state == "escalated"


def test_giving_up_is_confirmed_first(client, dispute, buyer):
    assert "Give up the claim for US$5,580.00?" in text_of(
        see(client, buyer, "dispute_withdraw", dispute.public_id)
    )
    send(client, buyer, "dispute_withdraw", dispute.public_id)
    dispute.refresh_from_db()
    assert dispute.state == "withdrawn"
    assert balance(f"escrow:{dispute.order.ref}") == usd("5580.00")


def test_evidence_goes_in_with_its_file_and_is_read_by_both(client, dispute, buyer, supplier):
    upload = SimpleUploadedFile("scale.pdf", PDF)
    send(client, buyer, "dispute_evidence", dispute.public_id, text="Our own scale.", upload=upload)
    evidence = dispute.evidence.get()
    assert evidence.attachment.readable_by(supplier)
    text = text_of(see(client, supplier, "dispute", dispute.public_id))
    assert "Our own scale." in text
    assert reverse("attachment", args=[evidence.attachment.public_id]) in text


def test_a_file_of_a_wrong_kind_is_refused_and_the_words_stay(client, dispute, buyer):
    upload = SimpleUploadedFile("run.exe", b"MZ not a picture")
    response = send(
        client, buyer, "dispute_evidence", dispute.public_id, text="Look.", upload=upload
    )
    assert response.status_code == 422
    assert "is not a PDF, JPEG, PNG or WebP file" in text_of(response)
    assert response.context["evidence_form"]["text"].value() == "Look."
    assert not dispute.evidence.exists()


def test_a_proposed_ruling_is_not_shown_before_it_is_given(
    client, proposed, buyer, supplier, mediator
):
    for user in (buyer, supplier):
        text = text_of(see(client, user, "dispute", proposed.public_id))
        assert "US$2,000.00" not in text
        assert "Line 1 differs." not in text
    rulings.decide(proposed, by=mediator)
    end = deadlines.due_at("dispute.appeal", proposed)
    assert end == days.days_after(proposed.decided_at, 7)
    for user in (buyer, supplier):
        text = text_of(see(client, user, "dispute", proposed.public_id))
        assert "US$2,000.00" in text
        assert "US$3,580.00" in text
        assert "1. Fabric: Organic cotton, 200 · 190 to 210 g/m²" in text
        assert "9 under the limit" in text
        assert "Line 1 differs." in text
        assert "Either side may appeal until" in text


# --- what the record comes to


def test_an_order_that_was_never_shipped_comes_to_everything_that_is_held(
    client, funded_order, buyer, supplier, clock, run_clock
):
    clock.move_to(funded_order.ship_deadline)
    run_clock()
    lateness.choose_when_late(funded_order, by=buyer, choice="wait")
    dispute = operations.file(
        funded_order, by=buyer, reason="not_shipped", statement="Nothing.", amount=usd("5580.00")
    )
    contract = funded_order.contracts.get()
    assert settlement_of(dispute.order, contract, dispute.claimed) is None
    clock.move_to(funded_order.ship_deadline + timedelta(days=3))
    found = settlement_of(dispute.order, contract, dispute.claimed)
    assert (found.total, len(found.parts)) == (usd("5580.00"), 1)
    text = text_of(see(client, supplier, "dispute", dispute.public_id))
    assert "Nothing was shipped: everything that is held goes back." in text
    assert "Settle with US$5,580.00 back" in text
    send(client, supplier, "dispute_take", dispute.public_id, seen="5579")
    assert balance(dispute.hold_account) == usd("5580.00")
    send(client, supplier, "dispute_take", dispute.public_id, seen=str(found.total.minor))
    dispute.refresh_from_db()
    assert (dispute.state, dispute.order.state) == ("settled", "refunded")
    assert balance(f"refund_payable:{dispute.buyer_id}") == usd("5580.00")


def test_a_side_says_done_hands_over_and_appeals_from_the_page(
    client, dispute, buyer, supplier, mediator, second_mediator
):
    send(client, buyer, "dispute_hand_over", dispute.public_id)
    text = text_of(see(client, supplier, "dispute", dispute.public_id))
    assert "Kidzone Retail agrees that the platform decides now." in text
    send(client, supplier, "dispute_hand_over", dispute.public_id)
    dispute.refresh_from_db()
    rulings.assign(dispute, by=mediator, mediator=mediator)
    assert "I have nothing to add" in text_of(see(client, buyer, "dispute", dispute.public_id))
    send(client, buyer, "dispute_done", dispute.public_id)
    assert "You have nothing more to add." in text_of(
        see(client, buyer, "dispute", dispute.public_id)
    )
    send(client, supplier, "dispute_done", dispute.public_id)
    dispute.refresh_from_db()
    assert dispute.state == "under_review"
    rulings.review_contract(dispute, by=mediator, review="Line 1.")
    findings = {claim.pk: ("differs", "9 under") for claim in dispute.claims.all()}
    rulings.compare(dispute, by=mediator, comparison="181.", findings=findings)
    rulings.propose_ruling(
        dispute, by=mediator, refund=usd("2000.00"), fault="supplier", reasons="Line 1."
    )
    rulings.decide(dispute, by=mediator)
    assert "Each decision can be appealed once" in text_of(
        see(client, supplier, "dispute_appeal", dispute.public_id)
    )
    empty = send(client, supplier, "dispute_appeal", dispute.public_id, ground="named_error")
    assert empty.status_code == 422
    send(client, supplier, "dispute_appeal", dispute.public_id, ground="named_error", text="Odd.")
    dispute.refresh_from_db()
    assert (dispute.state, dispute.mediator) == ("appealed", second_mediator)
    text = text_of(see(client, buyer, "dispute", dispute.public_id))
    assert "Ningbo Little Pine Garment appealed. Another mediator decides" in text


def test_a_draft_is_kept_read_again_and_thrown_away(client, failed, buyer):
    code = failed.order.code
    claim = claim_on(failed, statement="Not sure yet.")
    send(client, buyer, "dispute_new", code, step="keep", **claim)
    assert Dispute.objects.get().state == "draft"
    assert "Not sure yet." in text_of(see(client, buyer, "dispute_new", code))
    send(client, buyer, "dispute_new", code, step="discard")
    assert Dispute.objects.get().state == "withdrawn"


def test_goods_that_only_differ_come_to_nothing_by_arithmetic(client, dispute, supplier):
    text = text_of(see(client, supplier, "dispute", dispute.public_id))
    assert "What the record comes to" not in text


def test_a_page_read_at_the_last_instant_offers_nothing_that_is_over(
    client, dispute, supplier, clock, run_clock
):
    clock.move_to(deadlines.due_at("dispute.resolve", dispute))
    run_clock()
    text = text_of(see(client, supplier, "dispute", dispute.public_id))
    assert "The platform has taken over. A mediator is being assigned." in text
    assert "Make an offer" not in text


def test_money_is_given_away_only_by_somebody_who_proves_again_who_it_is(
    client, dispute, buyer, supplier
):
    operations.propose(dispute, by=buyer, refund=usd("2000.00"))
    for name in ("dispute_accept", "dispute_concede"):
        for password in ("", "wrong"):
            answer = send(
                client, supplier, name, dispute.public_id, seen="200000", password=password
            )
            assert answer.status_code == 422
    assert balance(dispute.hold_account) == usd("5580.00")
    dispute.refresh_from_db()
    assert dispute.state == "offer_pending"


def test_an_offer_with_which_the_order_goes_on_says_what_stays_held(
    client, dispute, buyer, supplier
):
    operations.propose(dispute, by=supplier, refund=usd("80.00"), remedy="continue")
    text = text_of(see(client, buyer, "dispute_accept", dispute.public_id))
    assert "Held for the order, which goes on" in text
    assert "US$5,500.00" in text
    assert "Fee of the platform" not in text
