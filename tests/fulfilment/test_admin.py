import pytest
from django.urls import reverse

from fulfilment.models import Carrier
from fulfilment.services.hand_over import hand_over
from fulfilment.services.ship import ship
from oms import roles
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.make import make_user
from tests.replay import replayed

pytestmark = pytest.mark.django_db

LISTS = ["fulfilmentorder", "picklist", "putback", "parcel", "manifest", "carrier"]


@pytest.fixture
@replayed
def order():
    location, (cup,) = make_shelf(9)
    order = confirmed((cup, 2))
    parcel = packed(order)
    ship(work_of(order).pk, tracking={parcel.pk: "0034"}, actor=ACTOR)
    hand_over(location, [parcel.pk], actor=ACTOR)
    return order


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_filter_and_export(client, order, name):
    client.force_login(make_user(roles.MANAGER))
    url = reverse(f"admin:fulfilment_{name}_changelist")
    for query in ("", f"?q={order}", "?q=nonsense"):
        assert client.get(url + query).status_code == 200
    assert client.get(reverse(f"admin:fulfilment_{name}_export")).status_code == 200


@pytest.mark.parametrize(("name", "row"), [("fulfilmentorder", "fulfilment_orders"), ("parcel", "parcels")])
def test_rows_are_found_by_order_and_only_read(client, order, name, row):
    client.force_login(make_user(roles.MANAGER))
    url = reverse(f"admin:fulfilment_{name}_changelist")
    assert client.get(f"{url}?q={order}").context["cl"].result_count == 1
    assert client.get(f"{url}?q=nonsense").context["cl"].result_count == 0
    one = reverse(f"admin:fulfilment_{name}_change", args=[getattr(order, row).get().pk])
    assert client.get(one).status_code == 200
    assert client.post(one, {}).status_code == 403


def test_parcel_is_found_by_its_tracking_number(client, order):
    client.force_login(make_user(roles.CS))
    url = reverse("admin:fulfilment_parcel_changelist")
    assert client.get(f"{url}?q=0034").context["cl"].result_count == 1


def test_carrier_is_set_up_in_the_console(client):
    client.force_login(make_user(roles.MANAGER))
    url = reverse("admin:fulfilment_carrier_add")
    fields = {"code": "ups", "name": "UPS", "plugin": "manual", "is_active": "on"}
    refused = client.post(url, fields | {"tracking_url": "http://ups.example/"})
    assert "https://" in refused.content.decode()
    assert not Carrier.objects.filter(code="ups").exists()
    client.post(url, fields | {"tracking_url": "https://ups.example/{number}"})
    assert Carrier.objects.get(code="ups").tracking_link("1 Z") == "https://ups.example/1%20Z"
