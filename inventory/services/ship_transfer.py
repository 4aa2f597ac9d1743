"""A transfer leaves its source: what was reserved for it goes out of the book, and is in transit."""

from django.utils import timezone

from inventory.models import Transfer, TransferLine
from inventory.services.draft_transfer import give_back
from inventory.services.posting import ON_HAND, RESERVED, Move, lock_levels, post
from inventory.services.take_from import take_from
from oms.lib.commands import command
from oms.lib.errors import Invalid


@command
def ship_counted(transfer_id, *, actor="system"):
    """Send a ready transfer off with what was counted for it; see `ship`."""
    transfer = Transfer.objects.lock(transfer_id)
    return ship(transfer_id, pieces={line.pk: line.counted for line in transfer.lines.all()}, actor=actor)


@command
def ship(transfer_id, *, pieces=None, actor="system"):
    """Send a ready transfer off with `pieces` ({line id: pieces}; None: all that is reserved); returns it, SHIPPED.

    What is reserved and does not go with it is given back. Publishes `transfer.shipped`. Raises Invalid
    when nothing, or more than is reserved, would go; InvalidTransition when it is not ready: a second
    call is refused.
    """
    transfer = Transfer.objects.lock(transfer_id)
    transfer.expect(Transfer.Status.READY)
    lines = list(transfer.lines.select_related("sku"))
    _set_shipped(transfer, lines, pieces)
    transfer.move_to(Transfer.Status.SHIPPED)
    transfer.shipped_at, transfer.shipped_by = timezone.now(), actor
    transfer.save(update_fields=["status", "shipped_at", "shipped_by"])
    TransferLine.objects.bulk_update(lines, ["shipped", "reserved"])
    transfer.publish("transfer.shipped", actor=actor, pieces=sum(line.shipped for line in lines))
    lock_levels({(line.sku_id, transfer.source_id) for line in lines})
    post(_moves(transfer, [line for line in lines if line.shipped]), "transfer_out", **_by(transfer, actor))
    give_back(transfer, lines, actor=actor)
    return transfer


def _set_shipped(transfer, lines, pieces):
    """Note on the lines what goes; what is left in `reserved` stays."""
    for line in lines:
        line.shipped = line.reserved if pieces is None else pieces.get(line.pk, 0)
        if not 0 <= line.shipped <= line.reserved:
            raise Invalid(f"{transfer} has {line.reserved} of {line.sku} reserved: ship at most those.", field="pieces")
        line.reserved -= line.shipped
    if not any(line.shipped for line in lines):
        raise Invalid(f"Nothing would leave with {transfer}: say how many, or cancel it.", field="pieces")


def _moves(transfer, lines):
    taken = take_from(transfer.source, {line.sku: line.shipped for line in lines})
    moves = [
        Move(sku.pk, transfer.source_id, ON_HAND, -quantity, row.bin_id, lot_id=row.lot_id)
        for sku, shares in taken.items()
        for row, quantity in shares
    ]
    return moves + [Move(line.sku_id, transfer.source_id, RESERVED, -line.shipped) for line in lines]


def _by(transfer, actor):
    return {"subject": transfer.subject, "actor": actor}
