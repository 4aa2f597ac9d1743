"""Parcels and pickups on the customer's page."""

import pytest
from django.utils import timezone

from fulfilment.models import Carrier, TrackingEvent
from fulfilment.services.deliver import deliver as arrive
from fulfilment.services.deliver import track
from fulfilment.services.pickup import make_ready
from fulfilment.services.ship import ship
from orders.customer.links import customer_link
from orders.customer.reader import reader_of
from orders.customer.story import tell
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, released, work_of
from tests.make import make_location, make_sku
from tests.replay import replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, settings):
    """Return `read(order)`: the words of its customer's page."""
    return lambda order: client.get(customer_link(order).removeprefix(settings.SITE_URL)).content.decode()


@pytest.fixture
@replayed
def order():
    _, (cup,) = make_shelf(5, name="Cup")
    return confirmed((cup, 2), (make_sku(name="Saucer"), 3))


@pytest.fixture
def parcel(order):
    Carrier.objects.create(code="dhl", name="DHL", tracking_url="https://dhl.example/?n={number}")
    parcel = packed(order)
    return ship(work_of(order).pk, carrier="dhl", tracking={parcel.pk: "JD 1&2"}, actor=ACTOR)[0]


def test_order_on_the_floor_cannot_be_changed_and_says_why(order, read):
    released(order)
    page = read(order)
    assert "Your order is being packed" in page
    assert "We have begun to pack it" in page
    assert "Change the address" not in page
    assert "Your parcels" not in page


def test_parcel_is_followed_at_its_carrier(order, parcel, read):
    page = read(order)
    assert "A part of your order is on its way" in page
    assert 'href="https://dhl.example/?n=JD%201%262" rel="noreferrer noopener"' in page
    assert "On its way since" in page
    assert "2 × Cup" in page
    assert "3 not in stock" in page


@pytest.mark.parametrize(("lang", "label"), [("en", "Partly shipped"), ("de", "Teilweise versandt")])
def test_step_of_a_part_that_left_is_called_so(order, parcel, client, settings, lang, label):
    order.refresh_from_db()
    steps = tell(order, reader_of(order), now=timezone.now()).steps
    assert [step.state for step in steps] == ["done", "done", "now", "next"]
    page = client.get(customer_link(order).removeprefix(settings.SITE_URL), {"lang": lang}).content.decode()
    assert f'aria-current="step"><span>{label}</span> <small>' in page


def test_steps_of_an_order_that_is_packed_name_no_part(order):
    released(order)
    order.refresh_from_db()
    steps = tell(order, reader_of(order), now=timezone.now()).steps
    assert [(step.label, step.state) for step in steps[1:3]] == [("Packed", "now"), ("Shipped", "next")]


def test_carriers_news_is_told(order, parcel, read):
    track(parcel.pk, TrackingEvent.Code.OUT_FOR_DELIVERY, actor=ACTOR)
    assert "Out for delivery" in read(order)
    arrive(parcel.pk, actor=ACTOR)
    page = read(order)
    assert "Delivered on" in page
    assert "Out for delivery" not in page


def test_carrier_without_a_page_and_one_with_a_script_have_no_link(order, parcel, read):
    Carrier.objects.update(tracking_url="javascript:alert(1)//{number}")
    page = read(order)
    assert "javascript" not in page
    assert "JD 1&amp;2" in page


def test_pickup_shows_its_code(read):
    store = make_location(kind="store", allows_pickup=True, name="Mugs at Torstraße")
    _, (cup,) = make_shelf(5, location=store)
    order = confirmed((cup, 2), method="pickup", pickup_location=store.code)
    packed(order)
    row = make_ready(work_of(order).pk, shelf="Rack 3", actor=ACTOR)
    page = read(order)
    assert "Ready to be collected" in page
    assert row.pickup_code in page
    assert "Rack 3" not in page, "the shelf is for the staff"


def test_as_many_statements_for_a_full_parcel_as_for_a_small_one(client, settings, django_assert_num_queries):
    for kinds in (1, 5):
        _, skus = make_shelf(*[5] * kinds)
        order = confirmed(*[(sku, 1) for sku in skus])
        packed(order)
        ship(work_of(order).pk, actor=ACTOR)
        address = customer_link(order).removeprefix(settings.SITE_URL)
        with django_assert_num_queries(18):
            assert client.get(address).status_code == 200
