"""Files for the bank and bank accounts of companies, in the back office."""

import pytest

from payments import bank_accounts, sending
from payments.bank_files import hand_over
from payments.models import BankAccount, BankFile
from payments.tests.leaving import approve, checked_account, consider_all, send
from payments.tests.office import buttons, do_of, earn, events, list_of, page_of, text_of
from tests.cast import person
from workflow import approvals
from workflow.errors import NotAllowed, Refused
from workflow.models import Approval

pytestmark = pytest.mark.django_db

NUMBER = "6222020012345678"


@pytest.fixture
def file(funded_order, supplier, finance, second_finance, account, clock):
    """One transfer of US$5,468.40, in a file that somebody carries to the bank."""
    checked_account(supplier, finance, second_finance)
    payout = earn(funded_order, by=None, amount="5580.00")
    consider_all()
    approve(payout, finance, second_finance)
    send(clock)
    return BankFile.objects.get()


def download_of(file):
    return page_of(file).replace("/change/", "/pain001.xml")


def test_the_finance_office_takes_a_file_out_and_that_is_written_down(client, file, finance):
    client.force_login(finance)
    answer = client.get(download_of(file))
    assert answer.content == file.content.encode()
    assert answer["Content-Type"] == "application/xml"
    assert answer["Content-Disposition"] == f'attachment; filename="{file.message_id}.xml"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert events(file, "take_out_bank_file") == [finance]


@pytest.mark.parametrize("duty", ["mediator", "administrator"])
def test_nobody_else_takes_it_out_or_hands_it_over(client, file, duty):
    client.force_login(person("other@ta.example", "Other", duty=duty))
    assert buttons(client, file) == []
    assert NUMBER not in text_of(client.get(page_of(file)))
    assert client.get(download_of(file)).status_code == 403
    assert client.post(do_of(file, "hand_over")).status_code == 403
    file.refresh_from_db()
    assert (file.sent_at, events(file, "take_out_bank_file")) == (None, [])


def test_a_file_is_handed_over_once(client, file, finance, second_finance, clock):
    client.force_login(finance)
    assert buttons(client, file) == ["hand_over"]
    client.post(do_of(file, "hand_over"))
    file.refresh_from_db()
    assert file.sent_by == finance
    first = file.sent_at
    clock.forward(hours=1)
    hand_over(file, by=second_finance)
    file.refresh_from_db()
    assert (file.sent_by, file.sent_at) == (finance, first)
    assert events(file, "hand_over") == [finance]
    assert buttons(client, file) == []
    assert client.post(do_of(file, "hand_over")).status_code == 403


