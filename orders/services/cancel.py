"""Cancelling: what is free is freed at once, what is on the floor is asked for."""

from collections import Counter
from zoneinfo import ZoneInfo

from django.utils import timezone

from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Allocation, Order, OrderLine
from orders.models.worth import parts_of
from orders.services import capture, counters, given_before, invoicing, states
from orders.services.allocate import tracked

Status = Allocation.Status
# The newest promise is the cheapest to break: what is missing first, then what only waits.
FREE_FIRST = (Status.BACKORDERED, Status.RESERVED)
ON_FLOOR = (Status.ON_FLOOR, Status.PICKED)


@command
def cancel(order_id, *, lines=None, reason, actor="system", version=None):
    """Cancel an order, or `lines` ({line id: pieces}) of it, and return it.

    Stock of what no warehouse works on is freed; the floor is asked for the rest and answers with
    `answer`. Nothing shipped and all cancelled: the order is CANCELLED; something shipped: CLOSED.
    Raises InvalidTransition when nothing is left to cancel, Invalid for more pieces than are open,
    and Stale when `version` is not the order's any more.
    """
    order = Order.objects.lock(order_id)
    order.expect(version)
    if order.status == Order.Status.DRAFT and lines is None:
        return _drop(order, reason=reason[:100], actor=actor)
    if not order.is_open:
        raise InvalidTransition(f"Order {order} is {order.get_status_display()}: there is nothing to cancel.")
    rows = OrderLine.objects.lock_of(order)
    wanted = _wanted(order, rows, lines)
    freed, asked = _take(order, rows, wanted)
    order.cancel_reason = reason[:100]
    counters.save(rows)
    given_before.count(order, rows, freed)
    _tell(order, rows, freed, asked, reason=reason[:100], actor=actor)
    _free_stock(order, freed, actor=actor)
    return order


@command
def answer(order_id, allocations, *, accepted, is_last=True, actor="system"):
    """The floor's answer to a cancel request: `allocations` is {allocation id: pieces}.

    Accepted pieces are freed and cancelled, also those that left the floor meanwhile; refused ones ship.
    The last answer clears the request.
    """
    order = Order.objects.lock(order_id)
    rows = OrderLine.objects.lock_of(order)
    by_pk = {line.pk: line for line in rows}
    freed = []
    if accepted:
        for row in Allocation.objects.lock_of(order):
            pieces = min(allocations.get(row.pk, 0), row.quantity)
            if pieces and row.status not in (Status.SHIPPED, Status.FREED):
                by_pk[row.line_id].on_floor -= pieces if row.status in ON_FLOOR else 0
                freed.append(_free(row, pieces))
                by_pk[row.line_id].cancelled += pieces
        counters.save(rows)
        given_before.count(order, rows, freed)
    if is_last:
        order.cancel_requested_at = None
    name = "order.cancel_accepted" if accepted else "order.cancel_refused"
    order.publish(name, actor=actor, allocations={str(pk): n for pk, n in allocations.items()})
    _tell(order, rows, freed, {}, reason=order.cancel_reason, actor=actor)
    _free_stock(order, freed, actor=actor)
    return order


def settle(order, lines, *, actor="system"):
    """Move a locked, open order on when nothing of it is open: CANCELLED, or CLOSED if some shipped."""
    leaves = [line for line in lines if line.kind != "kit"]
    if any(line.open_quantity for line in leaves) or not order.is_open:
        return False
    if not any(line.shipped for line in leaves):
        order.move_to(Order.Status.CANCELLED)
        return True
    if all(line.delivered >= line.shipped for line in leaves) and order.status == Order.Status.CONFIRMED:
        order.move_to(Order.Status.CLOSED)
        order.publish("order.closed", actor=actor)
    return False


