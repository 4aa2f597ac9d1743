"""How higher apps tell orders what becomes of allocated pieces: released, picked, shipped, delivered.

Each function takes an order that the caller has locked, and `pieces`: [(locked Allocation, how many)].
It moves the allocations, splitting a row of which only a part moves, keeps the lines' counters and
those of kits, and derives the order's states. It returns the allocations that moved, in the order of
`pieces`. Publishing, and all stock, is the caller's.
"""

from collections import Counter

from django.utils import timezone

from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Allocation, OrderLine
from orders.services import counters, states

Status = Allocation.Status


def to_floor(order, pieces):
    """RESERVED pieces go to the floor: from now on a cancellation must ask there."""
    moved = _move(pieces, Status.ON_FLOOR)
    _count(order, moved, on_floor=1)
    return moved


def back_from_floor(order, pieces):
    """Pieces that nobody has picked leave the floor and are RESERVED as before."""
    moved = _move(pieces, Status.RESERVED)
    _count(order, moved, on_floor=-1)
    return moved


def pick(order, pieces):
    """Pieces were taken from the shelf; for the customer nothing changes."""
    return _move(pieces, Status.PICKED)


def unpick(order, pieces):
    """Picked pieces lie on the shelf again, and are still wanted."""
    return _move(pieces, Status.ON_FLOOR)


def short(order, pieces, *, is_refused=False):
    """Pieces on the floor were not there: BACKORDERED, at no location. Source them again afterwards.

    `is_refused`: not from where they are, which has them by its book and does not give them (`backorder.take_up`).
    """
    moved = []
    for allocation, quantity in pieces:
        refused = {*allocation.refused_by, allocation.location_id} if is_refused else allocation.refused_by
        moved += _move([(allocation, quantity)], Status.BACKORDERED, location=None, refused_by=sorted(refused))
    _count(order, moved, on_floor=-1)
    return moved


def ship(order, pieces):
    """Picked pieces left."""
    moved = _move(pieces, Status.SHIPPED)
    order.shipped_at = timezone.now()
    _count(order, moved, on_floor=-1, shipped=1)
    return moved


def unship(order, pieces):
    """Shipped pieces are here after all. Raises InvalidTransition when they were delivered or returned."""
    moved = _move(pieces, Status.PICKED)
    _count(order, moved, on_floor=1, shipped=-1)
    return moved


def deliver(order, pieces):
    """Shipped pieces reached the customer; allocations have no state beyond SHIPPED."""
    for allocation, quantity in pieces:
        if allocation.status != Status.SHIPPED or quantity > allocation.quantity:
            raise InvalidTransition(f"Only shipped pieces can be delivered, not {allocation}.")
    arrived = Counter()
    for allocation, quantity in pieces:
        arrived[allocation.line_id] += quantity
    _change_lines(order, {line_id: {"delivered": quantity} for line_id, quantity in arrived.items()})
    return [allocation for allocation, _ in pieces]


def _move(pieces, status, **fields):
    moved = []
    for allocation, quantity in pieces:
        if not 0 < quantity <= allocation.quantity:
            raise Invalid(f"Give 1 to {allocation.quantity} pieces, not {quantity}.", field="quantity")
        part = allocation.split(quantity)
        for name, value in fields.items():
            setattr(part, name, value)
        part.move_to(status)
        moved.append(part)
    return moved


def _count(order, moved, **signs):
    deltas = {}
    for allocation in moved:
        counts = deltas.setdefault(allocation.line_id, Counter())
        for name, sign in signs.items():
            counts[name] += sign * allocation.quantity
    _change_lines(order, deltas)


def _change_lines(order, deltas):
    """Add `deltas` ({line id: {counter: pieces}}) to the lines, and refresh the order."""
    lines = OrderLine.objects.lock_of(order)
    for line in lines:
        for name, delta in deltas.get(line.pk, {}).items():
            setattr(line, name, getattr(line, name) + delta)
        _check(line)
    counters.save(lines)
    states.refresh(order, lines)


def _check(line):
    if line.delivered > line.shipped or line.returned + line.return_requested > line.shipped:
        raise InvalidTransition(f"Pieces of {line.sku_code} were delivered or returned already.")
