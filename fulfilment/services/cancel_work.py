"""The floor's answer to a cancellation: unpicked pieces at once, picked ones when somebody took them out."""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, ParcelLine, PutBack
from fulfilment.services import identity
from fulfilment.services.advance import advance
from fulfilment.services.claim import claim, claim_all
from fulfilment.services.pack import finish, reopen, take_out
from fulfilment.services.pick import carry_back
from fulfilment.services.reject import drop_tasks
from inventory.models import Bin, Location, Lot
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from orders.models import Allocation
from orders.services import cancel

Status = FulfilmentOrder.Status
MOST_AT_ONCE = 500
# What came back from the floor between the question and the answer.
NOT_HERE = (Allocation.Status.RESERVED, Allocation.Status.BACKORDERED)


@command
def request(order_id, lines, *, actor="system"):
    """Answer CS, who asks `lines` ({order line id: pieces}) of an order back from the floor.

    Pieces that nobody picked are given up and the order is told so at once. Of picked ones, and of what
    a 3PL has acknowledged, the work is stopped until `accept` or `refuse`. What has left is refused.
    """
    order, allocations, works = claim_all(order_id)
    works = [work for work in works if work.fulfilment_order.status in FulfilmentOrder.ON_FLOOR]
    given_up, refused = Counter(), Counter()
    for line_id, pieces in lines.items():
        rows = [(work, line) for work in works for line in work.lines if line.order_line_id == int(line_id)]
        awaited = sum(line.stopped for _, line in rows)  # asked back before, and still to be answered
        left = _give_up(rows, pieces, given_up)
        left = _stop(rows, left)
        of_line = [row for row in allocations if row.line_id == int(line_id)]
        left = _count(of_line, NOT_HERE, left, given_up)
        _count(of_line, (Allocation.Status.SHIPPED,), left - awaited, refused)
    for work in works:
        advance(work, actor=actor)
        finish(work, actor=actor)
    is_waiting = any(work.is_stopped for work in works)
    if is_waiting and order.cancel_requested_at is None:
        # The answer to an earlier request cleared it, and this one still waits for its own.
        order.cancel_requested_at = timezone.now()
        order.save(update_fields=["cancel_requested_at"])
    if given_up:
        cancel.answer(order_id, dict(given_up), accepted=True, is_last=not (is_waiting or refused), actor=actor)
    if refused:
        cancel.answer(order_id, dict(refused), accepted=False, is_last=not is_waiting, actor=actor)


@command
def accept(fulfilment_order_id, *, actor):
    """Somebody took the stopped pieces out of tote and parcel: they are cancelled, and wait to be put back.

    Work that is not stopped: nothing happens.
    """
    work = claim(fulfilment_order_id)
    if work.is_stopped:
        _heard(work)
        take_out_stopped(work, actor=actor)


def take_out_stopped(work, *, actor):
    """Unpack and cancel the stopped pieces of claimed work; the last thing done with it."""
    freed = Counter()
    for line in [line for line in work.lines if line.stopped]:
        pieces, line.stopped = line.stopped, 0
        freed[line.allocation_id] += pieces
        picked = min(pieces, line.picked)
        _unpack(work, line, max(picked - line.to_pack, 0), actor)
        drop_tasks(line, pieces - picked)
        line.picked -= picked
        line.cancelled += pieces
        if picked:
            _plan_put_back(work, line, picked)
    advance(work, actor=actor)
    finish(work, actor=actor)
    cancel.answer(work.order.pk, dict(freed), accepted=True, is_last=not _waits_elsewhere(work), actor=actor)


@command
def refuse(fulfilment_order_id, *, actor):
    """It is too late: the stopped pieces go on their way, and CS is told. Not stopped: nothing happens."""
    work = claim(fulfilment_order_id)
    kept = Counter()
    for line in work.lines:
        if line.stopped:
            kept[line.allocation_id] += line.stopped
            line.stopped = 0
    if not kept:
        return
    _heard(work)
    advance(work, actor=actor)
    cancel.answer(work.order.pk, dict(kept), accepted=False, is_last=not _waits_elsewhere(work), actor=actor)


