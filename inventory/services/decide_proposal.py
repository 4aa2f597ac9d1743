"""Taking proposals, which makes purchase orders and transfers of them, or declining them."""

from collections import defaultdict

from django.utils import timezone

from inventory.models import Proposal
from inventory.services import draft_purchase, draft_transfer
from inventory.services.stock import check_quantity
from oms.lib.chunks import chunks
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition, NotFound
from oms.lib.money import UNIT
from oms.lib.text import check_text
from oms.outbox.publish import publish

Kind, Status = Proposal.Kind, Proposal.Status


@command
def accept(pieces, *, actor):
    """Make drafts of the proposals `pieces` ({proposal id: pieces, None: as proposed}): one for each pair of places.

    Returns ([PurchaseOrder], [Transfer]). All or nothing: raises InvalidTransition where one is decided already,
    Invalid where nobody sells a SKU or a price is missing. Publishes `proposal.accepted` for each.
    """
    rows = Proposal.objects.lock(pieces)
    if len(rows) != len(pieces):
        raise NotFound("One of these proposals does not exist any more: look at the list again.")
    groups = defaultdict(list)
    for row in rows:
        row.decided_pieces = _checked(row, pieces[row.pk])
        groups[row.kind, row.supplier_id or row.source_id, row.location_id].append(row)
    orders, transfers = [], []
    for (kind, *_), group in sorted(groups.items()):
        for some in chunks(group, draft_purchase.MOST_LINES):
            (orders if kind == Kind.BUY else transfers).append(_draft(some, actor))
    return orders, transfers


@command
def decline(proposal_id, *, reason, actor):
    """Turn a proposal down; it stays so until something changes. Publishes `proposal.declined`; returns it.

    Raises InvalidTransition when it is decided already, Invalid without a reason.
    """
    reason = check_text(reason, max_length=200, field="reason")
    if not reason:
        raise Invalid("Say why: the next buyer wants to know.", field="reason")
    found = Proposal.objects.lock([proposal_id])
    if not found:
        raise NotFound("This proposal does not exist.")
    row = found[0]
    row.move_to(Status.DECLINED)
    row.note, row.is_holding, row.decided_by, row.decided_at = reason, True, actor, timezone.now()
    row.save()
    publish("proposal.declined", f"sku:{row.sku_id}", actor=actor, proposal=row.pk)
    return row


def _checked(row, typed):
    if not row.is_open:
        raise InvalidTransition(f"{row} is {row.get_status_display()} already: look at the list again.")
    if row.kind == Kind.BUY and row.supplier_id is None:
        raise Invalid(f"Nobody sells {row.sku} to us: put it on a supplier's list first.", field="supplier")
    if typed is None:
        return row.pieces
    check_quantity(typed)
    return typed


def _draft(rows, actor):
    """Draft what one party gives one location; the rows say what became of them."""
    first, lines = rows[0], {row.sku: row.decided_pieces for row in rows}
    if first.kind == Kind.BUY:
        made = draft_purchase.draft(first.supplier, first.location, lines, actor=actor)
    else:
        made = draft_transfer.draft(first.source, first.location, lines=lines, actor=actor)
    for row in rows:
        row.move_to(Status.ACCEPTED if row.decided_pieces == row.pieces else Status.EDITED)
        row.purchase, row.transfer = (made, None) if row.kind == Kind.BUY else (None, made)
        row.value = (row.value / row.pieces * row.decided_pieces).quantize(UNIT)
        row.decided_by, row.decided_at = actor, timezone.now()
        publish("proposal.accepted", f"sku:{row.sku_id}", actor=actor, proposal=row.pk)
    fields = ["status", "decided_pieces", "value", "purchase", "transfer", "decided_by", "decided_at"]
    Proposal.objects.bulk_update(rows, fields, batch_size=200)
    return made
