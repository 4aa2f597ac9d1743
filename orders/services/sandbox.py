"""Orders of a partner who tries things out: read, priced and sourced like any, and moved on by his own calls.

What the partner is told is what he would be told of a real one; nobody else hears of it.
"""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from oms.outbox.publish import publish
from orders.models import Order, PaymentTotals, SandboxOrder
from orders.services import pay_given, place, states

Status = SandboxOrder.Status
# What the API shows of an order in each status: its own status, how far its goods are, and what is told of it.
SHOWN = {
    Status.CONFIRMED: (Order.Status.CONFIRMED, Order.FulfilmentState.OPEN, ["order.confirmed"]),
    Status.SHIPPED: (Order.Status.CONFIRMED, Order.FulfilmentState.SHIPPED, ["order.shipped"]),
    Status.DELIVERED: (Order.Status.CLOSED, Order.FulfilmentState.DELIVERED, ["order.delivered", "order.closed"]),
    Status.CANCELLED: (Order.Status.CANCELLED, Order.FulfilmentState.NOTHING, ["order.cancelled"]),
}


@command
def place_in_sandbox(order_in, show, *, actor):
    """Return (SandboxOrder of `order_in`, whether it is new); raises what `place` would, and reserves nothing.

    `show(order, lines, charges)` returns what the API shows of unsaved rows.
    """
    channel = order_in.channel
    known = SandboxOrder.objects.filter(channel=channel, external_id=order_in.external_id).first()
    if known:
        return known, False
    priced = place.read(order_in)
    order = place.build(order_in, priced, customer=None)
    place.source(order, priced.lines)
    order.payment_state = _payment_state(order, priced, pay_given.check(order, order_in.payments))
    for number, line in enumerate(priced.lines, 1):
        line.pk = number
    for line in priced.lines:
        line.parent_id = line.parent.pk if line.is_part else None
    body = show(order, sorted(priced.lines, key=lambda line: line.position), priced.charges)
    row = SandboxOrder(partner_id=channel.partner_id, channel=channel, external_id=order_in.external_id, body=body)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return SandboxOrder.objects.get(channel=channel, external_id=order_in.external_id), False
    row.body["number"] = row.number
    _save(row, ["order.placed"], actor)
    return row, True


@command
def advance(pk, *, to=None, actor):
    """Move a sandbox order to its next status, or through all until `to`; returns it. At `to` already: as it is.

    Raises InvalidTransition when it cannot get there.
    """
    row = _lock(pk)
    target = to or row.next_status()
    while row.status != target:
        row.status = row.next_status()
        _show(row, {"shipped_at": _now()} if row.status == Status.SHIPPED else {})
        for line in row.body["lines"]:
            line["shipped"] = line["quantity"] - line["cancelled"] if row.status != Status.CONFIRMED else 0
            line["delivered"] = line["shipped"] if row.status == Status.DELIVERED else 0
        row.version += 1
        _save(row, SHOWN[row.status][2], actor)
    return row


@command
def cancel_in_sandbox(pk, *, lines=None, version=None, actor):
    """Cancel a sandbox order, or `lines` ({line id: pieces}) of it, while nothing of it has left; returns it."""
    row = _lock(pk)
    row.expect(version)
    if not row.is_open:
        raise InvalidTransition(f"Order {row} is {row.get_status_display()}: there is nothing to cancel.")
    by_id = {line["id"]: line for line in row.body["lines"]}
    open_pieces = {number: line["quantity"] - line["cancelled"] for number, line in by_id.items()}
    for number, pieces in (open_pieces if lines is None else lines).items():
        if lines is not None and not 0 < pieces <= open_pieces.get(number, 0):
            raise Invalid(f"{open_pieces.get(number, 0)} pieces can be cancelled.", field="lines")
        by_id[number]["cancelled"] += pieces
    row.version += 1
    is_all = all(line["cancelled"] == line["quantity"] for line in by_id.values())
    if is_all:
        row.status = Status.CANCELLED
        _show(row)
    _save(row, SHOWN[Status.CANCELLED][2] if is_all else ["order.lines_cancelled"], actor)
    return row


def _lock(pk):
    row = SandboxOrder.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such order of yours.")
    return row


def _show(row, more=()):
    status, fulfilment_state, _ = SHOWN[row.status]
    row.body |= {"status": str(status), "fulfilment_state": str(fulfilment_state), **dict(more)}


def _save(row, names, actor):
    """Save the row and tell its partner of the events `names`."""
    row.body["version"] = row.version
    data = {"partner": row.partner_id, "order_number": row.number, "external_id": row.external_id, "sandbox": True}
    for name in names:
        row.event_counter += 1
        publish(name, row.subject, sequence=row.event_counter, actor=actor, **data)
    row.save()


def _payment_state(order, priced, paid):
    if not paid:
        return order.payment_state
    taken = [sum((getattr(row, name) for row, _ in paid), Decimal(0)) for name in ("authorised", "captured")]
    return states.payment_state(order, states.new(priced.lines, priced.charges, PaymentTotals(*taken, Decimal(0))))


def _now():
    return timezone.now().isoformat().replace("+00:00", "Z")
