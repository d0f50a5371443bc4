"""Everybody chooses over which channels they are told; what is locked comes all the same."""

import re

import pytest
from django.urls import reverse

from notifications.channels import USUAL, Channels, channels_of, letters_for
from notifications.letters import LETTERS
from notifications.locks import ACT, DEADLINE, MONEY, SAFETY, lock_of
from notifications.models import DailyDigest, Notice, Preference
from notifications.preferences import choose, meant_by, stop_mail, token_of
from tests.cast import person
from trade_center.operations import send

pytestmark = pytest.mark.django_db
OFF = Channels(site=False, mail=False)


def page_of(client, name="notification_preferences", **kwargs):
    return client.get(reverse(name, **kwargs)).content.decode()


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        ("message", ""),
        ("inspection_passed", ""),
        ("evidence_added", ""),
        ("contract_sealed", ""),
        ("money_held", MONEY),
        ("refund_sent", MONEY),
        ("decision_carried_out", MONEY),
        ("dispute_answer", MONEY),
        ("contract_offered", DEADLINE),
        ("shipped_on_time", DEADLINE),
        ("ship_day_moved", DEADLINE),
        ("buyer_waits", ACT),
        ("account_changed", SAFETY),
        ("token_issued", SAFETY),
    ],
)
def test_what_is_about_money_time_duty_or_safety_is_locked(letter, reason):
    assert lock_of(letter) == reason


def test_no_letter_that_may_be_switched_off_has_a_time_limit_or_asks_for_something():
    free = [letter for name, letter in LETTERS.items() if not lock_of(name)]
    assert 10 < len(free) < 40
    assert [letter.name for letter in free if letter.deadline or letter.act] == []


def test_everybody_sees_only_what_may_be_told_to_them(buyer, supplier, inspector, finance):
    flat = {
        user: {name for names in letters_for(user).values() for name in names}
        for user in (buyer, supplier, inspector, finance)
    }
    assert "check_goods" in flat[buyer]
    assert "check_goods" not in flat[supplier]
    assert "released_to_you" in flat[supplier]
    assert "released_to_you" not in flat[buyer]
    assert "inspection_visit" in flat[inspector]
    assert "message" not in flat[inspector]
    assert "approve_money" in flat[finance]
    assert "message" not in flat[finance]


def test_a_message_that_is_wanted_nowhere_reaches_nobody(placed_order, buyer, supplier, told):
    told()
    choose(buyer, {"message": OFF}, digest_hour=None)
    send(placed_order, by=supplier, text="Which colour?")
    assert told() == []
    assert not Notice.objects.filter(reader=buyer).exists()


def test_a_message_wanted_on_the_page_alone_is_not_mailed(placed_order, buyer, supplier, told):
    told()
    choose(buyer, {"message": Channels(mail=False)}, digest_hour=None)
    send(placed_order, by=supplier, text="Which colour?")
    assert told() == []
    notice = Notice.objects.get(reader=buyer)
    assert (notice.letter, notice.on_site, notice.by_mail) == ("message", True, False)


def test_a_choice_of_one_person_is_not_that_of_a_colleague(placed_order, buyer, supplier, told):
    told()
    person("bo@kidzone.example", "Bo", buyer.company)
    choose(buyer, {"message": OFF}, digest_hour=None)
    send(placed_order, by=supplier, text="Which colour?")
    assert [who for who, _subject in told()] == ["bo"]


def test_what_is_locked_comes_whatever_is_asked_for(signed_order, paid, buyer, told):
    told()
    choose(buyer, {"money_held": OFF}, digest_hour=None)
    assert not Preference.objects.exists()
    Preference.objects.create(reader=buyer, letter="money_held", site=False, mail=False)
    assert channels_of([(buyer.pk, "money_held")]) == {(buyer.pk, "money_held"): USUAL}
    paid(signed_order.instalments.get(n=1))
    assert ("asha", f"Held: US$5,580.00 for {signed_order.code}") in told()


