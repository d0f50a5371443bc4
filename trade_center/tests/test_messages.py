"""What the two sides say to each other, and what is said about paying elsewhere."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orders.tests.reading import do, see, words
from tests.cast import PDF
from trade_center.models import Message
from trade_center.operations import send

pytestmark = pytest.mark.django_db
ELSEWHERE = "This message mentions paying elsewhere."


def test_a_message_is_read_by_both_sides(client, buyer, supplier, placed_order):
    response = do(client, buyer, placed_order, "order_messages", text="Can you dye it 1935 C?")
    assert response.url == reverse("order_messages", args=[placed_order.code])
    for user in (buyer, supplier):
        said = words(see(client, user, placed_order, "order_messages"))
        assert "Asha Mehta" in said
        assert "Can you dye it 1935 C?" in said


def test_a_message_from_the_order_page_leads_back_there(client, buyer, placed_order):
    response = do(client, buyer, placed_order, "order_messages", text="Hello.", from_order="yes")
    assert response.url == reverse("order", args=[placed_order.code])
    assert "Hello." in words(client.get(response.url))


def test_files_go_with_a_message_and_only_the_parties_get_them(
    client, buyer, supplier, stranger, placed_order
):
    do(
        client, supplier, placed_order, "order_messages",
        text="", files=[SimpleUploadedFile("lab.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)],
    )  # fmt: skip
    files = list(Message.objects.get().attachments.all())
    assert [file.name for file in files] == ["lab.pdf", "b.pdf"]
    page = see(client, buyer, placed_order, "order_messages").content.decode()
    assert all(reverse("attachment", args=[file.public_id]) in page for file in files)
    client.force_login(stranger)
    response = client.get(reverse("attachment", args=[files[0].public_id]))
    assert response.status_code == 404


def test_a_file_that_is_refused_keeps_the_words(client, buyer, placed_order):
    response = do(
        client, buyer, placed_order, "order_messages",
        text="See the drawing.", files=[SimpleUploadedFile("run.exe", b"MZ....")],
    )  # fmt: skip
    assert response.status_code == 422
    assert "“run.exe” is not a PDF, JPEG, PNG or WebP file. Choose one of these." in words(response)
    assert "See the drawing.</textarea>" in response.content.decode()
    assert not Message.objects.exists()


def test_an_empty_message_is_not_sent(client, buyer, placed_order):
    response = do(client, buyer, placed_order, "order_messages", text="  ")
    assert response.status_code == 422
    assert words(response).count("Write a message or choose a file.") == 2
    assert not Message.objects.exists()


def test_a_message_about_another_account_is_marked_for_both_sides(
    client, buyer, supplier, placed_order
):
    do(client, supplier, placed_order, "order_messages", text="Pay me direct, it is faster.")
    for user in (buyer, supplier):
        for page in ("order", "order_messages"):
            assert ELSEWHERE in words(see(client, user, placed_order, page))


def test_an_ordinary_message_is_not_marked(client, buyer, placed_order):
    do(client, buyer, placed_order, "order_messages", text="We pay on Friday, 5,580 dollars.")
    assert ELSEWHERE not in words(see(client, buyer, placed_order, "order_messages"))


def test_what_is_written_is_shown_as_text(client, buyer, placed_order):
    do(client, buyer, placed_order, "order_messages", text="<script>alert(1)</script>")
    for page in ("order", "order_messages"):
        shown = see(client, buyer, placed_order, page).content.decode()
        assert "<script>alert(1)</script>" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


@pytest.mark.parametrize("who", ["stranger", "inspector"])
def test_nobody_else_reads_or_writes(request, client, inspection, who):
    user, order = request.getfixturevalue(who), inspection.order
    assert see(client, user, order, "order_messages").status_code == 404
    assert do(client, user, order, "order_messages", text="Hello").status_code == 404
    assert not Message.objects.exists()


def test_a_draft_has_no_conversation(client, buyer, draft_order):
    response = see(client, buyer, draft_order, "order_messages")
    assert "Nobody else can see a draft." in words(response)
    do(client, buyer, draft_order, "order_messages", text="Hello")
    assert not Message.objects.exists()


def test_long_conversations_are_paged(client, buyer, placed_order):
    for n in range(35):
        send(placed_order, by=buyer, text=f"Number {n}.")
    newest = see(client, buyer, placed_order, "order_messages")
    assert "Number 34." in words(newest)
    assert "Number 4." not in words(newest)
    earlier = see(client, buyer, placed_order, "order_messages", before=newest.context["earlier"])
    assert "Number 4." in words(earlier)


def test_the_inbox_shows_the_latest_word_of_each_order(
    client, buyer, supplier, stranger, placed_order
):
    send(placed_order, by=buyer, text="First.")
    send(placed_order, by=supplier, text="Last.")
    client.force_login(buyer)
    said = words(client.get(reverse("inbox")))
    assert "Ningbo Little Pine Garment: Organic cotton romper" in said
    assert "Last." in said
    assert "First." not in said
    client.force_login(stranger)
    assert "Nobody has written yet" in words(client.get(reverse("inbox")))
