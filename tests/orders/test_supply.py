"""Promises out of what is on its way: never more than comes, never later than need be, told once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from inventory.models import LocationHoliday
from inventory.services import approve_purchase, confirm_purchase, end_purchase, receive_delivery, send_purchase
from inventory.services.announce_shipment import announce
from inventory.services.draft_purchase import draft
from oms.lib import doctor
from orders.models import PromiseEvent
from orders.services import answer_purchase, backorder
from orders.services.intake import LineIn
from orders.services.network import arrival_from, forget_network
from orders.services.quote import quote
from tests.deliver import deliver
from tests.inventory.buying import lists, make_supplier
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def on_its_way(sku, home, pieces, *, days=7):
    """A purchase of `pieces`, sent, that its supplier confirmed for `days` from today."""
    supplier = make_supplier()
    lists(supplier, sku)
    order = draft(supplier, home, {sku: pieces}, actor="user:1")
    approve_purchase.approve(order.pk, actor="user:2")
    send_purchase.send(order.pk, actor="user:1")
    return confirmed(order, days)


def confirmed(order, days):
    day = timezone.localdate() + timedelta(days=days)
    return confirm_purchase.confirm(order.pk, {line.pk: day for line in order.lines.all()}, actor="user:1")


def arrives(home, days):
    """When what comes in `days` days reaches the customer: the next morning, two working days on the road."""
    morning = datetime.combine(timezone.localdate() + timedelta(days=days + 1), datetime.min.time(), BERLIN)
    return arrival_from(home, morning, 2)


def proven():
    deliver()
    return [found for found in doctor.run(only=18, snapshot=False) if found.violations] == []


def test_missing_goods_on_their_way_are_promised_at_once():
    home, sku = make_location(), make_sku()
    on_its_way(sku, home, 5)
    order = make_order(sku, 3)
    assert order.promised_original == order.promised_current == arrives(home, 7)
    row = order.allocations.get()
    assert (row.status, row.supply_location, row.location) == ("backordered", home, None)
    assert order.fulfilment_state == "backordered"


def test_more_than_comes_is_not_promised():
    home, sku, channel = make_location(), make_sku(), make_channel()
    on_its_way(sku, home, 5)
    first, second, third = (make_order(sku, n, channel=channel) for n in (3, 3, 2))
    assert first.promised_current == third.promised_current == arrives(home, 7)
    assert second.promised_current is None
    assert proven()


def test_phone_quote_names_the_day_and_promises_nothing():
    home, sku, channel = make_location(), make_sku(), make_channel()
    on_its_way(sku, home, 5)
    said = quote(make_order_in(LineIn(sku.code, 5, 1), channel=channel))
    assert (said.promised, said.missing) == (arrives(home, 7), {sku.pk: 5})
    assert make_order(sku, 5, channel=channel).promised_current == arrives(home, 7)


def test_buffer_of_a_channel_is_not_promised_to_its_customers():
    home, sku = make_location(), make_sku()
    on_its_way(sku, home, 5)
    assert make_order(sku, 4, channel=make_channel(buffer=2)).promised_current is None
    assert make_order(sku, 3, channel=make_channel(buffer=2)).promised_current is not None


def test_late_supply_moves_the_promise_once_and_tells_once():
    home, sku = make_location(), make_sku()
    purchase = on_its_way(sku, home, 5)
    order = make_order(sku, 3)
    deliver()
    mail.outbox.clear()
    confirmed(purchase, 21)
    deliver()
    confirmed(purchase, 21)
    deliver()
    backorder.repeg_all()
    deliver()
    was = order.promised_original
    order.refresh_from_db()
    assert (order.promised_original, order.promised_current) == (was, arrives(home, 21))
    assert [event.cause for event in order.promises.all()] == [PromiseEvent.Cause.SUPPLY]
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        deliver()
    assert [one.subject for one in mail.outbox] == [f"Your order {order.number} takes longer"]
    assert proven()


def test_early_supply_is_told_too():
    home, sku = make_location(), make_sku()
    purchase = on_its_way(sku, home, 21)
    order = make_order(sku, 3)
    deliver()
    mail.outbox.clear()
    confirmed(purchase, 2)
    deliver()
    order.refresh_from_db()
    assert order.promised_current == arrives(home, 2)
    assert order.promises.get().cause == PromiseEvent.Cause.SOONER
    assert [one.subject for one in mail.outbox] == [f"Your order {order.number} has a day"]


def test_cancelled_purchase_leaves_no_promise():
    home, sku = make_location(), make_sku()
    purchase = on_its_way(sku, home, 5)
    order = make_order(sku, 3)
    end_purchase.cancel(purchase.pk, reason="supplier is bankrupt", actor="user:1")
    deliver()
    order.refresh_from_db()
    assert order.promised_original is not None
    assert order.promised_current is None
    assert order.allocations.get().supply_at is None
    assert proven()


def test_purchase_after_the_order_gives_it_a_day():
    home, sku = make_location(), make_sku()
    order = make_order(sku, 3)
    assert order.promised_original is None
    deliver()
    on_its_way(sku, home, 5)
    deliver()
    order.refresh_from_db()
    assert order.promised_original == order.promised_current == arrives(home, 7)


def test_received_goods_go_to_who_was_promised_and_the_rest_waits_on():
    home, sku, channel = make_location(), make_sku(), make_channel()
    purchase = on_its_way(sku, home, 5)
    first, second = make_order(sku, 3, channel=channel), make_order(sku, 2, channel=channel)
    receive_delivery.receive(sku, home, 3, order=purchase, key="d1", actor="user:1")
    deliver()
    assert first.allocations.get().status == "reserved"
    row = second.allocations.get()
    assert (row.status, row.supply_location) == ("backordered", home)
    assert proven()


def test_overdue_goods_promise_nothing():
    home, sku = make_location(), make_sku()
    purchase = on_its_way(sku, home, 5)
    order = make_order(sku, 3)
    purchase.lines.update(confirmed_on=timezone.localdate() - timedelta(days=1))
    backorder.repeg_all()
    order.refresh_from_db()
    assert order.promised_current is None


def test_lost_pieces_are_promised_out_of_what_comes():
    home, sku = make_location(), make_sku()
    on_its_way(sku, home, 5)
    backorder.stock.receive(sku, home, 2)
    order = make_order(sku, 2)
    backorder.stock.adjust(sku, home, -1, reason="lost")
    order.refresh_from_db()
    assert order.promised_current == arrives(home, 7)
    assert order.promises.get().cause == PromiseEvent.Cause.BACKORDER


def test_holidays_and_handling_days_of_a_location_count():
    home = make_location(handling_days=1)
    sku = make_sku(5, home)
    plain = make_order(sku, 1).promised_current
    for days in range(10):
        LocationHoliday.objects.create(location=home, day=timezone.localdate(timezone=BERLIN) + timedelta(days=days))
    forget_network()
    closed = make_order(sku, 1).promised_current
    assert closed - plain >= timedelta(days=7)


def test_order_in_stock_reads_nothing_of_what_is_on_its_way(django_assert_max_num_queries):
    home = make_location()
    sku = make_sku(5, home)
    make_order(sku, 1)
    with django_assert_max_num_queries(40) as captured:
        make_order(sku, 1)
    assert not [
        one for one in captured.captured_queries if "purchaseline" in one["sql"] or 'supply_at" IS' in one["sql"]
    ]


def test_goods_that_came_damaged_promise_nothing():
    home = make_location()
    sku = make_sku()
    purchase = on_its_way(sku, home, 5)
    order = make_order(sku, 5)
    deliver()
    assert order.promised_current
    receive_delivery.receive(sku, home, 0, damaged=5, order=purchase, actor="user:1")
    assert proven()
    order.refresh_from_db()
    assert order.promised_current is None


def test_who_is_told_by_edi_reads_the_day_of_the_location():
    home = make_location()
    sku = make_sku()
    on_its_way(sku, home, 5)
    order = make_order(sku, 5)
    _, days = answer_purchase.missing_of(order)
    assert list(days.values()) == [order.allocations.get().supply_at.astimezone(ZoneInfo(home.tz)).date()]


def test_a_part_that_is_announced_brings_no_promise_forward():
    home = make_location()
    sku = make_sku()
    purchase = on_its_way(sku, home, 100, days=30)
    soon = timezone.localdate() + timedelta(days=1)
    announce(purchase.pk, {purchase.lines.get().pk: 10}, delivery_note="A1", arrives_on=soon, actor="user:1")
    assert make_order(sku, 90).promised_current == arrives(home, 30)
