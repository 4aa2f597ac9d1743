"""Taking hold of work: its order, allocations and fulfilment orders locked in the one order of locks."""

from dataclasses import dataclass

from fulfilment.models import FulfilmentLine, FulfilmentOrder
from oms.lib.errors import InvalidTransition, NotFound
from oms.lib.prepared import Param, prepared
from orders.models import Allocation, Order, OrderLine


@dataclass
class Work:
    """A locked fulfilment order, its locked order, and its lines with their locked allocations."""

    order: Order
    fulfilment_order: FulfilmentOrder
    lines: list[FulfilmentLine]

    @property
    def location(self):
        return self.fulfilment_order.location

    @property
    def wanted(self):
        return sum(line.wanted for line in self.lines)

    @property
    def is_stopped(self):
        return any(line.stopped for line in self.lines)

    def line(self, pk):
        """Return the line `pk`; raises NotFound when it belongs to other work."""
        for line in self.lines:
            if line.pk == int(pk):
                return line
        raise NotFound(f"{self.fulfilment_order} has no line {pk}.", field="line")

    def check_may_move(self):
        """Raise InvalidTransition when the order is held, not confirmed, or a cancellation asks for pieces."""
        if self.is_stopped:
            raise InvalidTransition(f"STOP: order {self.order} is being cancelled. Take the goods out first.")
        if self.order.is_held:
            raise InvalidTransition(f"Order {self.order} is on hold. Set it aside until it is released.")
        if self.order.status != Order.Status.CONFIRMED:
            raise InvalidTransition(f"Order {self.order} is {self.order.get_status_display().lower()}. Set it aside.")


_order_of = prepared(lambda: FulfilmentOrder.objects.filter(pk=Param("pk")).values_list("order_id", flat=True))
_lines = prepared(
    lambda: FulfilmentLine.objects.filter(fulfilment_order=Param("fulfilment_order")).select_related(
        "sku", "order_line"
    )
)


def claim(fulfilment_order_id):
    """Lock the order of a fulfilment order, its lines and allocations, then itself; return the Work.

    Raises NotFound. The first thing that any service of the floor does.
    """
    found = _order_of(pk=fulfilment_order_id)
    if not found:
        raise NotFound(f"There is no fulfilment order F{fulfilment_order_id}.")
    order = Order.objects.lock(found[0])
    OrderLine.objects.lock_of(order)
    allocations = {row.pk: row for row in Allocation.objects.lock_of(order)}
    row = FulfilmentOrder.objects.lock(fulfilment_order_id)
    return Work(order, row, lines_of(row, allocations))


def claim_all(order_id):
    """Lock an order with all its fulfilment orders; return (order, its allocations, [Work])."""
    order = Order.objects.lock(order_id)
    OrderLine.objects.lock_of(order)
    allocations = Allocation.objects.lock_of(order)
    by_pk = {row.pk: row for row in allocations}
    rows = FulfilmentOrder.objects.lock_of(order)
    return order, allocations, [Work(order, row, lines_of(row, by_pk)) for row in rows]


def lines_of(fulfilment_order, allocations):
    """Return its lines, each with its allocation out of `allocations` ({pk: locked Allocation})."""
    lines = _lines(fulfilment_order=fulfilment_order.pk)
    for line in lines:
        line.fulfilment_order = fulfilment_order
        line.allocation = allocations[line.allocation_id]
    return lines


def drop_lost(work, actor):
    """Bring OPEN work, all locked, in step with its allocations; without lines it is cancelled.

    Nobody works on it yet. Whoever lets somebody begin calls it first: `follow` may still be on its way.
    """
    kept = []
    for line in work.lines:
        row = line.allocation
        if row.status != Allocation.Status.RESERVED or row.location_id != work.location.pk:
            line.delete()
            continue
        kept.append(line)
        if line.wanted != row.quantity:
            line.quantity = row.quantity + line.short + line.cancelled
            line.save(update_fields=["quantity"])
    work.lines = kept
    if not kept:
        work.fulfilment_order.move_to(FulfilmentOrder.Status.CANCELLED, order=work.order, actor=actor)
