"""The order page: who must do what by when, and where the money is."""
import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def see(client, user, order, name="order"):
    client.force_login(user)
    return client.get(reverse(name, args=[order.code]))


@pytest.mark.parametrize("state", ["placed_order", "contract", "proposed_contract", "signed_order", "funded_order", "fully_funded_order", "inspection"])
@pytest.mark.parametrize("who", ["buyer", "supplier", "mediator"])
def test_smoke(request, client, state, who):
    found = request.getfixturevalue(state)
    order = getattr(found, "order", found)
    response = see(client, request.getfixturevalue(who), order)
    assert response.status_code == 200
    client.force_login(request.getfixturevalue(who))
    for url in ["/orders/", "/orders/?tab=all", f"/orders/{order.code}/messages/", "/messages/"]:
        assert client.get(url).status_code == 200
