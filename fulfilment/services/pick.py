"""Picking: pieces go from a bin into STAGE, in somebody's tote."""

from django.utils import timezone

from fulfilment.models import PickList, PickTask
from fulfilment.services import identity
from fulfilment.services.advance import advance, begin
from fulfilment.services.claim import claim
from fulfilment.services.plan_bins import Spot
from inventory.models import Bin, Lot
from inventory.services import serials, stock
from oms.lib.clock import today_at
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from oms.outbox.publish import publish
from orders.models import Allocation
from orders.services import progress


@command
def start(pick_list_id, *, picker, actor):
    """Take a list: it is being picked by `picker` from now on. Taking it again changes nothing."""
    pick_list = PickList.objects.lock(pick_list_id)
    if pick_list.status == PickList.Status.OPEN or pick_list.picker_id != picker.pk:
        pick_list.picker = picker
        if pick_list.status == PickList.Status.OPEN:
            pick_list.move_to(PickList.Status.PICKING)
        pick_list.save(update_fields=["picker"])
    return pick_list


@command
def take_up(pick_list_id, *, picker):
    """A picker who was out of reach goes on with a waiting list that nobody else was given; else nothing happens."""
    pick_list = PickList.objects.lock(pick_list_id)
    if pick_list.status == PickList.Status.OPEN and pick_list.picker_id in (None, picker.pk):
        pick_list.picker = picker
        pick_list.move_to(PickList.Status.PICKING)
    return pick_list


@command
def pick(task_id, *, picked, actor):
    """Record that `picked` pieces *in all* were taken for a task, and return the task.

    Being a total, the same call twice, or by two people, counts once. Raises Invalid when it is more
    than the task asks for, or less than was recorded.
    """
    work, task = claim_task(task_id)
    taken = picked - task.picked
    if taken == 0:
        return task
    _check(work, task, picked)
    check_lot(task.lot, work.location)
    line = work.line(task.fulfilment_line_id)
    task.picked = picked
    save(task, actor)
    line.picked += taken
    begin(work, actor=actor)
    advance(work, actor=actor)
    carry_to_stage(work, [(line.sku_id, Spot(task.bin, task.lot), taken)], actor=actor)
    return task


@command
def pause(pick_list_id):
    """The picker leaves his list: it waits for whoever goes on. A list that is not being picked stays as it is."""
    pick_list = PickList.objects.lock(pick_list_id)
    if pick_list.status == PickList.Status.PICKING:
        pick_list.move_to(PickList.Status.OPEN)
    return pick_list


@command
def hand_on(pick_list_id, *, picker, actor):
    """Hand a list that is not done to a colleague: it waits for `picker` with what was picked; returns the list.

    Handing it to him again changes nothing. Raises InvalidTransition when it is done.
    """
    pick_list = PickList.objects.lock(pick_list_id)
    if pick_list.status not in (PickList.Status.OPEN, PickList.Status.PICKING):
        raise InvalidTransition(f"Pick list {pick_list} is {pick_list.get_status_display().lower()}.")
    if pick_list.picker_id == picker.pk:
        return pick_list
    was, pick_list.picker = pick_list.picker_id, picker
    if pick_list.status == PickList.Status.PICKING:
        pick_list.move_to(PickList.Status.OPEN)
    pick_list.save(update_fields=["picker"])
    data = {"pick_list": pick_list.pk, "picker": picker.pk, "from_picker": was}
    publish("pick_list.handed_on", f"pick_list:{pick_list.pk}", actor=actor, **data)
    return pick_list


@command
def unpick(task_id, *, actor):
    """Take back all that was picked for a task: the pieces lie in its bin again, to be picked. Returns the task.

    Nothing picked: nothing happens. Raises InvalidTransition when some of them, or of their lot, are packed, or a
    cancellation asks for them.
    """
    work, task = claim_task(task_id)
    line, taken = work.line(task.fulfilment_line_id), task.picked
    if not taken:
        return task
    loose = line.picked - line.packed
    if task.lot_id:
        loose = min(loose, identity.at_hand(work, line.sku_id)[task.lot_id])
    if line.stopped or loose < taken:
        raise InvalidTransition(f"{task.sku} is packed or wanted back already: undo it at the bench.")
    task.picked, task.done_by = 0, ""
    save(task, actor)
    line.picked -= taken
    if line.allocation.status == Allocation.Status.PICKED:
        progress.unpick(work.order, [(line.allocation, line.allocation.quantity)])
    advance(work, actor=actor)
    if work.location.tracks_stock:
        carry_back(work, line.sku, task.bin, [(task.lot, taken)], actor=actor)
    work.order.publish("order.pick_undone", actor=actor, sku=line.sku_id, pieces=taken, task=task.pk)
    return task


