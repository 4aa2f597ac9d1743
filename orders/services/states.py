"""The states that lists show, derived from an order's own rows and counters and cached on it."""

from orders.models import Allocation, Hold, Order, Payment
from orders.services.due import credited, sold

Fulfilment = Order.FulfilmentState
Return = Order.ReturnState
Paid = Order.PaymentState


def refresh(order, lines=None):
    """Derive the cached states of a locked order anew and save it as the next version.

    `lines` are the order's lines where the caller has them, as they are in the database.
    """
    lines = lines if lines is not None else list(order.lines.all())
    for name, value in derived(order, lines).items():
        setattr(order, name, value)
    order.version += 1
    order.save()


def derived(order, lines):
    """Return {field: value} of the cached states as the rows say they are."""
    leaves = [line for line in lines if line.kind != "kit"]
    return {
        "is_held": Hold.objects.active().filter(order=order).exists(),
        "fulfilment_state": fulfilment_state(order, leaves),
        "return_state": return_state(leaves),
        "payment_state": payment_state(order, lines),
    }


def fulfilment_state(order, leaves):
    wanted = sum(line.quantity - line.cancelled for line in leaves)
    shipped = sum(line.shipped for line in leaves)
    if wanted == 0:
        return Fulfilment.NOTHING
    if shipped >= wanted:
        delivered = sum(line.delivered for line in leaves)
        return Fulfilment.DELIVERED if delivered >= shipped else Fulfilment.SHIPPED
    if shipped:
        return Fulfilment.PARTLY_SHIPPED
    if any(line.on_floor for line in leaves):
        return Fulfilment.ON_FLOOR
    is_short = Allocation.objects.backordered().filter(order=order).exists()
    return Fulfilment.BACKORDERED if is_short else Fulfilment.OPEN


def return_state(leaves):
    returned = sum(line.returned for line in leaves)
    if returned and returned >= sum(line.shipped for line in leaves):
        return Return.RETURNED
    if returned:
        return Return.PARTLY_RETURNED
    return Return.REQUESTED if any(line.return_requested for line in leaves) else Return.NONE


def payment_state(order, lines):
    """Return how far what is owed for the pieces not cancelled is promised, taken and given back.

    A refund shows where it leaves less than was sold, so one for cancelled pieces does not. What came back
    unpaid and was credited need not be paid. Authorised is what is covered as a whole, though a part of it
    (a gift card) may be taken already.
    """
    totals = Payment.objects.totals(order)
    due = sold(order, lines, list(order.charges.all()))
    if totals.captured and totals.kept <= 0:
        return Paid.REFUNDED
    if order.gross <= 0 or (totals.captured and totals.kept >= due):
        return Paid.PAID
    if totals.refunded:
        return Paid.PARTLY_REFUNDED
    off = credited(order, lines)
    due -= off
    if off and totals.captured >= due:
        return Paid.PAID
    if totals.authorised and totals.authorised >= due:
        return Paid.AUTHORISED
    return Paid.PARTLY_PAID if totals.captured else Paid.UNPAID
