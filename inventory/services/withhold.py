"""Taking expired and blocked lots out of sale wherever they lie, and letting a blocked one go again."""

from collections import defaultdict

from django.db import OperationalError
from django.db.models import F
from django.utils import timezone

from inventory.models import Bin, BinStock, Location, Lot, Sku
from inventory.services import stock
from inventory.services.posting import UNAVAILABLE, Move, lock_levels, post
from oms.lib.clock import latest_today, today_at
from oms.lib.commands import command
from oms.lib.errors import DomainError, Invalid, Retry
from oms.lib.text import check_text
from oms.outbox.publish import publish

# What is in a tote is promised to somebody, and what is in quarantine is out of sale already.
ELSEWHERE = (Bin.Kind.STAGE, Bin.Kind.QUARANTINE)


def withhold_due():
    """Take all pieces of expired and blocked lots out of sale; returns how many. Run by the schedule.

    Where pickers have too much of a SKU in hand it is left for the next run. Where pieces keep moving it is
    too, and the error of that is raised once all others are done.
    """
    taken, error = 0, None
    for sku_id, location in _levels(_due(latest_today())):
        try:
            taken += withhold(sku_id, location)
        except DomainError:
            continue
        except (OperationalError, Retry) as moving:
            error = moving
    if error:
        raise error
    return taken


@command
def withhold(sku_id, location, *, actor="system"):
    """Count the pieces of one level whose lot expired or is blocked as unavailable; returns how many are new.

    Promises that are not covered any more are broken, the newest first. A second call finds nothing.
    Publishes `lot.withheld`. Raises InsufficientStock when pieces are being picked.
    """
    rows = _due(today_at(location)).filter(sku=sku_id, bin__location=location)
    pieces = _left(rows)
    stock.make_room(sku_id, location.pk, pieces, actor=actor)
    lock_levels({(sku_id, location.pk)})
    found = list(rows.select_related("lot"))
    if sum(row.quantity - row.withheld for row in found) != pieces:
        raise Retry("Pieces of the lot moved meanwhile.")
    by_lot = defaultdict(int)
    for row in found:
        by_lot[row.lot] += row.quantity - row.withheld
        row.withheld = row.quantity
    for lot, n in by_lot.items():
        reason = "blocked" if lot.blocked_at else "expired"
        publish("lot.withheld", f"sku:{sku_id}", actor=actor, lot=lot.pk, location=location.pk, pieces=n, reason=reason)
        post([Move(sku_id, location.pk, UNAVAILABLE, n)], reason, subject=f"lot:{lot.pk}", actor=actor)
    BinStock.objects.bulk_update(found, ["withheld"])
    return pieces


@command
def block(lot_id, reason, *, actor):
    """Let nothing of a lot leave from now on: a recall. Its pieces are out of sale; a second call changes the reason.

    Raises Invalid without a reason, InsufficientStock when pieces that are needed for it are being picked.
    """
    reason = check_text(reason, max_length=200, field="reason").strip()
    if not reason:
        raise Invalid("Say why the lot is blocked.", field="reason")
    lot = _lock(lot_id)
    lot.blocked_at, lot.block_reason = lot.blocked_at or timezone.now(), reason
    lot.save(update_fields=["blocked_at", "block_reason"])
    publish("lot.blocked", f"sku:{lot.sku_id}", actor=actor, lot=lot.pk)
    for sku_id, location in _levels(_due(latest_today()).filter(lot=lot)):
        withhold(sku_id, location, actor=actor)
    return lot


@command
def unblock(lot_id, *, actor):
    """Let a blocked lot go again: where it has not expired, its pieces can be sold. One not blocked stays as it is."""
    lot = _lock(lot_id)
    if not lot.blocked_at:
        return lot
    lot.blocked_at, lot.block_reason = None, ""
    lot.save(update_fields=["blocked_at", "block_reason"])
    publish("lot.unblocked", f"sku:{lot.sku_id}", actor=actor, lot=lot.pk)
    held = BinStock.objects.filter(lot=lot, withheld__gt=0)
    for location in Location.objects.filter(pk__in=held.values("bin__location")).order_by("pk"):
        if lot.is_expired(today_at(location)):
            continue
        lock_levels({(lot.sku_id, location.pk)})
        rows = list(held.filter(bin__location=location))
        back = Move(lot.sku_id, location.pk, UNAVAILABLE, -sum(row.withheld for row in rows))
        for row in rows:
            row.withheld = 0
        BinStock.objects.bulk_update(rows, ["withheld"])
        post([back], "unblocked", subject=f"lot:{lot.pk}", actor=actor)
    return lot


def _due(today):
    """Return the rows of bins that hold pieces of a lot expired on `today`, or blocked, which still count as good."""
    lots = Lot.objects.withheld(today)
    rows = BinStock.objects.filter(lot__in=lots, quantity__gt=F("withheld")).exclude(bin__kind__in=ELSEWHERE)
    return rows.filter(sku__tracking=Sku.Tracking.LOT).order_by("sku_id", "bin_id", "pk")


def _levels(rows):
    """Return [(sku id, Location)] where pieces of `rows` may not leave by the location's own day, in order."""
    rows = rows.select_related("lot", "bin__location")
    found = {(row.sku_id, row.bin.location) for row in rows if row.lot.is_withheld(today_at(row.bin.location))}
    return sorted(found, key=lambda level: (level[0], level[1].pk))


def _left(rows):
    return sum(quantity - withheld for quantity, withheld in rows.values_list("quantity", "withheld"))


def _lock(lot_id):
    return Lot.objects.select_for_update(of=("self",)).get(pk=lot_id)
