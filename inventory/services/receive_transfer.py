"""A transfer arrives: count what is there, book it, name what is missing, damaged or too many."""

from dataclasses import replace

from django.utils import timezone

from inventory.models import Bin, Transfer, TransferLine
from inventory.services import stock
from inventory.services.bins import system_bin
from inventory.services.posting import ON_HAND, UNAVAILABLE, Move, are_posted, post
from oms.lib.commands import command
from oms.lib.errors import Invalid

Status = Transfer.Status


@command
def count(transfer_id, sku, pieces, *, is_damaged=False, add=True):
    """Note on the tally that `pieces` of `sku` lie there, or so many more; returns the TransferLine.

    Nothing is booked. Who sends a ready transfer off counts so too, no more than is reserved for it.
    Raises Invalid for a SKU that is not on the transfer.
    """
    transfer = Transfer.objects.lock(transfer_id)
    if transfer.status != Status.READY:
        transfer.expect(Status.SHIPPED)
    line = transfer.lines.select_related("sku").filter(sku=sku).first()
    if line is None:
        raise Invalid(f"{sku} is not on {transfer}: put it aside and book it in under Receive.", field="sku")
    field = "counted_damaged" if is_damaged else "counted"
    counted = getattr(line, field) + pieces if add else pieces
    if not 0 <= counted <= stock.MOST_PIECES:
        raise Invalid(f"Between 0 and {stock.MOST_PIECES:,} pieces.", field="pieces")
    if transfer.status == Status.READY and counted > line.reserved:
        raise Invalid(f"{transfer} takes {line.reserved} of {sku}: put the others back.", field="pieces")
    setattr(line, field, counted)
    line.save(update_fields=[field])
    return line


@command
def book(transfer_id, *, is_all=True, key=None, actor="system"):
    """Receive what was counted and begin the tally anew; returns the transfer.

    See `receive`. Raises Invalid when nothing was counted, but for the word that nothing more comes.
    """
    counted = {}
    transfer = Transfer.objects.lock(transfer_id)
    for line in transfer.lines.all():
        if line.counted or line.counted_damaged:
            counted[line.pk] = (line.counted, line.counted_damaged)
    return receive(transfer_id, counted, is_all=is_all, key=key, actor=actor)


@command
def receive(transfer_id, arrived, *, is_all=True, key=None, actor="system"):
    """Book `arrived` ({line id: (fit pieces, damaged pieces)}) in at the target; returns the transfer.

    Fit ones go to the DOCK, damaged ones to QUARANTINE, and what nobody had sent is booked as surplus.
    With `is_all`, or when nothing is missing, it is RECEIVED and what is missing waits for `resolve`;
    else it stays SHIPPED and the rest may follow. Publishes `transfer.received`. A second call with `key`
    does nothing; without one it raises InvalidTransition once all is received.
    """
    transfer = Transfer.objects.lock(transfer_id)
    if are_posted({_key(transfer, key)} - {None}):
        return transfer
    transfer.expect(Status.SHIPPED)
    lines = {line.pk: line for line in transfer.lines.select_related("sku")}
    _check_arrived(transfer, lines, arrived, is_all)
    moves = [move for pk, (fit, damaged) in arrived.items() for move in _arrive(transfer, lines[pk], fit, damaged)]
    for line in lines.values():
        line.counted = line.counted_damaged = 0
    TransferLine.objects.bulk_update(lines.values(), ["received", "over", "damaged", "counted", "counted_damaged"])
    if is_all or not any(line.missing for line in lines.values()):
        _close(transfer, actor)
    transfer.publish("transfer.received", actor=actor, pieces=sum(map(sum, arrived.values())))
    _post(transfer, moves, key=_key(transfer, key), actor=actor)
    return transfer


@command
def resolve(transfer_id, line_id, pieces, *, is_lost, actor="system"):
    """Say what became of `pieces` that are missing: written off as lost, or found at the source.

    Found ones lie in the source's DOCK. Publishes `transfer.resolved`; returns the TransferLine. Raises
    Invalid when fewer are missing: a second call is refused.
    """
    transfer = Transfer.objects.lock(transfer_id)
    transfer.expect(Status.RECEIVED)
    line = transfer.lines.select_related("sku").filter(pk=line_id).first()
    if line is None or not 0 < pieces <= line.missing:
        raise Invalid(f"{line.missing if line else 0} pieces of it are missing on {transfer}.", field="pieces")
    dock = system_bin(transfer.source, Bin.Kind.DOCK)
    moves = [Move(line.sku_id, transfer.source_id, ON_HAND, pieces, dock.pk)]
    if is_lost:
        line.lost += pieces
        moves.append(Move(line.sku_id, transfer.source_id, ON_HAND, -pieces, dock.pk, reason="transfer_lost"))
    else:
        line.found += pieces
    line.save(update_fields=["lost", "found"])
    how = "lost" if is_lost else "found"
    transfer.publish("transfer.resolved", actor=actor, sku=line.sku_id, pieces=pieces, how=how)
    _post(transfer, moves, actor=actor)
    return line


def _check_arrived(transfer, lines, arrived, is_all):
    if not arrived and not is_all:
        raise Invalid("Nothing was counted: scan what arrived.", field="pieces")
    for pk, (fit, damaged) in arrived.items():
        if pk not in lines:
            raise Invalid(f"There is no such line on {transfer}.", field="lines")
        if min(fit, damaged) < 0 or fit + damaged > stock.MOST_PIECES:
            raise Invalid(f"Between 0 and {stock.MOST_PIECES:,} pieces of {lines[pk].sku}.", field="pieces")


def _arrive(transfer, line, fit, damaged):
    """Note what arrived on `line`; returns the moves of it, surplus ones with a reason of their own."""
    surplus = max(fit + damaged - line.missing, 0)
    line.received += fit + damaged
    line.damaged += damaged
    line.over += surplus
    moves = []
    for pieces, kind in ((fit, Bin.Kind.DOCK), (damaged, Bin.Kind.QUARANTINE)):
        target = system_bin(transfer.target, kind)
        too_many = min(pieces, surplus)
        surplus -= too_many
        for quantity, reason in ((pieces - too_many, ""), (too_many, "transfer_over")):
            if quantity:
                moves.append(Move(line.sku_id, transfer.target_id, ON_HAND, quantity, target.pk, reason=reason))
        if pieces and kind == Bin.Kind.QUARANTINE:
            moves.append(Move(line.sku_id, transfer.target_id, UNAVAILABLE, pieces))
    return moves


def _close(transfer, actor):
    transfer.move_to(Status.RECEIVED)
    transfer.received_at, transfer.received_by = timezone.now(), actor
    transfer.save(update_fields=["status", "received_at", "received_by"])


def _post(transfer, moves, *, actor, key=None):
    moves = [replace(moves[0], key=key), *moves[1:]] if moves and key else moves
    post(moves, "transfer_in", subject=transfer.subject, actor=actor)


def _key(transfer, key):
    """Return how the ledger knows a booking of this transfer, or None."""
    return f"{transfer.subject}:{key}" if key else None