def _drop(order, *, reason, actor):
    """Cancel a locked draft, which holds no stock: all its pieces, so that nothing is owed for them."""
    rows = OrderLine.objects.lock_of(order)
    for line in rows:
        line.cancelled = line.quantity
    counters.save(rows)
    order.cancel_reason = reason
    order.move_to(Order.Status.CANCELLED)
    order.publish("order.cancelled", actor=actor, reason=reason)
    states.refresh(order, rows)
    return order


def _wanted(order, rows, lines):
    """Return {leaf line id: pieces to cancel}; all that is open where no lines are named."""
    if lines is None:
        wanted = {line.pk: line.open_quantity for line in rows if line.kind != "kit" and line.open_quantity}
        if not wanted:
            raise InvalidTransition(f"All of order {order} has left: nothing to cancel.")
        return wanted
    by_pk = {line.pk: line for line in rows}
    for pk, pieces in lines.items():
        line = by_pk.get(int(pk))
        if line is None or line.is_part:
            raise Invalid("Name a line of this order; parts of kits go with their kit.", field="lines")
        if not 0 < pieces <= line.open_quantity:
            raise Invalid(f"{line.open_quantity} pieces of {line.sku_code} can be cancelled.", field="lines")
    # Of a kit some parts may have left already: the others are cancelled.
    leaves = counters.leaf_pieces(rows, lines)
    wanted = {pk: min(pieces, by_pk[pk].open_quantity) for pk, pieces in leaves.items() if by_pk[pk].open_quantity}
    if not wanted:
        raise Invalid("Nothing of this is still to come.", field="lines")
    return wanted


def _take(order, rows, wanted):
    """Free what can be freed of `wanted`; returns (freed allocations, {line id: pieces to ask for})."""
    by_line = {}
    for allocation in Allocation.objects.lock_of(order):
        by_line.setdefault(allocation.line_id, []).append(allocation)
    freed, asked = [], {}
    for line in rows:
        left = wanted.get(line.pk, 0)
        for status in FREE_FIRST:
            for row in reversed(by_line.get(line.pk, [])):
                if left and row.status == status:
                    taken = min(left, row.quantity)
                    freed.append(_free(row, taken))
                    line.cancelled += taken
                    left -= taken
        if left:
            asked[line.pk] = left
    return freed, asked


def _free(row, pieces):
    """Move `pieces` of an allocation to FREED; the row freed remembers where the stock was reserved."""
    row = row.split(pieces)
    row.held_stock = row.status != Status.BACKORDERED
    row.expires_at = None
    row.move_to(Status.FREED)
    return row


def _free_stock(order, freed, *, actor):
    pieces = Counter(tracked([row for row in freed if row.held_stock]))
    if pieces:
        stock.release(pieces, subject=order.subject, actor=actor)


def _tell(order, rows, freed, asked, *, reason, actor):
    """Publish what was cancelled and asked for, and settle the order's states."""
    pieces = Counter()
    for row in freed:
        pieces[str(row.line_id)] += row.quantity
    is_all = settle(order, rows, actor=actor)
    if pieces:
        name = "order.cancelled" if is_all else "order.lines_cancelled"
        order.publish(name, actor=actor, reason=reason, lines=dict(pieces))
    if asked:
        order.cancel_requested_at = timezone.now()
        lines = {str(pk): n for pk, n in asked.items()}
        order.publish("order.cancel_requested", actor=actor, reason=reason, lines=lines)
    states.refresh(order, rows)
    _bill_parts(order, rows, freed, actor=actor)


def _bill_parts(order, rows, freed, *, actor):
    """Invoice, and take the money of, what had left of kits that stay incomplete: nothing will ship to do it."""
    cancelled = {row.line_id for row in freed}
    for parts in parts_of(rows).values():
        is_over = not any(part.open_quantity for part in parts) and any(part.shipped for part in parts)
        if is_over and any(part.pk in cancelled for part in parts):
            left_on = order.shipped_at.astimezone(ZoneInfo(order.channel.seller.tz)).date()
            invoicing.invoice_shipped(order, supply_on=left_on, actor=actor)
            capture.due_at_shipping(order, actor=actor)
            return
