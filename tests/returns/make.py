"""Makers of the returns desk's rows: orders that left, returns that came."""

from fulfilment.services import ship
from orders.models import Order
from orders.services import pay
from returns.services import receive, request
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, packed, work_of
from tests.replay import replayed


@replayed
def shipped(*quantities, paid=True, **fields):
    """An order that shipped whole, of `quantities` pieces of a SKU each (one of 3 pieces); paid in full."""
    _, skus = make_shelf(*([100] * len(quantities or (3,))))
    return ship_all(confirmed(*zip(skus, quantities or (3,), strict=True), **fields), paid=paid)


@replayed
def ship_all(order, *, paid=True):
    """Pay, pick, pack and ship all of a confirmed order; returns it as it is then."""
    if paid:
        pay.add_payment(order.pk, amount=order.gross, reference=f"paid-{order.pk}", actor=ACTOR)
    packed(order)
    ship.ship(work_of(order).pk, actor=ACTOR)
    return Order.objects.get(pk=order.pk)


@replayed
def asked(order, pieces=1, **fields):
    """A return of `pieces` of the order's first line."""
    line = order.lines.leaves().first()
    return request.request(order.pk, [request.ReturnLineIn(line.pk, pieces, **fields)], actor=ACTOR)


@replayed
def received(order, pieces=1, **fields):
    """The same, come back in full."""
    rma = asked(order, pieces, **fields)
    return receive.receive(rma.pk, {line.pk: line.quantity for line in rma.lines.all()}, actor=ACTOR)