@command
def take_lot(task_id, code, *, actor):
    """The picker takes the lot `code` that lies in the bin, not the one on the list; it is recorded. Returns the task.

    Raises Invalid for a lot that expired, is blocked, or does not lie there, or when pieces of the planned
    one were picked already.
    """
    work, task = claim_task(task_id)
    upper = code.strip().upper()
    if task.lot is None or upper == task.lot.code:
        check_lot(task.lot, work.location)
        return task
    lot = Lot.objects.filter(sku=task.sku_id, code=upper, held__bin=task.bin_id, held__quantity__gt=0).first()
    if lot is None:
        raise Invalid(f"Lot {upper[:20]} of {task.sku} does not lie in {task.bin} by the book.", field="lot")
    check_lot(lot, work.location)
    if task.picked:
        raise Invalid(f"You took {task.picked} of lot {task.lot} already: take the rest of it.", field="lot")
    data = {"task": task.pk, "sku": task.sku_id, "planned": task.lot.code, "taken": lot.code}
    task.lot = lot
    task.save(update_fields=["lot"])
    work.order.publish("order.other_lot_picked", actor=actor, **data)
    return task


def check_lot(lot, location):
    """Raise Invalid for a lot of which nothing may leave `location` today; none is fine."""
    if lot and (why := lot.why_withheld(today_at(location))):
        raise Invalid(f"{why}. Leave it, and report the pick as short.", field="lot")


def claim_task(task_id):
    """Lock the work of a task, its list and itself; return (Work, PickTask). Raises NotFound."""
    known = PickTask.objects.filter(pk=task_id).select_related("fulfilment_line", "pick_list").first()
    if known is None:
        raise NotFound("This pick was taken off the list.", field="task")
    work = claim(known.fulfilment_line.fulfilment_order_id)
    PickList.objects.lock_all_of(known.pick_list.first_pk)
    task = PickTask.objects.select_for_update(of=("self",)).select_related("sku", "lot", "pick_list").get(pk=task_id)
    task.bin = Bin.objects.get(pk=task.bin_id) if task.bin_id else None
    return work, task


def save(task, actor):
    """Save what was picked or reported short, and who closed the task."""
    if not task.left:
        task.done_by = actor
    task.done_at = timezone.now()
    task.save(update_fields=["picked", "short", "short_reason", "done_by", "done_at"])


def carry_to_stage(work, pieces, *, actor):
    """Book `pieces` [(sku id, Spot, quantity)] from their bins to STAGE; nothing where no stock is counted."""
    if not work.location.tracks_stock:
        return
    stage = stock.system_bin(work.location, Bin.Kind.STAGE)
    moves = [move for sku_id, spot, n in pieces for move in stock.carry(sku_id, spot.bin, stage, n, lot=spot.lot)]
    stock.post(moves, "pick", subject=work.order.subject, actor=actor)


def carry_back(work, sku, bin, shares, *, actor):
    """Book `shares` [(Lot or None, pieces)] of a SKU from STAGE to `bin`; a serial in a parcel stays there."""
    stage, loose, moves = stock.system_bin(work.location, Bin.Kind.STAGE), identity.loose_serials(work, sku), []
    for lot, pieces in shares:
        moves += stock.carry(sku.pk, stage, bin, pieces, lot=lot, serials=loose[:pieces])
    stock.post(moves, "put_back", subject=work.order.subject, actor=actor)
    if len(loose) > sum(pieces for _, pieces in shares):
        serials.doubt([serial.pk for serial in loose])  # nobody scanned which of them were carried


def _check(work, task, picked):
    if picked < task.picked:
        raise Invalid(f"{task.picked} pieces are picked already; put-backs go through the bench.", field="picked")
    most = task.quantity - task.short
    if picked > most:
        raise Invalid(f"Take {most} pieces of {task.sku}, not {picked}. Put the others back.", field="picked")