def test_a_file_that_goes_by_itself_is_not_carried(file, finance):
    other = BankFile.objects.create(
        message_id="TA-OTHER", account=file.account, content="<x/>", sha256="0" * 64, count=1,
        total_minor=1, currency="USD", channel="http_sim",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        hand_over(other, by=finance)
    assert refused.value.code == "not_by_hand"
    other.refresh_from_db()
    assert other.sent_at is None


def test_only_the_finance_office_hands_over(file, mediator):
    with pytest.raises(NotAllowed):
        hand_over(file, by=mediator)
    file.refresh_from_db()
    assert file.sent_at is None


def test_the_transfers_of_a_file_are_on_its_page(client, file, finance):
    client.force_login(finance)
    page = text_of(client.get(page_of(file)))
    transfer = file.transfers.get()
    assert transfer.end_to_end_id in page
    assert page_of(transfer) in page
    assert NUMBER not in page
    there = list_of("payments_bankfile")
    for term in (transfer.end_to_end_id, transfer.order.code, "5,468.40"):
        assert list(client.get(there, {"q": term}).context["cl"].queryset) == [file]


def test_a_file_is_never_edited(client, file, finance):
    client.force_login(finance)
    assert client.post(page_of(file), {"content": "<x/>"}).status_code == 403
    assert client.post(list_of("payments_bankfile") + "add/").status_code == 403
    assert BankFile.objects.get().content == file.content
    assert sending.make_bank_file() is None


# --- accounts of companies


@pytest.fixture
def asked(supplier):
    """The supplier wants its money on another account."""
    return bank_accounts.change_account(
        by=supplier,
        holder=supplier.company.legal_name,
        account_number="7333030098765432",
        bic="ICBKCNBJ",
        bank="Demo Bank Ningbo",
    )


def test_the_holder_is_compared_and_both_numbers_are_masked(
    client, supplier, finance, second_finance
):
    checked_account(supplier, finance, second_finance, number=NUMBER)
    new = bank_accounts.change_account(
        by=supplier,
        holder=supplier.company.legal_name,
        account_number="7333030098765432",
        bic="ICBKCNBJ",
        bank="Demo Bank Ningbo",
    )
    client.force_login(finance)
    page = text_of(client.get(page_of(new)))
    for told in ("•• 5432", "•• 5678", "the same", supplier.company.name_local, "Lin Xiaosong"):
        assert told in page
    for hidden in ("7333030098765432", NUMBER):
        assert hidden not in page
        assert hidden not in text_of(client.get(list_of("payments_bankaccount")))


def test_an_account_is_put_in_use_by_two(client, asked, finance, second_finance):
    client.force_login(finance)
    assert buttons(client, asked) == ["propose", "refuse"]
    client.post(do_of(asked, "propose"), {"reason": ""})
    approval = Approval.objects.get(action="bankaccount.approve")
    asked.refresh_from_db()
    assert (asked.state, approval.maker) == ("proposed", finance)
    assert buttons(client, asked) == ["refuse"]
    approvals.approve(approval, by=second_finance)
    asked.refresh_from_db()
    assert (asked.state, asked.proposed_by, asked.approved_by) == (
        "active", finance, second_finance,
    )  # fmt: skip


def test_an_account_that_is_not_accepted_says_why(client, asked, finance):
    client.force_login(finance)
    client.post(do_of(asked, "refuse"), {"reason": " "})
    asked.refresh_from_db()
    assert asked.state == "proposed"
    client.post(do_of(asked, "refuse"), {"reason": "The bank does not know it."})
    asked.refresh_from_db()
    assert asked.state == "refused"


@pytest.mark.parametrize("verb", ["propose", "refuse"])
def test_an_insider_and_others_judge_no_account(client, asked, supplier, mediator, verb):
    insider = person("in@ta.example", "Ina Side", company=supplier.company, duty="finance")
    for user in (insider, mediator):
        client.force_login(user)
        assert buttons(client, asked) == []
        assert client.post(do_of(asked, verb), {"reason": "Because."}).status_code == 403
    asked.refresh_from_db()
    assert asked.state == "proposed"
    assert not Approval.objects.exists()


def test_an_accounts_number_is_shown_once_asked_for(client, asked, finance):
    client.force_login(finance)
    address = page_of(asked).replace("/change/", "/bank-data/")
    assert "7333030098765432" in text_of(client.post(address))
    assert events(asked, "look_at_bank_data") == [finance]


def test_an_account_is_never_edited(client, asked, finance):
    client.force_login(finance)
    data = {"account_number": "1", "state": "active", "post": "yes"}
    assert client.post(page_of(asked), data).status_code == 403
    assert client.post(page_of(asked).replace("/change/", "/delete/"), data).status_code == 403
    assert client.post(list_of("payments_bankaccount") + "add/", data).status_code == 403
    found = BankAccount.objects.get()
    assert (found.account_number, found.state) == ("7333030098765432", "proposed")


def test_the_list_of_accounts_costs_the_same_for_many(
    client, asked, buyer, stranger, finance, django_assert_num_queries
):
    there = list_of("payments_bankaccount")
    client.force_login(finance)
    client.get(there)
    with django_assert_num_queries(9):
        client.get(there)
    for one in (buyer, stranger):
        bank_accounts.change_account(
            by=one, holder=one.company.legal_name, account_number="12345678", bic="HDFCINBB",
            bank="Demo Bank",
        )  # fmt: skip
    with django_assert_num_queries(9):
        assert len(client.get(there).context["cl"].result_list) == 3
