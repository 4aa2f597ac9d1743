"""What follows by itself when lines of work change: allocations, the work's state, its pick list."""

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, PickList
from oms.lib.update import update
from oms.outbox.publish import publish
from orders.models import Allocation
from orders.services import progress

Status = FulfilmentOrder.Status
# What a command changes of a line.
COUNTED = ("quantity", "picked", "packed", "shipped", "short", "cancelled", "stopped", "allocation")


def advance(work, *, actor):
    """Save the lines of `work` and move on what they complete; call it after every change of them.

    A line of which all is picked makes its allocation PICKED; work of which nothing is wanted any more
    is CANCELLED; a list without open tasks is DONE.
    """
    update(work.lines, COUNTED)
    _mark_picked(work)
    row = work.fulfilment_order
    if not work.wanted and row.status in FulfilmentOrder.UNDER_WAY:
        row.move_to(Status.CANCELLED, order=work.order, actor=actor)
    all_picked = bool(work.wanted) and not any(line.to_pick for line in work.lines)
    row.picked_at = (row.picked_at or timezone.now()) if all_picked else None
    row.touched_at = timezone.now()
    row.save(update_fields=["picked_at", "touched_at"])
    if row.pick_list_id:
        finish_list(row.pick_list_id)


def _mark_picked(work):
    """Allocations become PICKED line by line, so that a line walked to twice need not be split."""
    done = [
        (line.allocation, line.allocation.quantity)
        for line in work.lines
        if line.wanted and not line.to_pick and line.allocation.status == Allocation.Status.ON_FLOOR
    ]
    if done:
        progress.pick(work.order, done)


def begin(work, *, actor):
    """Somebody has the first piece in hand."""
    if work.fulfilment_order.status == Status.RELEASED:
        work.fulfilment_order.move_to(Status.PICKING, order=work.order, actor=actor)


def finish_list(pick_list_id):
    """Move a pick list without open tasks to DONE, one that has some again back to PICKING; so of each zone."""
    for pick_list in PickList.objects.lock_all_of(pick_list_id):
        is_open = pick_list.tasks.open().exists()
        if not is_open and pick_list.status in (PickList.Status.OPEN, PickList.Status.PICKING):
            pick_list.move_to(PickList.Status.DONE)
            tell_wave(pick_list)
        elif is_open and pick_list.status == PickList.Status.DONE:
            pick_list.move_to(PickList.Status.PICKING)
            tell_wave(pick_list)


def tell_wave(pick_list):
    """A list of a wave is over, or open again: the wave follows later, nobody with goods in hand waits for it."""
    if pick_list.wave_id:
        publish("wave.list_moved", f"wave:{pick_list.wave_id}", wave=pick_list.wave_id, pick_list=pick_list.pk)
