"""A short pick: pieces that the book has and the bin has not."""

from fulfilment.models import PickTask
from fulfilment.services.advance import advance, begin
from fulfilment.services.pack import finish
from fulfilment.services.pick import claim_task, save
from fulfilment.services.plan_bins import free_bins, plan
from fulfilment.services.resource import backorder, source_again
from fulfilment.services.walk_order import measure, on_the_way
from inventory.models import Bin, BinStock, StockEntry, StockLevel
from inventory.services import stock
from inventory.services.counts import ask_count
from inventory.services.stock import Move
from oms.lib.clock import today_at
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

    The bin's book is put right; unless pieces were damaged, or lie there and may not leave, somebody is asked to
    count it. As far as other bins have pieces that nobody plans with, a new task comes on the same list, where the
    way that is left passes nearest; the rest is backordered for *this* order, and sourced anew from anywhere.
    Raises Invalid on more pieces than are left; a task that is done: nothing happens.
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
    is_withheld = bool(task.lot and task.lot.is_withheld(today_at(work.location)))
    is_left_there = is_withheld and reason != Reason.DAMAGED
    # A place without a book, or whose book had no such pieces in the bin, would be asked for them again and again.
    is_refused = not work.location.tracks_stock or BinStock.objects.pieces(task.sku, task.bin) < pieces
    uncovered = correct_book(work, task, pieces, reason=reason, is_left_there=is_left_there, actor=actor)
    again, nowhere = _plan_again(work, line, task, pieces - uncovered, is_left_there)
    if nowhere:
        stock.release({(line.sku_id, work.location.pk): nowhere}, subject=work.order.subject, actor=actor)
    lost = backorder(work, {line.pk: uncovered + nowhere}, is_refused=is_refused)
    advance(work, actor=actor)
    finish(work, actor=actor)
    work.order.publish(
        "order.short_picked",
        actor=actor,
        fulfilment_order=work.fulfilment_order.pk,
        sku=line.sku_id,
        pieces=pieces,
        reason=reason,
    )
    source_again(work.order, lost, actor=actor)
    if work.location.tracks_stock and reason != Reason.DAMAGED and not is_left_there:
        ask_count(task.bin, actor=actor)
    return again


def correct_book(work, task, pieces, *, reason, is_left_there, actor):
    """Take `pieces` of a task out of its bin's book; return how many of them no free stock of the location replaces.

    That many are no longer reserved: this order loses them, for others were promised before it looked.
    Damaged pieces stay in the building, unavailable, in QUARANTINE; those left there stay in the bin, withheld.
    """
    if not work.location.tracks_stock:
        return pieces
    level = StockLevel.objects.get(sku=task.sku_id, location=work.location)
    rows = BinStock.objects.filter(sku=task.sku_id, bin=task.bin_id, lot=task.lot_id)
    held, withheld = rows.values_list("quantity", "withheld").first() or (0, 0)
    gone = min(pieces, held)
    sellable = min(gone, held - withheld)  # the others are out of sale already
    uncovered = max(sellable - (level.on_hand - level.reserved - level.unavailable), 0)
    pair, booked = (task.sku_id, work.location.pk), LEDGER_REASON[reason]
    moves = [Move(*pair, StockEntry.Bucket.RESERVED, -uncovered)]
    if is_left_there:
        booked = "blocked" if task.lot.blocked_at else "expired"
        moves.append(Move(*pair, StockEntry.Bucket.UNAVAILABLE, sellable, task.bin_id, lot_id=task.lot_id))
    elif reason == Reason.DAMAGED:
        quarantine = stock.system_bin(work.location, Bin.Kind.QUARANTINE)
        moves += stock.carry(task.sku_id, task.bin, quarantine, gone, lot=task.lot)
        moves.append(Move(*pair, StockEntry.Bucket.UNAVAILABLE, gone))
    else:
        moves.append(Move(*pair, StockEntry.Bucket.ON_HAND, -gone, task.bin_id, lot_id=task.lot_id))
    stock.post([move for move in moves if move.delta], booked, subject=work.order.subject, actor=actor)
    return uncovered


def _plan_again(work, line, task, pieces, is_left_there):
    """Plan the next bins for `pieces` on the way that is left; return (first new task or None, pieces in no bin)."""
    if not pieces:
        return None, 0
    free = free_bins(work.location, [line.sku_id])
    # A picker who missed pieces is not sent to the same bin again, whatever its book says.
    spots = [(spot, n) for spot, n in free[line.sku_id] if is_left_there or spot.bin.pk != task.bin_id]
    spots, after = on_the_way(task, spots)
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
