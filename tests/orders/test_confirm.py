import pytest

from oms.lib.errors import InvalidTransition, NotFound
from oms.outbox.models import Event
from orders.models import Hold, Order
from orders.services import confirm, holds
from orders.services.address_rules import doubts_of
from orders.services.verify import verify
from tests.make import ADDRESS, make_channel, make_order, make_sku

pytestmark = pytest.mark.django_db


def test_sound_order_is_confirmed():
    order = make_order()
    verify(order.pk)
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert Event.objects.filter(name="order.confirmed").count() == 1


def test_verified_once():
    order = make_order(ship_to=ADDRESS | {"postcode": "ABC"})
    verify(order.pk)
    verify(order.pk)
    assert order.holds.count() == 1


def test_doubtful_address_is_held_and_released_goes_on():
    order = make_order(ship_to=ADDRESS | {"postcode": "ABC"})
    verify(order.pk)
    hold = order.holds.get()
    assert (hold.kind, hold.reason) == ("address", "The postcode is not known.")
    order.refresh_from_db()
    assert (order.status, order.is_held) == ("placed", True)
    holds.release(order.pk, hold.pk, note="called him", actor="user:1")
    order.refresh_from_db()
    assert (order.status, order.is_held) == ("confirmed", False)


def test_holds_stack():
    order = make_order()
    first = holds.put(order.pk, "manual", "one")
    second = holds.put(order.pk, "manual", "two")
    verify(order.pk)
    holds.release(order.pk, first.pk)
    assert Order.objects.get().status == "placed"
    holds.release(order.pk, second.pk)
    assert Order.objects.get().status == "confirmed"


def test_hold_of_a_kind_is_one():
    order = make_order()
    assert holds.put(order.pk, "fraud", "one") == holds.put(order.pk, "fraud", "two")


def test_hold_of_another_order_is_not_found():
    hold = holds.put(make_order().pk, "manual", "one")
    with pytest.raises(NotFound):
        holds.release(make_order(external_id="other").pk, hold.pk)
    assert Hold.objects.active().count() == 1


def test_same_goods_twice_in_a_day_are_held():
    channel, sku = make_channel(), make_sku(9)
    make_order(sku, channel=channel)
    twin = make_order(sku, channel=channel)
    verify(twin.pk)
    assert twin.holds.get().kind == "duplicate"


def test_waits_for_its_payment():
    order = make_order(channel=make_channel(payment_gate="captured"))
    verify(order.pk)
    with pytest.raises(InvalidTransition, match="waits: payment"):
        confirm.confirm(order.pk)
    assert Order.objects.get().status == "placed"


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"postcode": ""}, "The postcode is missing."),
        ({"country": "US", "region": "XX", "postcode": "10001"}, "The region is not known."),
        ({"name": ""}, "Nobody is named as recipient."),
    ],
)
def test_doubts_in_words(change, doubt):
    assert doubt in doubts_of(Order(ship_to=ADDRESS | change))
