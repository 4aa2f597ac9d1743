"""Deliveries: what comes against a purchase order or blind, and what it does to stock and costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import (
    BinStock,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    Serial,
    Sku,
    StockEntry,
    StockLevel,
    SupplierReturn,
    SupplierSku,
)
from inventory.services import end_purchase, land_costs, lead_times, serials, stock
from inventory.services.average_cost import averaged
from inventory.services.receive_delivery import receive
from inventory.services.return_to_supplier import return_to_supplier
from oms.lib.errors import Invalid, InvalidTransition
from oms.papers.models import Document
from tests.deliver import deliver
from tests.inventory.buying import lists, make_purchase, make_sent, make_supplier
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db
Status = PurchaseOrder.Status


def take(order, good, *, line=0, **fields):
    sku = order.lines.order_by("pk")[line].sku
    return receive(sku, order.location, good, order=order, **{"actor": "user:5"} | fields)


def state(order):
    return PurchaseOrder.objects.get(pk=order.pk).status


def held(sku):
    return dict(BinStock.objects.filter(sku=sku, quantity__gt=0).values_list("bin__code", "quantity"))


def test_what_comes_lies_at_the_dock_and_the_order_is_part_received_then_received():
    order = make_sent(10, 5)
    row = take(order, 4)
    line = order.lines.order_by("pk")[0]
    assert (line.received, state(order), held(line.sku)) == (4, Status.PART_RECEIVED, {"DOCK": 4})
    entry = StockEntry.objects.get(key=row.good_key)
    assert (entry.delta, entry.subject, entry.actor) == (4, order.subject, "user:5")
    take(order, 6)
    assert state(order) == Status.PART_RECEIVED
    take(order, 5, line=1)
    assert state(order) == Status.RECEIVED


def test_damaged_pieces_lie_in_quarantine_and_count_as_come():
    order = make_sent(10)
    take(order, 7, damaged=3)
    sku = order.lines.get().sku
    level = StockLevel.objects.get(sku=sku)
    assert held(sku) == {"DOCK": 7, "QUARANTINE": 3}
    assert (level.on_hand, level.unavailable, state(order)) == (10, 3, Status.RECEIVED)


def test_a_key_books_once():
    order = make_sent(10)
    first, again = (take(order, 4, key="scan:1") for _ in range(2))
    assert first == again
    assert order.lines.get().received == 4
    assert StockLevel.objects.get().on_hand == 4


def test_a_little_more_than_ordered_is_taken_and_noted():
    order = make_sent(10)
    row = take(order, 11)
    assert (row.over, order.lines.get().received, state(order)) == (1, 11, Status.RECEIVED)


def test_more_than_the_tolerance_is_refused_unless_a_lead_accepts():
    order = make_sent(10)
    take(order, 8)
    with pytest.raises(Invalid, match="10 of SKU-.* were ordered and 8 came before: take at most 3") as refused:
        take(order, 4)
    assert refused.value.field == "quantity"
    assert (order.lines.get().received, StockLevel.objects.get().on_hand, ReceiptLine.objects.count()) == (8, 8, 1)
    assert take(order, 4, is_over_accepted=True).over == 2
    assert state(order) == Status.RECEIVED


@pytest.mark.parametrize(("good", "damaged"), [(0, 0), (-1, 2), (3, -1)])
def test_fewer_than_no_pieces_are_refused(good, damaged):
    order = make_sent(10)
    with pytest.raises(Invalid):
        take(order, good, damaged=damaged)
    assert not StockEntry.objects.exists()
    assert not Receipt.objects.exists()


def test_a_sku_that_was_not_ordered_is_refused():
    order, sku = make_sent(10), make_sku(code="OTHER")
    with pytest.raises(Invalid, match="OTHER is not on purchase order P"):
        receive(sku, order.location, 1, order=order)
    assert not StockEntry.objects.exists()


def test_another_locations_order_is_refused():
    order = make_sent(10)
    with pytest.raises(Invalid, match="goes to"):
        receive(order.lines.get().sku, make_location(), 1, order=order)
    assert not StockEntry.objects.exists()


def test_an_order_that_was_not_sent_or_is_closed_is_refused():
    draft, closed = make_purchase(10), make_sent(10)
    end_purchase.close_short(closed.pk, reason="Gone", actor="user:2")
    with pytest.raises(InvalidTransition, match="is draft: send it first"):
        take(draft, 1)
    with pytest.raises(InvalidTransition, match="is closed short: book the goods in without it"):
        take(closed, 1)
    assert not StockEntry.objects.exists()


def test_closing_short_ends_a_part_received_order_and_cancelling_does_not():
    order = make_sent(10)
    take(order, 4)
    with pytest.raises(InvalidTransition, match="close it short instead"):
        end_purchase.cancel(order.pk, reason="No", actor="user:2")
    end_purchase.close_short(order.pk, reason="Out of production", actor="user:2")
    assert state(order) == Status.CLOSED_SHORT


def test_pieces_of_one_delivery_share_a_receipt_and_another_note_begins_one():
    order = make_sent(10, 5)
    take(order, 1, note="L1")
    take(order, 1, line=1, note="L1")
    take(order, 1, note="L2")
    assert [receipt.lines.count() for receipt in Receipt.objects.order_by("pk")] == [2, 1]


def test_blind_goods_are_booked_at_the_suppliers_price_or_the_cost_so_far():
    row, place = lists(make_supplier(), prices=((1, "3.00"),)), make_location()
    assert receive(row.sku, place, 5, supplier=row.supplier, note="L9").cost == 3
    assert receive(make_sku(unit_cost=Decimal(8)), place, 5).cost == 8
    assert Sku.objects.get(pk=row.sku_id).unit_cost == 3


def test_the_average_cost_moves_by_what_comes():
    order = make_sent(10)
    sku = order.lines.get().sku
    Sku.objects.filter(pk=sku.pk).update(unit_cost=Decimal(7))
    stock.receive(sku, order.location, 5)
    take(order, 10)
    assert Sku.objects.get(pk=sku.pk).unit_cost == 5  # (5 x 7 + 10 x 4) / 15


def test_the_average_of_nothing_and_something_is_something():
    assert averaged(0, Decimal(99), 3, Decimal(4)) == 4
    assert averaged(2, Decimal(1), 1, Decimal(2)) == Decimal("1.3333")


def test_freight_and_duty_are_spread_by_value_to_the_last_cent_and_move_the_average():
    order = make_sent(10, 5, 1)
    for line, pieces in enumerate((10, 5, 1)):
        take(order, pieces, line=line)
    receipt = Receipt.objects.get()
    land_costs.land(receipt.pk, freight=Decimal(8), duty=Decimal("2.01"), currency="EUR", actor="user:2")
    rows = list(receipt.lines.order_by("pk"))
    extra = [row.pieces * (row.landed_cost - row.cost) for row in rows]
    assert [value.quantize(Decimal("0.01")) for value in extra] == [Decimal("6.26"), Decimal("3.13"), Decimal("0.62")]
    assert sum(extra).quantize(Decimal("0.01")) == Decimal("10.01")
    assert [Sku.objects.get(pk=row.sku_id).unit_cost for row in rows] == [row.landed_cost for row in rows]


def test_freight_lands_once_and_what_was_sold_bears_its_share():
    order = make_sent(10)
    take(order, 10)
    sku, receipt = order.lines.get().sku, Receipt.objects.get()
    stock.adjust(sku, order.location, -5, reason="lost")
    land_costs.land(receipt.pk, freight=Decimal(10), duty=Decimal(0), currency="EUR", actor="user:2")
    assert Sku.objects.get(pk=sku.pk).unit_cost == 5
    with pytest.raises(InvalidTransition, match="were entered on"):
        land_costs.land(receipt.pk, freight=Decimal(10), duty=Decimal(0), currency="EUR", actor="user:2")
    assert Sku.objects.get(pk=sku.pk).unit_cost == 5


def test_negative_freight_is_refused():
    take(make_sent(10), 10)
    with pytest.raises(Invalid, match="below zero"):
        land_costs.land(Receipt.objects.get().pk, freight=Decimal(-1), duty=Decimal(0), currency="EUR", actor="x")
    assert Receipt.objects.get().costed_at is None


def test_lead_times_are_learned_from_three_deliveries_on():
    row = lists(make_supplier())
    for days in (9, 5, 30):
        assert SupplierSku.objects.get(pk=row.pk).lead_days_p50 is None
        order = make_sent(1, supplier=row.supplier, days_ago=days)
        order.lines.update(sku=row.sku)
        take(order, 1)
        deliver()
    row.refresh_from_db()
    assert (row.lead_days_p50, row.lead_days_p90) == (9, 30)


@pytest.mark.parametrize(("percent", "expected"), [(50, 5), (90, 9), (100, 10)])
def test_percentiles_are_of_nearest_rank(percent, expected):
    assert lead_times.percentile(range(10, 0, -1), percent) == expected


def test_goods_go_back_to_their_supplier_with_a_slip_and_a_ledger_entry():
    order = make_sent(10)
    take(order, 8, damaged=2)
    sku = order.lines.get().sku
    unfit = BinStock.objects.get(bin__code="QUARANTINE")
    for _ in range(2):
        row = return_to_supplier(order.supplier, [(unfit, 2)], reason="Broken", order=order, key="r1", actor="u")
    line = row.lines.get()
    assert (StockEntry.objects.get(key=line.entry_key).delta, line.cost, held(sku)) == (-2, 4, {"DOCK": 8})
    assert StockLevel.objects.get().unavailable == 0
    deliver()
    assert Document.objects.get(kind="supplier_return").status == Document.Status.READY


def test_more_than_lies_there_does_not_go_back():
    order = make_sent(10)
    take(order, 10)
    dock = BinStock.objects.get()
    with pytest.raises(Invalid, match="holds only 10"):
        return_to_supplier(order.supplier, [(dock, 11)], reason="Broken", actor="user:1")
    with pytest.raises(Invalid, match="Say why"):
        return_to_supplier(order.supplier, [(dock, 1)], reason="", actor="user:1")
    assert StockLevel.objects.get().on_hand == 10
    assert not Document.objects.filter(kind="supplier_return").exists()


def test_overdue_orders_are_those_whose_day_is_past():
    order = make_sent(10)
    order.lines.update(expected_on=timezone.localdate() - timedelta(days=1))
    assert list(PurchaseOrder.objects.overdue(timezone.localdate())) == [order]
    take(order, 10)
    assert not PurchaseOrder.objects.overdue(timezone.localdate())


def test_a_return_names_the_serial_numbers_that_go():
    supplier, place = make_supplier(), make_location()
    sku = make_sku(tracking="serial")
    stock.receive(sku, place, 3, serials=serials.new(sku, ["S1", "S2", "S3"]))
    dock = BinStock.objects.get()
    with pytest.raises(Invalid, match="serial number of each"):
        return_to_supplier(supplier, [(dock, 1)], reason="Broken", actor="user:1")
    assert not SupplierReturn.objects.exists()
    return_to_supplier(supplier, [(dock, 1)], reason="Broken", serials={dock.pk: ["s2"]}, actor="user:1")
    assert dict(Serial.objects.values_list("code", "state")) == {"S1": "in_stock", "S2": "returned", "S3": "in_stock"}
    assert not Serial.objects.filter(is_assumed=True).exists()
