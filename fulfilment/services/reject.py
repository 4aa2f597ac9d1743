"""A location refuses work, whole or in part: the pieces are sourced from elsewhere."""

from fulfilment.models import FulfilmentOrder, PickTask
from fulfilment.services.advance import advance
from fulfilment.services.claim import claim
from fulfilment.services.pack import finish
from fulfilment.services.resource import backorder, source_again
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.text import check_text

Status = FulfilmentOrder.Status


@command
def reject(fulfilment_order_id, *, lines=None, reason, actor):
    """Give `lines` ({fulfilment line id: pieces}; all) back, for `reason`; they are sourced elsewhere.

    All of it: the work is REJECTED. Raises Invalid for pieces that are picked, not wanted or asked back, or without
    a reason; InvalidTransition when the work is not on the floor. Rejected work: nothing happens.
    """
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status == Status.REJECTED:
        return row
    if row.status not in (Status.RELEASED, Status.PICKING):
        raise InvalidTransition(f"{row} is {row.state} and cannot be rejected.")
    reason = check_text(reason, max_length=200, field="reason")
    if not reason:
        raise Invalid("Say why.", field="reason")
    pieces = _pieces(work, lines)
    is_all = sum(pieces.values()) == work.wanted
    lost = give_back(work, pieces, actor=actor)
    row.reject_reason = reason
    row.save(update_fields=["reject_reason"])
    if is_all:
        row.move_to(Status.REJECTED, order=work.order, actor=actor, event="order.rejected")
    else:
        work.order.publish("order.partly_rejected", actor=actor, work=row.pk)
    advance(work, actor=actor)
    finish(work, actor=actor)
    source_again(work.order, lost, actor=actor)
    return row


def give_back(work, pieces, *, actor):
    """Backorder `pieces` ({line pk: pieces}) that nobody picked, free their stock; return the allocations."""
    freed = {}
    for pk, n in pieces.items():
        line = work.line(pk)
        drop_tasks(line, n)
        if work.location.tracks_stock:
            level = (line.sku_id, work.location.pk)
            freed[level] = freed.get(level, 0) + n
    lost = backorder(work, pieces, is_refused=True)
    if freed:
        stock.release(freed, subject=work.order.subject, actor=actor)
    return lost


def drop_tasks(line, pieces):
    """Take `pieces` that shall not be picked off the line's open tasks, the last ones first."""
    for task in PickTask.objects.open().filter(fulfilment_line=line).order_by("-sequence", "-pk"):
        taken = min(pieces, task.left)
        task.quantity -= taken
        pieces -= taken
        task.save(update_fields=["quantity"])


def _pieces(work, lines):
    """Return {line pk: pieces}, checked: only what is wanted, not picked and not asked back can be given back."""
    wanted = {line.pk: line.loose for line in work.lines if line.loose} if lines is None else lines
    if not wanted:
        raise Invalid("Nothing is left to reject: all is picked, or asked to be cancelled.", field="lines")
    checked = {}
    for pk, n in wanted.items():
        line = work.line(pk)
        if not 0 < n <= line.loose:
            asked = " First answer the request to cancel." if line.stopped else ""
            raise Invalid(f"{line.loose} of {line.sku} can be given back.{asked}", field="lines")
        checked[line.pk] = n
    return checked
