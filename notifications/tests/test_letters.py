"""What a letter says: in whose language and zone, with which address, and never what."""

import re
from collections import defaultdict
from types import SimpleNamespace

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from django.utils import translation
from django.utils.translation import trans_real

from notifications.letters import LETTERS
from notifications.mail import mail_of
from notifications.models import Notice
from notifications.readers import READERS
from notifications.reminders import REMINDERS
from notifications.writing import write
from orders import operations as orders
from tests.cast import person, usd
from trade_center.operations import send

pytestmark = pytest.mark.django_db

HINDI_REQUEST = "ऑर्डर अनुरोध %(code)s, %(total)s का उत्तर दें"


@pytest.fixture
def hindi_catalogue(settings, tmp_path):
    """A catalogue in which one subject is translated to Hindi, and nothing else."""
    folder = tmp_path / "hi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="hi")
    catalogue.add("Answer the order request %(code)s, %(total)s", HINDI_REQUEST)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    settings.LOCALE_PATHS = [tmp_path]
    trans_real._translations = {}
    yield
    trans_real._translations = {}


def test_a_reader_gets_the_own_language_where_a_translation_exists_and_english_otherwise(
    hindi_catalogue, draft_order, buyer, supplier, told, mailoutbox
):
    person("ravi@littlepine.example", "Ravi Rao", supplier.company, language="hi")
    person("wei@littlepine.example", "Wei Lin", supplier.company, language="zh-hans")
    orders.place(draft_order, by=buyer, quality_basis=True)
    subjects = dict(told())
    assert subjects["ravi"] == f"ऑर्डर अनुरोध {draft_order.code}, US$18,600.00 का उत्तर दें"
    assert subjects["wei"] == f"Answer the order request {draft_order.code}, US$18,600.00"
    bodies = {mail.to[0].split("@")[0]: mail.body for mail in mailoutbox}
    assert re.search(r"by \d{4}年\d+月\d+日 周. 23:59 ", bodies["wei"])
    assert f"/zh-hans/orders/{draft_order.code}/" in bodies["wei"]
    assert f"/orders/{draft_order.code}/" in bodies["lin"]
    assert "/zh-hans/" not in bodies["lin"]
    assert translation.get_language() == "en"


def test_the_zone_is_the_persons_own_before_the_companys(placed_order, supplier, told, mailoutbox):
    supplier.time_zone = "Asia/Kolkata"
    supplier.save()
    told()
    assert ", 21:29 India time." in mailoutbox[0].body


def test_a_letter_says_what_happened_what_to_do_and_what_silence_means(
    placed_order, told, mailoutbox
):
    told()
    (mail,) = mailoutbox
    lines = mail.body.split("\n")
    assert lines[0] == "Kidzone Retail asks you for Organic cotton romper at US$18,600.00."
    assert lines[1].startswith("Accept or decline it by ")
    assert lines[2] == "If this does not happen in time: The order closes. Nothing is charged."
    assert f"Open request: http://127.0.0.1:8000/orders/{placed_order.code}/" in lines
    assert lines[-2:] == [
        "We never send bank details by e-mail. Always pay from the order page.",
        "",
    ]
    ((html, kind),) = mail.alternatives
    assert kind == "text/html"
    for line in lines[:3]:
        assert line in html
    assert "style=" not in html
    assert "<img" not in html


def test_the_message_id_is_that_of_the_notice_and_does_not_change(placed_order, told, mailoutbox):
    told()
    (mail,) = mailoutbox
    notice = Notice.objects.get()
    assert mail.extra_headers["Message-ID"] == f"<notice.{notice.pk}@127.0.0.1>"
    assert mail_of(notice).message()["Message-ID"] == mail.message()["Message-ID"]


def test_no_letter_of_a_paid_trade_names_an_account_or_a_payment_reference(
    funded_order, paid, account, told, mailoutbox
):
    paid(funded_order.instalments.get(n=2), usd("13000.00"))
    assert len(told()) > 10
    secret = [account.account_number, account.bic, account.beneficiary, account.bank]
    secret += funded_order.instalments.values_list("reference", flat=True)
    for mail in mailoutbox:
        source = mail.message().as_string() + mail.body + mail.subject + mail.alternatives[0][0]
        assert [word for word in secret if word in source] == []


@pytest.mark.parametrize(
    "text",
    ["Pay to IBAN DE89 3704 0044 0532 0130 00.", "My account: 6222 0212 3456 7890 123"],
)
def test_a_message_that_names_an_account_is_not_quoted(
    placed_order, supplier, told, mailoutbox, text
):
    told()
    send(placed_order, by=supplier, text=text)
    told()
    (mail,) = mailoutbox
    assert text not in mail.body
    assert "Such a payment is not covered." in mail.body


def test_a_message_is_quoted_with_its_translation_and_escaped_in_html(
    placed_order, supplier, told, mailoutbox
):
    told()
    send(placed_order, by=supplier, text="<b>颜色?</b>", translation="Which colour?")
    told()
    (mail,) = mailoutbox
    assert "“<b>颜色?</b>\nWhich colour?”" in mail.body
    assert "&lt;b&gt;颜色?&lt;/b&gt;" in mail.alternatives[0][0]


def test_a_line_break_in_a_name_does_not_break_the_subject(
    draft_order, buyer, supplier, told, mailoutbox
):
    orders.place(draft_order, by=buyer, quality_basis=True)
    supplier.company.name = "Little\r\nBcc: x@example.com"
    supplier.company.save()
    draft_order.supplier.refresh_from_db()
    orders.decline(draft_order, by=supplier, reason="Full.")
    told()
    declined = mailoutbox[-1]
    assert declined.subject == f"Little Bcc: x@example.com cannot take order {draft_order.code}"
    assert declined.recipients() == ["asha@kidzone.example"]


FACTS = re.compile(r"%\((\w+)\)s")


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_has_the_order_code_whole_sentences_and_a_clock_for_its_due_time(name):
    letter = LETTERS[name]
    subject = letter.subject % defaultdict(
        lambda: "?", code="TA-1", due_day="DUE", visit_on="V", days=2
    )
    lines = [str(line) for line in (letter.happened, letter.act, letter.then) if line]
    assert "TA-1" in subject
    assert all(line.endswith(".") for line in lines)
    assert str(letter.button)
    facts = {fact for line in lines for fact in FACTS.findall(line)}
    assert letter.deadline or ("due" not in facts and "DUE" not in subject)
    assert not re.search(r"\b(please|sorry|oops|invalid)\b", " ".join(lines), re.IGNORECASE)


def test_every_letter_is_sent_by_something_and_nothing_asks_for_an_unknown_one():
    used = {to.letter for row in READERS.values() for to in row}
    used |= {
        letter for rules in REMINDERS.values() for rule in rules for _word, letter in rule.told
    }
    assert used == set(LETTERS)


def test_a_letter_whose_facts_are_missing_is_refused_rather_than_sent_half_empty(supplier):
    with pytest.raises(KeyError):
        write(LETTERS["money_held"], {"code": "TA-1"}, reader=supplier, subject=SimpleNamespace())
