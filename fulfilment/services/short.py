"""A short pick: pieces that the book has and the bin has not."""

from fulfilment.models import PickTask
from fulfilment.services.advance import advance, begin
from fulfilment.services.pick import claim_task, save
from fulfilment.services.plan_bins import free_bins, plan
from fulfilment.services.resource import backorder, source_again
from fulfilment.services.walk_order import measure, on_the_way
from inventory.models import Bin, BinStock, StockEntry, StockLevel
from inventory.services import stock
from inventory.services.counts import ask_count
from inventory.services.stock import Move
from oms.lib.commands import command
from oms.lib.errors import Invalid

Reason = PickTask.ShortReason
LEDGER_REASON = {Reason.MISSING: "lost", Reason.WRONG_ITEM: "recount", Reason.DAMAGED: "damaged"}


def check_reason(reason):
    """Raise Invalid unless `reason` says why pieces are short."""
    if reason not in Reason.values:
        raise Invalid("Choose why: not there, damaged, or another item lies there.", field="reason")


@command
def short(task_id, *, pieces=None, reason, actor):
    """Report that `pieces` of a task (all that are left) cannot be taken; return the next task for them or None.

    The bin's book is put right; unless pieces were damaged, somebody is asked to count it. As far as other bins
    have pieces that nobody plans with, a new task comes on the same list, where the way that is left passes nearest;
    the rest is backordered for *this* order, and sourced anew from anywhere. Raises Invalid on more pieces than are
    left; a task that is done: nothing happens.
    """
    work, task = claim_task(task_id)
    if not task.left:
        return None
    pieces = task.left if pieces is None else pieces
    if not 0 < pieces <= task.left:
        raise Invalid(f"{task.left} pieces are left to pick.", field="pieces")
    check_reason(reason)
    task.short += pieces
    task.short_reason = reason
    save(task, actor)
    begin(work, actor=actor)
    line = work.line(task.fulfilment_line_id)
    uncovered = correct_book(work, task.sku, task.bin, pieces, reason=reason, actor=actor)
    again, nowhere = _plan_again(work, line, task, pieces - uncovered)
    if nowhere:
        stock.release({(line.sku_id, work.location.pk): nowhere}, subject=work.order.subject, actor=actor)
    lost = backorder(work, {line.pk: uncovered + nowhere})
    advance(work, actor=actor)
    work.order.publish(
        "order.short_picked",
        actor=actor,
        fulfilment_order=work.fulfilment_order.pk,
        sku=line.sku_id,
        pieces=pieces,
        reason=reason,
    )
    source_again(work.order, lost, actor=actor)
    if work.location.tracks_stock and reason != Reason.DAMAGED:
        ask_count(task.bin, actor=actor)
    return again


def correct_book(work, sku, bin_, pieces, *, reason, actor):
    """Take `pieces` out of a bin's book; return how many of them no free stock of the location replaces.

    That many are no longer reserved: this order loses them, for others were promised before it looked.
    Damaged pieces stay in the building, unavailable, in QUARANTINE.
    """
    if not work.location.tracks_stock:
        return pieces
    level = StockLevel.objects.get(sku=sku, location=work.location)
    held = BinStock.objects.pieces(sku, bin_)
    gone = min(pieces, held)
    uncovered = max(gone - (level.on_hand - level.reserved - level.unavailable), 0)
    pair = (sku.pk, work.location.pk)
    moves = [Move(*pair, StockEntry.Bucket.RESERVED, -uncovered)] if uncovered else []
    if gone and reason == Reason.DAMAGED:
        quarantine = stock.system_bin(work.location, Bin.Kind.QUARANTINE)
        moves += [*stock.carry(sku.pk, bin_, quarantine, gone), Move(*pair, StockEntry.Bucket.UNAVAILABLE, gone)]
    elif gone:
        moves.append(Move(*pair, StockEntry.Bucket.ON_HAND, -gone, bin_.pk))
    if moves:
        stock.post(moves, LEDGER_REASON[reason], subject=work.order.subject, actor=actor)
    return uncovered


def _plan_again(work, line, task, pieces):
    """Plan the next bins for `pieces` on the way that is left; return (first new task or None, pieces in no bin)."""
    if not pieces:
        return None, 0
    free = free_bins(work.location, [line.sku_id])
    # An empty-handed picker is not sent to the same bin again, whatever its book says.
    spots, after = on_the_way(task, [(spot, n) for spot, n in free[line.sku_id] if spot.bin.pk != task.bin_id])
    planned, missing = plan([(line.pk, line.sku_id, pieces)], {line.sku_id: spots})
    tasks = [
        PickTask.objects.create(
            pick_list_id=task.pick_list_id,
            fulfilment_line=line,
            sku_id=line.sku_id,
            bin=spot.bin,
            lot=spot.lot,
            quantity=n,
            sequence=after[spot],
        )
        for _, _, spot, n in planned
    ]
    if tasks:
        measure(task.pick_list)
    return (tasks[0] if tasks else None), missing.get(line.pk, 0)
