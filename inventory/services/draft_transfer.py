"""Making a transfer: what goes from where to where; made ready, its pieces are kept for it."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import Transfer, TransferLine
from inventory.services import stock
from inventory.services.availability import available
from oms.lib.commands import command
from oms.lib.errors import InsufficientStock, Invalid
from oms.lib.text import check_text

MOST_LINES = 500
USUAL_DAYS = 3  # under way, where nobody says otherwise
Status = Transfer.Status


@command
def draft(source, target, *, lines=None, expected_on=None, note="", actor="system"):
    """Begin a transfer of `lines` ({Sku: pieces}, none so far if not given) and return it, DRAFT.

    Without `expected_on` it is taken to arrive in USUAL_DAYS: what is under way can be promised then.

    Publishes `transfer.drafted`. Raises Invalid for a transfer to itself, of what is no stock of ours, or on a
    day that is over.
    """
    if source.pk == target.pk:
        raise Invalid(f"The goods are at {source} already: choose another location.", field="target")
    for field, place in (("source", source), ("target", target)):
        if not (place.tracks_stock and place.is_active):
            raise Invalid(f"{place} does not count its stock, or is closed: choose another.", field=field)
    note = check_text(note, max_length=200, field="note")
    expected_on = _checked(expected_on) or timezone.localdate() + timedelta(USUAL_DAYS)
    transfer = Transfer.objects.create(
        source=source, target=target, expected_on=expected_on, note=note, created_by=actor
    )
    _set_lines(transfer, lines or {})
    transfer.publish("transfer.drafted", actor=actor, source=source.pk, target=target.pk)
    return transfer


@command
def edit(transfer_id, *, lines, expected_on=None, note=""):
    """Let a draft hold exactly `lines` ({Sku: pieces}), arrive on another day, say another note; returns it."""
    transfer = _drafted(transfer_id)
    if expected_on != transfer.expected_on:
        _checked(expected_on)
    transfer.expected_on, transfer.note = expected_on, check_text(note, max_length=200, field="note")
    transfer.save(update_fields=["expected_on", "note"])
    _set_lines(transfer, lines)
    return transfer


@command
def make_ready(transfer_id, *, actor="system"):
    """Reserve all that a draft asks for at its source; returns the transfer, READY.

    Publishes `transfer.ready`. Raises Invalid when it is empty, InsufficientStock naming what is short.
    """
    transfer = _drafted(transfer_id)
    lines = list(transfer.lines.select_related("sku"))
    if not lines:
        raise Invalid(f"{transfer} holds nothing: add what goes with it.", field="lines")
    _refuse_short(transfer, lines)
    transfer.move_to(Status.READY)
    transfer.save(update_fields=["status"])
    for line in lines:
        line.reserved = line.quantity
    TransferLine.objects.bulk_update(lines, ["reserved"])
    transfer.publish("transfer.ready", actor=actor)
    pieces = {(line.sku_id, transfer.source_id): line.quantity for line in lines}
    stock.reserve(pieces, subject=transfer.subject, actor=actor)
    return transfer


@command
def reopen(transfer_id, *, actor="system"):
    """Make a ready transfer a draft again, giving its pieces back; returns it. Publishes `transfer.reopened`."""
    return _give_up(transfer_id, Status.DRAFT, "transfer.reopened", actor)


@command
def cancel(transfer_id, *, actor="system"):
    """Give a transfer up that has not left; returns it, CANCELLED. Publishes `transfer.cancelled`.

    Raises InvalidTransition once it is shipped: what is under way is received, or written off.
    """
    return _give_up(transfer_id, Status.CANCELLED, "transfer.cancelled", actor)


def give_back(transfer, lines, *, actor):
    """Release what `lines` of a locked transfer reserve, and begin their tally anew; comes last, it locks stock."""
    back = {(line.sku_id, transfer.source_id): line.reserved for line in lines if line.reserved}
    for line in lines:
        line.reserved = line.counted = line.counted_damaged = 0
    TransferLine.objects.bulk_update(lines, ["reserved", "counted", "counted_damaged"])
    stock.release(back, subject=transfer.subject, actor=actor)


def _give_up(transfer_id, status, event, actor):
    transfer = Transfer.objects.lock(transfer_id)
    transfer.move_to(status)
    transfer.save(update_fields=["status"])
    transfer.publish(event, actor=actor)
    give_back(transfer, list(transfer.lines.all()), actor=actor)
    return transfer


def _checked(day):
    if day and day < timezone.localdate():
        raise Invalid(f"Nothing arrives on {day} any more: name a day to come.", field="expected_on")
    return day


def _drafted(transfer_id):
    transfer = Transfer.objects.lock(transfer_id)
    transfer.expect(Status.DRAFT)
    return transfer


def _set_lines(transfer, lines):
    if len(lines) > MOST_LINES:
        raise Invalid(f"At most {MOST_LINES} lines: begin another transfer.", field="lines")
    for sku, quantity in lines.items():
        stock.check_stocked(sku, transfer.target)
        stock.check_quantity(quantity)
    transfer.lines.all().delete()
    TransferLine.objects.bulk_create(
        [TransferLine(transfer=transfer, sku=sku, quantity=quantity) for sku, quantity in lines.items()]
    )


def _refuse_short(transfer, lines):
    there = available([line.sku_id for line in lines], locations=[transfer.source_id])
    short = [line for line in lines if line.quantity > there.get((line.sku_id, transfer.source_id), 0)]
    if short:
        said = "; ".join(f"{line.sku}: {there.get((line.sku_id, transfer.source_id), 0)}" for line in short[:5])
        raise InsufficientStock(
            f"{transfer.source} has fewer pieces available than asked ({said}): send fewer, or receive more first.",
            field="quantity",
            skus=[line.sku_id for line in short],
        )
