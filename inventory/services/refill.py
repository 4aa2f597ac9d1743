"""Pick faces that run low are refilled from bulk bins: tasks are made by the schedule, and done by scanning."""

from inventory.models import Bin, BinStock, PickFace, RefillTask
from inventory.services import stock
from inventory.services.in_hand import in_hand
from oms.lib.clock import today_at
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.plugins import named
from oms.outbox.publish import publish
from oms.panels import PLANNED_PIECES

MOST_AT_ONCE = 500
Status = RefillTask.Status


@command
def make_due():
    """Make a task for every face below its minimum that a bulk bin of its location can refill; returns how many.

    Run by the schedule. Pieces that pickers or other refills are to take are left alone; a second call
    finds the tasks made.
    """
    faces = list(PickFace.objects.to_refill().select_related("bin__location", "sku").order_by("pk")[:MOST_AT_ONCE])
    made = 0
    for location in {face.bin.location for face in faces}:
        here = [face for face in faces if face.bin.location_id == location.pk]
        free = _free_bulk(location, {face.sku_id for face in here})
        tasks = [task for face in here if (task := _task(face, location, free))]
        made += len(RefillTask.objects.bulk_create(tasks, ignore_conflicts=True))
    return made


@command
def finish(task_id, *, sku, source, target, pieces, lot="", serials=(), actor="system"):
    """Book that `pieces` of a task were carried; returns the task, DONE, or CANCELLED where nothing lay there.

    What was scanned must be what the task says; `lot` and `serials` say which pieces, see `in_hand`.
    A second call changes nothing. Publishes `stock.refilled`.
    """
    task = RefillTask.objects.lock(task_id)
    if not task.is_open:
        return task
    check_scanned(task, sku=sku, source=source, target=target)
    held = BinStock.objects.pieces(sku, source)
    if not held:
        task.end(Status.CANCELLED, moved=0, actor=actor)
        return task
    if not 0 < pieces <= min(task.quantity, held):
        raise Invalid(f"Carry between 1 and {min(task.quantity, held)} pieces.", field="pieces")
    which = in_hand(sku, source, pieces, lot=lot, serials=serials)
    task.end(Status.DONE, moved=pieces, actor=actor)
    publish("stock.refilled", f"sku:{sku.pk}", actor=actor, task=task.pk, pieces=pieces)
    stock.move(sku, source, target, pieces, **which, reason="refill", subject=f"refill:{task.pk}", actor=actor)
    return task


@command
def cancel(task_id, *, actor="system"):
    """Give a task up; where the face is still low the schedule makes another. Returns it; done ones stay done."""
    task = RefillTask.objects.lock(task_id)
    if task.is_open:
        task.end(Status.CANCELLED, moved=0, actor=actor)
    return task


def check_scanned(task, *, sku=None, source=None, target=None):
    """Raise Invalid for a SKU or a bin that is not the task's; what was not scanned yet is None."""
    wanted = (("sku", sku, task.face.sku), ("source", source, task.source), ("target", target, task.face.bin))
    for field, scanned, right in wanted:
        if scanned is not None and scanned != right:
            raise Invalid(f"This is {scanned}: the task is about {right}.", field=field)


def _free_bulk(location, sku_ids):
    """Return {sku id: {Bin: pieces nobody else is to take}} of the bulk bins of a location."""
    rows = BinStock.objects.pickable(today_at(location)).filter(quantity__gt=0, bin__kind=Bin.Kind.BULK)
    rows = rows.filter(sku__in=sku_ids, bin__location=location)
    planned = named(PLANNED_PIECES)(location, sku_ids) + RefillTask.objects.leaving(sku_ids)
    free = {}
    for row in rows.select_related("bin").order_by("bin__sort_key"):
        taken = min(planned[row.sku_id, row.bin_id], row.quantity)
        planned[row.sku_id, row.bin_id] -= taken
        if row.quantity > taken and row.bin.is_active:
            bins = free.setdefault(row.sku_id, {})
            bins[row.bin] = bins.get(row.bin, 0) + row.quantity - taken
    return free


def _task(face, location, free):
    """Return the unsaved task of a face, its pieces taken off `free`; None where no bulk bin has any.

    The bin that the refill empties, or else the fullest.
    """
    bins = free.get(face.sku_id)
    if not bins:
        return None
    room = face.maximum - face.held
    source = max(bins, key=lambda bin: (bins[bin] <= room, bins[bin]))
    pieces = min(room, bins[source])
    bins[source] -= pieces
    if not bins[source]:
        del bins[source]
    return RefillTask(location=location, face=face, source=source, quantity=pieces)
