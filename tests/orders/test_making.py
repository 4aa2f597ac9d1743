"""Goods that are made to order: sold without stock, promised by the days that making takes, asked about by nobody."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import KitComponent, Sku, StockLevel
from inventory.services import stock
from inventory.services.availability import sellable
from inventory.services.replenish import next_skus
from oms import roles
from oms.lib import doctor
from orders.models import Hold
from orders.services import backorder, change, holds, shortage
from orders.services.intake import LineIn
from orders.services.network import arrival_from, made_on
from orders.services.place_many import place_many
from orders.services.quote import quote
from tests.deliver import deliver
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku, make_user
from tests.orders.test_supply import BERLIN

pytestmark = pytest.mark.django_db
DAYS = 5


@pytest.fixture
def home():
    return make_location("BER")


@pytest.fixture
def sign(home):
    return make_sku(code="SIGN", made_at=home, made_in_days=DAYS)


def arrives(home, ordered_at=None):
    """When what is ordered now reaches the customer: made, on its shelf the next morning, two days on the road."""
    day = made_on(home, ordered_at or timezone.now(), DAYS)
    return arrival_from(home, datetime.combine(day + timedelta(days=1), datetime.min.time(), BERLIN), 2)


def proven():
    deliver()
    return [found for found in doctor.run(snapshot=False) if found.violations] == []


def test_it_is_sold_without_stock_and_promised_by_its_making(home, sign):
    other = make_location("HAM")
    order = make_order(sign, 7)
    row = order.allocations.get()
    assert (row.status, row.supply_location) == ("backordered", home)
    assert order.promised_original == arrives(home)
    assert sellable(["SIGN"])["SIGN"].at == {"BER": None, "HAM": 0}
    assert sellable(["SIGN"], locations=[other.pk])["SIGN"].pieces == 0
    assert proven()


def test_many_at_once_and_an_edit_promise_the_same(home, sign):
    channel = make_channel()
    orders = [make_order_in(LineIn("SIGN", pieces, 1), channel=channel) for pieces in (1, 2)]
    placed = place_many(orders)
    assert [order.promised_original for order in placed] == [arrives(home)] * 2
    change.change(placed[0].pk, {"quantities": {str(placed[0].lines.get().pk): 4}}, actor="user:1")
    rows = placed[0].allocations.exclude(status="freed")
    assert {row.supply_location for row in rows} == {home}
    assert sum(row.quantity for row in rows) == 4
    placed[0].refresh_from_db()
    assert placed[0].promised_current == arrives(home)
    assert proven()


def test_a_kit_with_a_made_part_is_limited_by_the_others(home, sign):
    kit = make_sku(code="SET", kind=Sku.Kind.KIT)
    KitComponent.objects.create(kit=kit, component=sign, quantity=1)
    KitComponent.objects.create(kit=kit, component=make_sku(6, home), quantity=2)
    assert sellable(["SET"])["SET"].pieces == 3


def test_what_lies_there_is_sent_first(home, sign):
    stock.receive(sign, home, 1)
    rows = make_order(sign, 3).allocations.order_by("status")
    assert [(row.status, row.quantity) for row in rows] == [("backordered", 2), ("reserved", 1)]


def test_channels_that_refuse_shortages_take_it_and_nobody_is_asked(home, sign):
    channel = make_channel(on_shortage="refuse", shortage_hours=24)
    order = make_order(sign, 2, channel=channel)
    deliver()
    assert shortage.question_of(order) is None
    assert not order.holds.exists()
    quoted = quote(make_order_in(LineIn("SIGN", 2, 1), channel=channel))
    assert (quoted.missing, quoted.promised) == ({}, arrives(home))


def test_made_pieces_go_to_who_waits_and_keep_the_others_promises(home, sign):
    channel, start = make_channel(), timezone.now()
    first = make_order(sign, 1, channel=channel)
    second = make_order(sign, 2, channel=channel)
    promised = second.promised_current
    with time_machine.travel(start + timedelta(days=2), tick=False):
        stock.receive(sign, home, 1)
        deliver()
        first.refresh_from_db()
        second.refresh_from_db()
        assert first.allocations.get().status == "reserved"
        assert second.promised_current == promised
        assert proven()


def test_what_was_not_made_in_time_is_promised_anew(home, sign):
    order, start = make_order(sign, 1), timezone.now()
    late = start + timedelta(days=20)
    with time_machine.travel(late, tick=False):
        backorder.repeg_all()
        order.refresh_from_db()
        assert order.promised_current == arrives(home, late)
        assert order.promised_original < order.promised_current


def test_another_place_or_none_moves_the_promises(client, home, sign):
    other = make_location("HAM")
    order = make_order(sign, 1)
    deliver()
    Sku.objects.update(made_at=other)
    backorder.take_up(sign.pk)
    assert order.allocations.get().supply_location == other
    Sku.objects.update(made_at=None, made_in_days=None)
    backorder.take_up(sign.pk)
    order.refresh_from_db()
    assert order.promised_current is None
    assert proven()


def test_the_console_has_waiting_promises_moved(client, home, sign):
    order = make_order(sign, 1)
    deliver()
    client.force_login(make_user(roles.BUYER))
    fields = {"code": "SIGN", "name": "Sign", "kind": "physical", "tax_class": "standard", "tracking": "none"}
    fields |= {"unit_cost": "0", "rotation": "any", "attributes": "{}", "analogue_scale": "1", "is_active": "on"}
    fields |= dict.fromkeys(["weight_g", "length_mm", "width_mm", "height_mm"], "0")
    for prefix in ("barcodes", "components"):
        fields |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    url = f"/admin/inventory/sku/{sign.pk}/change/"
    half = client.post(url, fields | {"made_at": str(home.pk)})
    assert b"have a place and days" in half.content
    assert client.post(url, fields).status_code == 302
    deliver()
    order.refresh_from_db()
    assert order.promised_current is None


def test_it_is_never_bought_again_by_itself(home, sign):
    stock.receive(sign, home, 1)
    assert next_skus(0) == []
    StockLevel.objects.update(reorder_point=5)
    assert not StockLevel.objects.low().exists()


def test_only_goods_are_made_and_only_with_place_and_days(home):
    for fields in ({"made_at": home}, {"made_in_days": 5}, {"made_at": home, "made_in_days": 5, "kind": "digital"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_sku(**fields)


def test_what_is_to_be_made_is_listed_with_what_may_begin(client, home, sign):
    make_order(sign, 2)
    held = make_order(sign, 3)
    deliver()
    holds.put(held.pk, Hold.Kind.MANUAL, "Ask for the words on it", actor="user:1")
    client.force_login(make_user(roles.LEAD))
    page = client.get("/admin/orders/making/").content.decode()
    assert ">5</td>" in page
    assert "<strong>2</strong>" in page
    assert "2 orders" in page
    assert "To make" in client.get("/admin/").content.decode()
    client.post("/stock/place/", {"place": home.pk})
    assert "5 working days" in client.get("/stock/item/?code=SIGN").content.decode()
    url = f"/admin/orders/order/{held.pk}/change/"
    assert "Being made" in client.get(url).content.decode()
