"""Cycle counts: each bin comes up by the class of the best that lies in it, A monthly, C once a year."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from inventory.models import Bin, BinStock, CountClass, CountLine, CountSession, Location
from oms.lib.commands import command
from oms.outbox.publish import publish

EVERY = {"A": timedelta(days=30), "B": timedelta(days=91), "C": timedelta(days=365)}
Status = CountSession.Status


@dataclass(frozen=True)
class Due:
    """That a bin should be counted; `last` is when it was, or None: never."""

    bin: Bin
    letter: str
    last: datetime | None


def due(location, *, now):
    """Return [Due] of the shelves and bulk bins of `location` with goods in them, the most pressing first.

    A bin that is being counted is not due. Six queries, however many bins.
    """
    held = BinStock.objects.filter(
        bin__location=location, bin__kind__in=[Bin.Kind.SHELF, Bin.Kind.BULK], bin__is_active=True, quantity__gt=0
    )
    classes = dict(CountClass.objects.filter(location=location).order_by().values_list("sku_id", "letter"))
    letters = {}
    for sku_id, bin_id in held.order_by().values_list("sku_id", "bin_id"):
        letters[bin_id] = min(letters.get(bin_id, "C"), classes.get(sku_id, "C"))
    last, busy = _last_counted(location), _being_counted(location)
    wanted = [
        (letter, last.get(bin_id), bin_id)
        for bin_id, letter in letters.items()
        if bin_id not in busy and (bin_id not in last or last[bin_id] <= now - EVERY[letter])
    ]
    bins = Bin.objects.filter(location=location).in_bulk([bin_id for _, _, bin_id in wanted])
    found = [Due(bins[bin_id], letter, moment) for letter, moment, bin_id in wanted]
    return sorted(found, key=lambda row: (row.letter, row.last is not None, row.last or now, row.bin.sort_key))


def open_due():
    """Open today's cycle counts everywhere our people work; run by the schedule."""
    for location in Location.objects.active().staffed().filter(tracks_stock=True, counts_a_day__gt=0):
        open_for(location)


@command
def open_for(location, *, actor="system"):
    """Open the cycle counts of `location` that are due, no more than it can do a day; returns them.

    Those opened before and not done count, so a second call opens none. Publishes `count.due`.
    """
    location = Location.objects.select_for_update(of=("self",)).get(pk=location.pk)
    undone = CountSession.objects.open().filter(location=location, origin=CountSession.Origin.CYCLE).count()
    made = CountSession.objects.bulk_create(
        CountSession(location=location, bin=row.bin, origin=CountSession.Origin.CYCLE, opened_by=actor)
        for row in due(location, now=timezone.now())[: max(location.counts_a_day - undone, 0)]
    )
    if made:
        publish("count.due", f"location:{location.pk}", actor=actor, location=location.pk, bins=len(made))
    return made


def _last_counted(location):
    """Return {bin id: when a count of it, or of something in it, was posted last}."""
    posted = CountSession.objects.filter(location=location, status=Status.POSTED, bin__isnull=False)
    last = dict(posted.order_by().values_list("bin_id").annotate(at=Max("posted_at")))
    lines = CountLine.objects.filter(session__location=location, session__status=Status.POSTED, bin__isnull=False)
    for bin_id, at in lines.order_by().values_list("bin_id").annotate(at=Max("session__posted_at")):
        last[bin_id] = max(at, last.get(bin_id, at))
    return last


def _being_counted(location):
    open_ones = CountSession.objects.filter(location=location, bin__isnull=False)
    return set(open_ones.exclude(status__in=[Status.POSTED, Status.CANCELLED]).values_list("bin_id", flat=True))
