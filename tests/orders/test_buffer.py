"""A channel's buffer: the pieces of each level that it leaves to the others."""

import pytest
from django.db import transaction

from inventory.models import StockLevel
from inventory.services import stock
from oms.lib.errors import Retry
from orders.models import Allocation
from orders.services.backorder import take_up, take_up_all
from tests.make import make_channel, make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    return make_channel(buffer=3)


def held(order):
    return sorted(order.allocations.values_list("status", "quantity"))


def test_a_channel_does_not_sell_its_buffer_but_others_do(market):
    mug = make_sku(5)
    assert held(make_order(mug, 4, channel=market)) == [("backordered", 2), ("reserved", 2)]
    assert held(make_order(mug, 3)) == [("reserved", 3)]


def test_the_buffer_holds_where_another_was_faster(market):
    mug = make_sku(5)
    level = (mug.pk, StockLevel.objects.get(sku=mug).location_id)
    with pytest.raises(Retry), transaction.atomic():
        stock.reserve({level: 3}, subject="order:1", keep=3)
    assert StockLevel.objects.get(sku=mug).reserved == 0


def test_goods_that_come_in_pass_a_buffered_channel_by(market):
    mug = make_sku()
    place = make_location()
    first, second = make_order(mug, 1, channel=market), make_order(mug, 1)
    stock.receive(mug, place, 2)
    assert take_up(mug.pk) == 1
    assert held(first) == [("backordered", 1)]
    assert held(second) == [("reserved", 1)]
    take_up_all()
    stock.receive(mug, place, 3)
    take_up_all()
    assert held(first) == [("reserved", 1)]
    assert not Allocation.objects.filter(status="backordered").exists()


def test_the_api_offers_what_the_channel_sells(call_as, make_partner):
    acme = make_partner("ACME")
    make_channel(code="ACME", partner=acme, buffer=3)
    make_channel(code="ACME2", partner=acme, buffer=1)
    mug = make_sku(5, make_location())
    ask = call_as(acme).get
    found = {
        code: ask(f"/api/v1/availability?sku={mug.code}&channel={code}").json()["results"][0]["available"]
        for code in ("ACME", "ACME2")
    }
    assert found == {"ACME": 2, "ACME2": 4}
    assert ask(f"/api/v1/availability?sku={mug.code}").json()["results"][0]["available"] == 4
