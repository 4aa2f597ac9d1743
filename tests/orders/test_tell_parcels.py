"""What left of an order in several parcels stands at its channel piece by piece, whatever became of each parcel."""

import pytest

from fulfilment.models import FulfilmentOrder
from fulfilment.services.direct import ParcelIn, ship_reported
from fulfilment.services.unship import unship
from orders.models import ChannelMessage, Order
from orders.services.settle_message import send_again
from tests.deliver import deliver
from tests.make import make_location, make_sku
from tests.orders.channels.fake_ebay import bought as ebay_order
from tests.orders.channels.fake_ebay import fulfilments_of
from tests.orders.channels.fake_shop import connect
from tests.orders.channels.feed import take
from tests.orders.test_tell_order import (  # noqa: F401
    CS,
    UNANSWERED,
    bought,
    bought_kits,
    fulfilled,
    sent,
    shop,
    states,
    tell,
)

pytestmark = pytest.mark.django_db

REFUSED = [(422, {"errors": "The fulfillment order is on hold."}, False)]
DONE = (200, {}, True)


def send_refused_again():
    for message in ChannelMessage.objects.refused().order_by("pk"):
        send_again(message.pk)
        tell()


@pytest.mark.parametrize("is_second_refused", [True, False])
def test_parcels_that_were_refused_are_told_whole_when_they_are_sent_again(shop, is_second_refused):  # noqa: F811
    order = bought(shop)
    sent(order, 1, "T1")
    shop.troubles = list(REFUSED)
    tell()
    sent(order, 2, "T2")
    shop.troubles = REFUSED * is_second_refused
    tell()
    shop.troubles = []
    send_refused_again()
    assert states() == ["done", "done"]
    assert sorted(fulfilled(shop)) == [(["T1"], 1), (["T2"], 2)]


def test_a_kit_whose_parcel_was_refused_is_told_once(shop):  # noqa: F811
    placed = bought_kits(shop, per_kit=1)
    for number in ("T1", "T2"):
        sent(placed, 1, number)
        shop.troubles = list(REFUSED)
        tell()
    shop.troubles = []
    send_refused_again()
    assert fulfilled(shop) == [(["T1"], 1), (["T2"], 1)]


def test_a_parcel_that_is_still_to_be_taken_back_does_not_count_for_the_next(shop):  # noqa: F811
    order = bought(shop)
    first = sent(order, 1, "T1")
    tell()
    sent(order, 2, "T2")
    unship(first.fulfilment_order_id, actor=CS)
    deliver()
    tell()
    tell()
    assert fulfilled(shop) == [(["T2"], 2)]


@pytest.fixture
def in_two_parcels():
    """Returns a function: an order's three mugs leave in parcels of 2 and 1 with one tracking number."""

    def leave(order, *, at_once):
        work = FulfilmentOrder.objects.get(order=order)
        row = work.lines.get()
        parcels = [ParcelIn({row.pk: 2}, "", "", "T1")] + [ParcelIn({row.pk: 1}, "", "", "T1")] * at_once
        ship_reported(work.pk, parcels, actor=CS)
        deliver()
        tell()
        if not at_once:
            sent(order, 1, "T1")
            tell()

    return leave


@pytest.mark.parametrize("at_once", [True, False])
def test_two_parcels_with_one_number_are_both_told(shop, in_two_parcels, at_once):  # noqa: F811
    in_two_parcels(bought(shop), at_once=at_once)
    tell()
    assert fulfilled(shop) == [(["T1"], 2), (["T1"], 1)]


def test_the_second_parcel_with_a_number_is_told_once_where_its_answer_is_lost(shop):  # noqa: F811
    order = bought(shop)
    sent(order, 1, "T1")
    tell()
    sent(order, 1, "T1")
    shop.troubles = [DONE, DONE, UNANSWERED]
    tell()
    tell()
    assert fulfilled(shop) == [(["T1"], 1), (["T1"], 1)]
    ids = [message.external_id for message in ChannelMessage.objects.order_by("pk")]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("position", "left"), [(0, 1), (1, 2)])
def test_one_of_two_parcels_with_one_number_is_taken_back_alone(shop, in_two_parcels, position, left):  # noqa: F811
    in_two_parcels(bought(shop), at_once=False)
    works = FulfilmentOrder.objects.filter(parcels__isnull=False).order_by("pk")
    unship(works[position].pk, actor=CS)
    deliver()
    tell()
    tell()
    assert fulfilled(shop) == [(["T1"], left)]


def test_ebay_is_told_of_both_parcels_with_one_number(shop, in_two_parcels):  # noqa: F811
    make_sku(9, make_location(), code="MUG")
    shop.orders = [ebay_order(3)]
    take(connect(shop, "ebay", tells_orders=True), shop.orders[0])
    in_two_parcels(Order.objects.get(), at_once=False)
    assert [row["lineItems"][0]["quantity"] for row in fulfilments_of(shop)] == [2, 1]
