"""Pieces that keep missing: corrections nobody can explain, of one SKU at one location, that all go one way."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.models import Location, StockAlert, StockEntry

SPAN = timedelta(days=90)
LEAST_DAYS = 2  # with a loss: once is an accident
ONE_SIDED = 0.2  # of the losses at most may have been found again: more is sloppy counting, not a leak
MOST_SHARE = 0.5  # of the losses, and a bin is named


@dataclass
class Drift:
    """What was lost (as a positive number) and found, pieces; the local days of losses, and the losses by bin."""

    tolerated: int
    lost: int = 0
    found: int = 0
    days: set = field(default_factory=set)
    bins: Counter = field(default_factory=Counter)

    @property
    def net(self):
        return self.found - self.lost

    @property
    def bin_id(self):
        """The bin where more than half of it was missed, or None."""
        bin_id, lost = self.bins.most_common(1)[0]
        return bin_id if lost > self.lost * MOST_SHARE else None

    def add(self, pieces, *, bin_id, moment):
        """Take in one correction."""
        if pieces > 0:
            self.found += pieces
            return
        self.lost -= pieces
        self.days.add(timezone.localtime(moment).date())
        self.bins[bin_id] -= pieces

    @property
    def is_leak(self):
        """Whether more is missing than is tolerated, again and again, and hardly any of it was found."""
        is_one_sided = self.found <= self.lost * ONE_SIDED
        return -self.net > self.tolerated and len(self.days) >= LEAST_DAYS and is_one_sided


def drifts(now):
    """Return {(sku id, location id): Drift} of the leaks of the last 90 days, at locations that want to know.

    Only what was booked after somebody looked into the last one counts. Three statements.
    """
    asking = Location.objects.active().filter(tracks_stock=True, drift_pieces__isnull=False)
    places = dict(asking.values_list("pk", "drift_pieces"))
    settled = _settled()
    found = {}
    entries = StockEntry.objects.unexplained().filter(at__gte=now - SPAN).order_by()
    rows = entries.annotate(moment=Coalesce("recorded_at", "at"))
    for sku, place, bin_id, delta, moment in rows.values_list("sku_id", "location_id", "bin_id", "delta", "moment"):
        if place in places and moment > settled.get((sku, place), now - SPAN):
            drift = found.setdefault((sku, place), Drift(places[place]))
            drift.add(delta, bin_id=bin_id, moment=moment)
    return {pair: drift for pair, drift in found.items() if drift.is_leak}


def _settled():
    """Return {(sku id, location id): when somebody last looked into its drift}."""
    rows = StockAlert.objects.filter(kind=StockAlert.Kind.DRIFT, closed_at__isnull=False).exclude(closed_by="system")
    last = rows.order_by().values("sku_id", "location_id").annotate(at=Max("closed_at"))
    return {(row["sku_id"], row["location_id"]): row["at"] for row in last}
