"""Addresses in the console are typed part by part and kept as they always were."""

import pytest
from django.forms.models import model_to_dict

from inventory.models import Location, Supplier
from oms import roles
from orders.models import Seller
from tests.inventory.buying import make_supplier
from tests.make import make_location, make_seller, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(make_user(roles.MANAGER))
    return client


def save(client, row, **changes):
    """Save the form of `row` as it is shown, but for `changes`."""
    url = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
    shown = client.get(url).context["adminform"].form
    data = {name: value for name, value in model_to_dict(row).items() if name in shown.fields and value is not None}
    data.pop("address")
    data |= {f"address_{part}": text for part, text in row.address.items()} | changes
    if row._meta.model_name == "location":
        for rows in ("holidays", "routes_out"):
            data |= {f"{rows}-TOTAL_FORMS": 0, f"{rows}-INITIAL_FORMS": 0}
    return client.post(url, data)


def test_the_parts_stand_in_their_boxes(manager):
    page = manager.get(f"/admin/inventory/supplier/{make_supplier().pk}/change/").content.decode()
    assert 'name="address_city" value="Hamburg"' in page
    assert "{&quot;" not in page


@pytest.mark.parametrize("make", [make_supplier, make_seller])
def test_one_part_is_changed_and_an_empty_one_is_left_out(manager, make):
    row = make()
    before = row.address
    response = save(manager, row, address_city="Bremen", address_line2="", address_region=" ")
    assert response.status_code == 302, response.context["errors"]
    row.refresh_from_db()
    assert row.address == before | {"city": "Bremen"}


def test_a_location_may_have_none(manager):
    row = make_location()
    assert save(manager, row).status_code == 302
    assert Location.objects.get(pk=row.pk).address == {}


def test_a_seller_must_have_one(manager):
    row = make_seller()
    emptied = {f"address_{part}": "" for part in row.address}
    assert save(manager, row, **emptied).status_code == 200
    assert Seller.objects.get(pk=row.pk).address == row.address


def test_a_part_is_bounded(manager):
    row = make_supplier()
    assert save(manager, row, address_city="x" * 101).status_code == 200
    assert Supplier.objects.get(pk=row.pk).address == row.address
