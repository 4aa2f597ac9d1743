"""The states that lists show, derived from an order's own rows and counters and cached on it."""

from dataclasses import dataclass
from decimal import Decimal

from oms.lib.among import among
from oms.lib.money import ZERO
from oms.lib.prepared import Params, prepared
from orders.models import Allocation, Hold, Order, OrderCharge, OrderLine, Payment
from orders.models.payment import PaymentTotals
from orders.services.due import credited_of_all, sold

Fulfilment = Order.FulfilmentState
Return = Order.ReturnState
Paid = Order.PaymentState


@dataclass(frozen=True)
class Facts:
    """What the states of one order follow from, as the database has it."""

    lines: list[OrderLine]
    charges: list[OrderCharge]
    totals: PaymentTotals
    credited: Decimal  # for goods that came back
    is_held: bool
    is_short: bool  # some of it is backordered


def refresh(order, lines=None):
    """Derive the cached states of a locked order anew and save it as the next version.

    `lines` are the order's lines where the caller has them, as they are in the database.
    """
    for name, value in derived(order, facts_of(order, lines)).items():
        setattr(order, name, value)
    order.version += 1
    order.save()


def new(lines, charges, totals):
    """Return the Facts of an order that is being written, with its PaymentTotals."""
    return Facts(lines=lines, charges=charges, totals=totals, credited=ZERO, is_held=False, is_short=False)


def facts_of(order, lines=None):
    """Return the Facts of one order; `lines` as for `refresh`."""
    return facts_of_all([order], {order.pk: lines} if lines is not None else None)[order.pk]


def facts_of_all(orders, lines=None):
    """Return {order id: Facts} of `orders`; `lines` is {order id: its lines} where known. As many statements
    for many orders as for one, all their rows in memory."""
    pks = [order.pk for order in orders]
    lines = lines if lines is not None else _by_order(_lines(orders=pks))
    charges = _by_order(_charges(orders=pks))
    totals = Payment.objects.totals_of_all(orders)
    credits = credited_of_all(lines)
    held, short = set(_held(orders=pks)), set(_short(orders=pks))
    return {
        order.pk: Facts(
            lines=lines.get(order.pk, []),
            charges=charges.get(order.pk, []),
            totals=totals[order.pk],
            credited=credits.get(order.pk, ZERO),
            is_held=order.pk in held,
            is_short=order.pk in short,
        )
        for order in orders
    }


def derived(order, facts):
    """Return {field: value} of the cached states as the Facts say they are."""
    leaves = [line for line in facts.lines if line.kind != "kit"]
    return {
        "is_held": facts.is_held,
        "fulfilment_state": fulfilment_state(leaves, facts.is_short),
        "return_state": return_state(leaves),
        "payment_state": payment_state(order, facts),
    }


def fulfilment_state(leaves, is_short):
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
    return Fulfilment.BACKORDERED if is_short else Fulfilment.OPEN


def return_state(leaves):
    returned = sum(line.returned for line in leaves)
    if returned and returned >= sum(line.shipped for line in leaves):
        return Return.RETURNED
    if returned:
        return Return.PARTLY_RETURNED
    return Return.REQUESTED if any(line.return_requested for line in leaves) else Return.NONE


def payment_state(order, facts):
    """Return how far what is owed for the pieces not cancelled is promised, taken and given back.

    A refund shows where all was taken and it leaves less than was sold, so one for cancelled pieces does not.
    What came back unpaid and was credited need not be paid. Authorised is what is covered as a whole, though
    a part of it (a gift card) may be taken already.
    """
    totals = facts.totals
    due = sold(order, facts.lines, facts.charges)
    if totals.captured and totals.kept <= 0:
        return Paid.REFUNDED
    if order.gross <= 0 or (totals.captured and totals.kept >= due):
        return Paid.PAID
    due -= facts.credited
    if totals.refunded and totals.captured >= due:
        return Paid.PARTLY_REFUNDED
    if facts.credited and totals.captured >= due:
        return Paid.PAID
    if totals.authorised and totals.authorised >= due:
        return Paid.AUTHORISED
    return Paid.PARTLY_PAID if totals.captured else Paid.UNPAID


def _by_order(rows):
    found = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found


def _prepared(rows):
    return prepared(lambda: rows.filter(among("order_id", Params("orders"))))


_lines, _charges = _prepared(OrderLine.objects.all()), _prepared(OrderCharge.objects.all())
_held = _prepared(Hold.objects.active().values_list("order", flat=True))
_short = _prepared(Allocation.objects.backordered().values_list("order", flat=True))
