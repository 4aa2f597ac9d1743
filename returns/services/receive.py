"""Goods come back: booked into QUARANTINE, where nobody sells them, until they are inspected."""

from inventory.models import Bin
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid
from orders.models import OrderLine
from orders.services import counters, states
from returns.models import Return
from returns.services.request import let_come, lock, policy_of


@command
def receive(return_id, pieces, *, actor="system"):
    """Book what came: `pieces` is {return line id: pieces}; what is not named did not come.

    Raises Invalid for more than was announced (open a return for the rest), InvalidTransition the
    second time.
    """
    order, rma = lock(return_id)
    lines = list(rma.lines.select_related("line__sku"))
    _check(lines, pieces)
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
    _book(rma, [line for line in lines if line.received and is_stocked(rma, line)], actor=actor)
    return rma


def is_stocked(rma, line):
    """Whether pieces of this return line lie somewhere: no download, no place without a book."""
    return line.line.sku.is_stocked and rma.location.tracks_stock


def _check(lines, pieces):
    known = {line.pk: line for line in lines}
    if not any(pieces.values()):
        raise Invalid("Say what came: a piece at least.", field="lines")
    for pk, count in pieces.items():
        if pk not in known:
            raise Invalid("Name a line of this return.", field="lines")
        if not 0 <= count <= known[pk].quantity:
            text = f"{known[pk].quantity} pieces of {known[pk].line.sku_code} were announced."
            raise Invalid(text, field="lines")


def _book(rma, lines, *, actor):
    shelf = stock.system_bin(rma.location, Bin.Kind.QUARANTINE)
    moves = []
    for line in sorted(lines, key=lambda line: line.line.sku_id):
        sku_id = line.line.sku_id
        moves.append(stock.Move(sku_id, rma.location_id, stock.ON_HAND, line.received, shelf.pk))
        moves.append(stock.Move(sku_id, rma.location_id, stock.UNAVAILABLE, line.received))
    if moves:
        stock.post(moves, "return", subject=rma.order.subject, actor=actor)
