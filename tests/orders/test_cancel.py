from decimal import Decimal

import pytest

from inventory.models import KitComponent, StockLevel
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from orders.models import Allocation
from orders.services import cancel
from orders.services.intake import LineIn
from orders.services.place import place
from tests.make import make_channel, make_location, make_order, make_order_in, make_sku

pytestmark = pytest.mark.django_db


def on_floor(order, pieces):
    """Put `pieces` of the order's only line on the floor, as a release does."""
    row = order.allocations.get().split(pieces)
    row.move_to("on_floor")
    order.lines.update(on_floor=pieces)
    return row


def test_frees_stock_and_publishes():
    sku = make_sku(5)
    order = cancel.cancel(make_order(sku, 3).pk, reason="changed mind")
    assert order.status == "cancelled"
    assert StockLevel.objects.get().reserved == 0
    assert Event.objects.get(name="order.cancelled").data["lines"] == {str(order.lines.get().pk): 3}


def test_cancelled_order_cannot_be_cancelled_again():
    order = cancel.cancel(make_order().pk, reason="changed mind")
    with pytest.raises(InvalidTransition, match="nothing to cancel"):
        cancel.cancel(order.pk, reason="again")
    assert Event.objects.filter(name="order.cancelled").count() == 1


def test_part_of_a_line_takes_missing_pieces_first():
    sku = make_sku(2)
    order = make_order(sku, 5)
    cancel.cancel(order.pk, lines={order.lines.get().pk: 4}, reason="fewer")
    assert StockLevel.objects.get().reserved == 1
    assert order.lines.get().cancelled == 4
    open_rows = Allocation.objects.open().values_list("status", "quantity")
    assert list(open_rows) == [("reserved", 1)]
    assert Event.objects.get(name="order.lines_cancelled")


def test_a_partner_hears_of_pieces_that_are_cancelled(make_partner):
    partner = make_partner()
    order = make_order(quantity=3, channel=make_channel(partner=partner))
    cancel.cancel(order.pk, lines={order.lines.get().pk: 1}, reason="broken")
    event = Event.objects.filter(partner=partner.pk).latest("pk")
    assert (event.name, event.data["lines"]) == ("order.lines_cancelled", {str(order.lines.get().pk): 1})


def test_more_pieces_than_open_are_refused():
    order = make_order(quantity=2)
    with pytest.raises(Invalid) as error:
        cancel.cancel(order.pk, lines={order.lines.get().pk: 3}, reason="fewer")
    assert error.value.field == "lines"
    assert StockLevel.objects.get().reserved == 2


def test_kit_goes_with_its_parts():
    home = make_location()
    kit, part = make_sku(kind="kit"), make_sku(10, home)
    KitComponent.objects.create(kit=kit, component=part, quantity=3)
    order = place(make_order_in(LineIn(kit.code, 2, Decimal(5))))
    parent = order.lines.get(parent=None)
    cancel.cancel(order.pk, lines={parent.pk: 1}, reason="one is enough")
    parent.refresh_from_db()
    assert (parent.cancelled, order.lines.get(per_kit=3).cancelled) == (1, 3)
    assert StockLevel.objects.get().reserved == 3


def test_part_of_a_kit_cannot_go_alone():
    kit = make_sku(kind="kit")
    KitComponent.objects.create(kit=kit, component=make_sku(10), quantity=3)
    order = place(make_order_in(LineIn(kit.code, 2, Decimal(5))))
    with pytest.raises(Invalid, match="go with their kit"):
        cancel.cancel(order.pk, lines={order.lines.get(per_kit=3).pk: 1}, reason="no")


@pytest.mark.corrupt(13)  # put on the floor without the floor's own work
def test_floor_is_asked_for_what_it_works_on():
    order = make_order(quantity=3)
    row = on_floor(order, 2)
    order = cancel.cancel(order.pk, reason="changed mind")
    assert (order.status, order.cancel_requested_at is None) == ("placed", False)
    assert Event.objects.get(name="order.cancel_requested").data["lines"] == {str(row.line_id): 2}
    assert StockLevel.objects.get().reserved == 2


@pytest.mark.corrupt(13)  # put on the floor without the floor's own work
@pytest.mark.parametrize(("accepted", "status", "reserved"), [(True, "cancelled", 0), (False, "placed", 2)])
def test_floor_answers(accepted, status, reserved):
    order = make_order(quantity=2)
    row = on_floor(order, 2)
    cancel.cancel(order.pk, reason="changed mind")
    order = cancel.answer(order.pk, {row.pk: 2}, accepted=accepted)
    assert (order.status, order.cancel_requested_at) == (status, None)
    assert StockLevel.objects.get().reserved == reserved


def test_locks_order_then_lines_then_allocations(assert_locks):
    order = make_order()
    with assert_locks("orders_order", "orders_orderline", "orders_allocation"):
        cancel.cancel(order.pk, reason="changed mind")
