"""Pieces that a location cannot serve after all: backordered for their order, then sourced anew."""

from fulfilment.services.open_orders import follow
from orders.models import Allocation, PromiseEvent
from orders.services import allocate, progress, promise, states


def backorder(work, pieces, *, is_refused):
    """Take `pieces` ({line pk: pieces}) off the floor as BACKORDERED; return their allocations.

    `is_refused`: their location is not asked for them again, though it has them by its book; not until more comes
    there, or a person asks. Stock, and the lines' own saving (`advance`), are the caller's.
    """
    rows = [(work.line(pk), n) for pk, n in pieces.items() if n]
    for line, n in rows:
        line.short += n
    pieces = [(line.allocation, n) for line, n in rows]
    return progress.short(work.order, pieces, is_refused=is_refused) if rows else []


def source_again(order, rows, *, actor):
    """Source BACKORDERED `rows` of a locked order from anywhere that did not refuse them, and open the work for it.

    What no location has stays backordered, and the customer's promise moves. It comes last in a command:
    what follows reads the order anew, and the caller's own rows are old from then on.
    """
    if not rows:
        return
    allocate.resource(order, rows, actor=actor)
    missing = [row.pk for row in rows if row.status == Allocation.Status.BACKORDERED]
    promise.move(order, PromiseEvent.Cause.BACKORDER)
    if missing:
        order.publish("order.backordered", actor=actor, allocations=missing)
    states.refresh(order)
    follow(order.pk, actor=actor)
