"""Goods come back: booked into QUARANTINE, where nobody sells them, until they are inspected."""

from inventory.models import Bin, Serial, Sku
from inventory.services import serials as numbered
from inventory.services import stock
from inventory.services.identify import number_of
from oms.lib.commands import command
from oms.lib.errors import Invalid
from orders.models import OrderLine
from orders.services import counters, states
from returns.models import Return
from returns.services.request import let_come, lock, policy_of


@command
def receive(return_id, pieces, *, serials=None, actor="system"):
    """Book what came: `pieces` is {return line id: pieces}; what is not named did not come.

    `serials` is {return line id: [numbers]} of SKUs that have such, as typed or as on GS1 labels. They need
    be said only where the book does not know what left: from a place that keeps none. Numbers it never saw
    are new to it.

    Raises Invalid for more than was announced (open a return for the rest), and for numbers that are
    missing or of pieces that did not leave with the order; InvalidTransition the second time.
    """
    serials = serials or {}
    order, rma = lock(return_id)
    lines = list(rma.lines.select_related("line__sku"))
    _check(lines, pieces, serials)
    if rma.status == Return.Status.REQUESTED:
        let_come(order, rma, policy_of(order.channel), actor=actor)  # who takes the parcel in approves it
    rma.move_to(Return.Status.RECEIVED)
    rows = OrderLine.objects.lock_of(order)
    by_pk = {row.pk: row for row in rows}
    for line in lines:
        line.received = pieces.get(line.pk, 0)
        line.save(update_fields=["received"])
        by_pk[line.line_id].return_requested -= line.quantity
        by_pk[line.line_id].returned += line.received
    counters.save(rows)
    rma.publish("return.received", order=order, actor=actor)
    states.refresh(order, rows)
    _book(rma, [line for line in lines if line.received and is_stocked(rma, line)], serials, actor=actor)
    return rma


def is_stocked(rma, line):
    """Whether pieces of this return line lie somewhere: no download, no place without a book."""
    return line.line.sku.is_stocked and rma.location.tracks_stock


def _check(lines, pieces, serials):
    known = {line.pk: line for line in lines}
    if not any(pieces.values()):
        raise Invalid("Say what came: a piece at least.", field="lines")
    if not known.keys() >= {*pieces, *serials}:
        raise Invalid("Name a line of this return.", field="lines")
    for pk, count in pieces.items():
        if not 0 <= count <= known[pk].quantity:
            text = f"{known[pk].quantity} pieces of {known[pk].line.sku_code} were announced."
            raise Invalid(text, field="lines")


def _book(rma, lines, serials, *, actor):
    shelf = stock.system_bin(rma.location, Bin.Kind.QUARANTINE)
    moves = []
    for line in sorted(lines, key=lambda line: line.line.sku_id):
        sku_id = line.line.sku_id
        which = _which(rma, line, serials.get(line.pk, ()))
        moves.append(stock.Move(sku_id, rma.location_id, stock.ON_HAND, line.received, shelf.pk, serials=which))
        moves.append(stock.Move(sku_id, rma.location_id, stock.UNAVAILABLE, line.received))
    if moves:
        stock.post(moves, "return", subject=rma.order.subject, actor=actor)


def _which(rma, line, codes):
    """Return the Serials that came of a return line; none where the book is to say which."""
    sku = line.line.sku
    if sku.tracking != Sku.Tracking.SERIAL:
        return ()
    left = Serial.objects.filter(sku=sku, subject=rma.order.subject, state=Serial.State.SHIPPED)
    if not codes and left.count() >= line.received:
        return ()
    codes = [number_of(code).strip().upper() for code in codes]
    back = list(left.filter(code__in=codes))
    known = {serial.code for serial in back}
    came = (*back, *numbered.new(sku, [code for code in codes if code not in known]))
    if len(came) != line.received:
        text = f"Scan the serial number of each {sku}: {len(came)} of {line.received} so far."
        raise Invalid(text, field="serials")
    return came