def escalate_due():
    """Tell CS of cancel requests that a partner has not answered within its location's `answer_hours`.

    Returns how many; run by the schedule. Each is told of once.
    """
    pks = []
    for place in Location.objects.filter(kind__in=[Location.Kind.THIRD_PARTY, Location.Kind.SUPPLIER]):
        asked_before = timezone.now() - timedelta(hours=place.answer_hours)
        waiting = FulfilmentOrder.objects.on_floor().with_stop().filter(location=place, is_stopped=True)
        waiting = waiting.filter(order__cancel_requested_at__lt=asked_before, silent_at=None)
        pks += waiting.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]
    return sum(_escalate(pk) for pk in pks)


@command
def _escalate(fulfilment_order_id):
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if not work.is_stopped or row.silent_at:
        return False
    row.silent_at = timezone.now()
    row.save(update_fields=["silent_at"])
    work.order.publish("order.cancel_unanswered", actor="system", fulfilment_order=row.pk)
    return True


def _heard(work):
    """The partner answered: the next request begins anew."""
    if work.fulfilment_order.silent_at:
        work.fulfilment_order.silent_at = None
        work.fulfilment_order.save(update_fields=["silent_at"])


@command
def put_back(put_back_id, *, bin=None, actor):
    """Pieces that were picked for nothing lie in a bin again (`bin`, or where they came from). Once.

    Raises InvalidTransition for a bin from which they could not be picked again.
    """
    known = PutBack.objects.select_related("fulfilment_line").get(pk=put_back_id)
    work = claim(known.fulfilment_line.fulfilment_order_id)
    row = PutBack.objects.select_for_update(of=("self",)).get(pk=put_back_id)
    if row.done_at:
        return row
    target = bin or row.bin
    if target.location_id != row.location_id or target.kind == Bin.Kind.STAGE:
        raise InvalidTransition(f"Put the goods into a bin of {work.location}.", field="bin")
    if target.kind == Bin.Kind.QUARANTINE:
        raise InvalidTransition(
            f"Put the goods into a shelf bin, not into {target}. Damaged ones go there afterwards: look the item up "
            "at the stock desk, and use Quarantine.",
            field="bin",
        )
    row.done(target, actor)
    line = work.line(row.fulfilment_line_id)
    shares = identity.of_lots(work, line, row.quantity)
    lots = Lot.objects.in_bulk([lot_id for lot_id, _ in shares if lot_id])
    carry_back(work, line.sku, target, [(lots.get(lot_id), pieces) for lot_id, pieces in shares], actor=actor)
    return row


def _give_up(rows, pieces, given_up):
    """Give up what nobody picked of `pieces`; count it by allocation, return what is left."""
    for work, line in rows:
        if work.fulfilment_order.is_third_party and work.fulfilment_order.status != Status.RELEASED:
            continue
        taken = min(pieces, line.to_pick)
        if taken > 0:
            drop_tasks(line, taken)
            line.cancelled += taken
            given_up[line.allocation_id] += taken
            pieces -= taken
    return pieces


def _stop(rows, pieces):
    """Stop the work for what is in people's hands of `pieces`; return what is left."""
    for work, line in rows:
        hands = line.wanted if work.fulfilment_order.is_third_party else line.picked
        taken = min(pieces, hands - line.stopped)
        if taken > 0:
            line.stopped += taken
            pieces -= taken
    return pieces


def _count(allocations, statuses, pieces, counted):
    """Count up to `pieces` of the allocations in one of `statuses`; return what is left."""
    for row in allocations:
        taken = min(pieces, row.quantity) if row.status in statuses else 0
        if taken > 0:
            counted[row.pk] += taken
            pieces -= taken
    return pieces


def _unpack(work, line, pieces, actor):
    """Take `pieces` of a line out of its parcels, the newest first."""
    rows = ParcelLine.objects.filter(fulfilment_line=line).select_related("parcel").order_by("-pk")
    for row in rows:
        taken = min(pieces, row.quantity)
        if taken:
            reopen(work, row.parcel, actor=actor)
            take_out(work, row, taken)
            pieces -= taken


def _plan_put_back(work, line, pieces):
    """Let somebody carry the pieces back to where they were picked."""
    if not work.location.tracks_stock:
        return
    task = line.tasks.exclude(bin=None).order_by("-picked").first()
    source = task.bin if task else stock.system_bin(work.location, Bin.Kind.DOCK)
    PutBack.objects.create(
        location=work.location, fulfilment_line=line, sku_id=line.sku_id, bin=source, quantity=pieces
    )


def _waits_elsewhere(work):
    """Whether other work of the order still waits for somebody's answer."""
    others = work.order.fulfilment_orders.exclude(pk=work.fulfilment_order.pk)
    return others.filter(lines__stopped__gt=0).exists()
