"""The order's own barcode at the bench: it ships what is packed whole, no half of it, and nothing that is collected."""

import pytest
from django.urls import reverse

from fulfilment.models import Carrier, Parcel
from tests.fulfilment.make import confirmed, make_shelf, picked, work_of
from tests.fulfilment.pages.conftest import PACKER, STORE, text
from tests.fulfilment.test_printing import make_station


@pytest.fixture
def bench(enter, place):
    """Return `bench(permissions, **fields)`: (order of a cup and a pot in a tote, `act(do, code)` at its bench)."""

    def bench(permissions, **fields):
        _, (cup, pot) = make_shelf(9, 9, location=place)
        order = confirmed((cup, 1), (pot, 1), **fields)
        picked(order)
        client, url = enter(permissions), reverse("floor:bench", args=[work_of(order).pk])

        def act(do="scan", code="", **fields):
            return text(client.post(url, {"do": do, "scan": str(code)} | fields, follow=True))

        act.client = client
        return order, cup, pot, act

    return bench


def test_scanned_midway_it_ships_nothing_and_a_part_goes_by_its_button(bench):
    order, cup, pot, act = bench(PACKER)
    page = act(code=cup)
    assert "Ship this part" in page
    assert f"Not all of order {order} is packed" in act(code=order.number)
    assert Parcel.objects.get().status == "packing"
    assert "Ship this part" in act("close", weight_g="300")
    act("send")
    assert [row.status for row in order.fulfilment_orders.order_by("pk")] == ["shipped", "picking"]


@pytest.fixture
def pickup(bench, place):
    place.kind, place.allows_pickup = "store", True
    place.save()
    return bench(STORE, method="pickup", pickup_location=place.code)


def test_it_does_not_ship_what_the_customer_collects(pickup):
    order, cup, pot, act = pickup
    for code in (cup, pot):
        assert "Ship this part" not in act(code=code)
    assert f"Order {order} is collected, not sent" in act(code=order.number)
    assert (work_of(order).status, Parcel.objects.get().status) == ("picking", "packing")


def test_what_the_customer_collects_gets_no_label_where_labels_are_printed(pickup, place, easypost):
    order, cup, pot, act = pickup
    Carrier.objects.create(code="EP", name="EasyPost", plugin="easypost")
    make_station(place, label_printer="pdf", has_paper_printer=True)
    act.client.post(reverse("floor:station"), {"scan": "AT PACK-1"})
    act(code=cup)
    act("close", weight_g="300")
    act(code=pot)
    act("ready", weight_g="300", shelf="R-3")
    assert (work_of(order).status, easypost.charges) == ("ready_for_pickup", [])
    assert not Parcel.objects.exclude(tracking_number="").exists()
