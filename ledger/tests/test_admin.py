import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model

from ledger import seals
from ledger.models import Account, Journal, Seal, Transfer
from ledger.tests.book import ESCROW, TRUST, post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def request_of_root(rf):
    request = rf.get("/admin/")
    request.user = get_user_model()(is_staff=True, is_superuser=True, is_active=True)
    return request


@pytest.mark.parametrize("model", [Account, Journal, Seal])
def test_not_even_a_superuser_writes_in_the_ledger(model, request_of_root):
    page = admin.site._registry[model]
    assert page.has_view_permission(request_of_root)
    assert not page.has_add_permission(request_of_root)
    assert not page.has_change_permission(request_of_root)
    assert not page.has_delete_permission(request_of_root)
    assert page.get_actions(request_of_root) == {}


def test_transfers_are_read_with_their_journal_only(request_of_root):
    assert Transfer not in admin.site._registry
    journals = admin.site._registry[Journal]
    post("deposit", (TRUST, ESCROW, "5.00"))
    journal = Journal.objects.get()
    ((_formset, inline),) = journals.get_formsets_with_inlines(request_of_root, journal)
    assert not inline.has_add_permission(request_of_root, journal)
    assert not inline.has_change_permission(request_of_root, journal)
    assert not inline.has_delete_permission(request_of_root, journal)


@pytest.mark.parametrize("model", [Account, Journal, Seal])
def test_the_pages_open(model, request_of_root):
    post("deposit", (TRUST, ESCROW, "5.00"))
    seals.seal()
    page = admin.site._registry[model]
    response = page.changelist_view(request_of_root)
    assert response.status_code == 200
    row = model.objects.first()
    detail = page.change_view(request_of_root, str(row.pk))
    assert detail.render().status_code == 200
    assert 'name="_save"' not in detail.content.decode()