def test_choosing_the_usual_way_again_leaves_no_row(buyer):
    choose(buyer, {"message": OFF}, digest_hour=9)
    assert Preference.objects.count() == DailyDigest.objects.count() == 1
    choose(buyer, {"message": USUAL}, digest_hour=None)
    assert Preference.objects.count() == DailyDigest.objects.count() == 0


# --- the page


def test_the_page_shows_what_is_free_and_what_is_locked_with_its_reason(client, buyer):
    client.force_login(buyer)
    page = page_of(client)
    assert 'name="mail:message" checked' in page
    assert "Message on TA-… from somebody" in page
    assert 'name="mail:money_held"' not in page
    assert 'name="digest:money_held"' in page
    assert "Always on the page and by e-mail." in page
    assert str(MONEY) in page
    assert str(DEADLINE) in page
    assert "style=" not in page


def test_the_page_keeps_what_was_ticked_and_no_more(client, buyer):
    client.force_login(buyer)
    answer = client.post(
        reverse("notification_preferences"),
        {
            "site:message": "on",
            "digest:message": "on",
            "mail:approve_money": "on",
            "digest": "on",
            "hour": "7",
        },
    )
    assert answer["Location"] == reverse("notification_preferences")
    row = Preference.objects.get(reader=buyer, letter="message")
    assert (row.site, row.mail, row.digest) == (True, False, True)
    assert not Preference.objects.filter(letter="approve_money").exists()
    assert DailyDigest.objects.get(reader=buyer).hour == 7
    page = page_of(client)
    assert 'name="site:message" checked' in page
    assert 'name="mail:message" checked' not in page
    assert 'name="mail:message"' in page


def test_an_hour_that_is_none_is_said_and_what_was_ticked_stays(client, buyer):
    client.force_login(buyer)
    answer = client.post(
        reverse("notification_preferences"), {"digest": "on", "hour": "99", "mail:message": "on"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'name="mail:message" checked' in page
    assert 'name="site:message" checked' not in page
    assert not Preference.objects.exists()
    assert not DailyDigest.objects.exists()


def test_a_visitor_is_asked_to_sign_in(client):
    assert "login" in client.get(reverse("notification_preferences"))["Location"]


# --- the way out of a kind of mail


def test_mail_that_may_be_stopped_says_how_in_its_head_and_its_foot(
    placed_order, supplier, buyer, told, mailoutbox
):
    told()
    send(placed_order, by=supplier, text="Which colour?")
    told()
    (mail,) = mailoutbox
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/notifications/off/[\w:-]+/", address)
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"Stop e-mails of this kind: {address}" in mail.body
    assert f'<a href="{address}">' in mail.alternatives[0][0]
    assert meant_by(address.split("/")[-2]) == (buyer, "message")


def test_mail_that_is_locked_offers_no_way_out(placed_order, told, mailoutbox):
    told()
    (mail,) = mailoutbox
    assert "List-Unsubscribe" not in mail.extra_headers
    assert "Stop e-mails" not in mail.body + mail.alternatives[0][0]
    assert "/settings/notifications/" in mail.body


def test_a_mail_program_stops_a_kind_of_mail_with_one_post_and_a_look_stops_nothing(
    client, placed_order, buyer, supplier, told
):
    told()
    address = reverse("notification_off", args=[token_of(buyer, "message")])
    assert "Stop these e-mails?" in client.get(address).content.decode()
    assert not Preference.objects.exists()
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "No e-mail of this kind" in answer.content.decode()
    send(placed_order, by=supplier, text="Which colour?")
    assert told() == []
    assert Notice.objects.get(reader=buyer).on_site


def test_a_secret_of_a_locked_kind_stops_nothing_and_a_made_up_one_is_unknown(client, buyer):
    address = reverse("notification_off", args=[token_of(buyer, "money_held")])
    assert "These e-mails cannot be stopped" in client.post(address).content.decode()
    assert not stop_mail(buyer, "money_held")
    assert client.post(reverse("notification_off", args=["made:up"])).status_code == 404
    assert client.get(reverse("notification_off", args=[token_of(buyer, "x")])).status_code == 404
    assert not Preference.objects.exists()
