"""What the book said about a SKU at a moment in the past, from the ledger's balances."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.models import Location, StockEntry, StockLevel, Transfer
from oms.outbox.models import Event

Bucket = StockEntry.Bucket
CARRIED = ("transfer_out", "transfer_in")


@dataclass(frozen=True)
class Past:
    """A level at a moment. `was_there` is what lay there as far as we know today: with later counts of that time."""

    location: object
    on_hand: int
    reserved: int
    unavailable: int
    safety: int
    was_there: int

    @property
    def available(self):
        return self.on_hand - self.reserved - self.unavailable - self.safety


def believed(sku, moment, *, locations=None):
    """Return [Past] of `sku` at `moment`, by location (`locations`: ids; None: all that ever had it). Two queries."""
    levels = StockLevel.objects.filter(sku=sku).select_related("location").order_by("location__code")
    if locations is not None:
        levels = levels.filter(location__in=locations)
    levels = levels.annotate(**{f"past_{bucket}": _balance(bucket, moment) for bucket in Bucket.values})
    levels = levels.annotate(was_there=_was_there(moment))
    safety = _safety(sku, moment)
    return [
        Past(
            location=level.location,
            on_hand=level.past_on_hand,
            reserved=level.past_reserved,
            unavailable=level.past_unavailable,
            safety=safety.get(level.location_id, level.safety),
            was_there=level.was_there,
        )
        for level in levels
    ]


def in_transit_then(sku, moment):
    """Return {Location: pieces} of `sku` that were on their way to it from another of ours, by the book at `moment`."""
    entries = StockEntry.objects.recorded_by(moment).filter(sku=sku, bucket=Bucket.ON_HAND, reason__in=CARRIED)
    gone = dict(entries.order_by().values_list("subject").annotate(n=Sum("delta")))
    found = Counter()
    for transfer in Transfer.objects.filter(pk__in=[subject.partition(":")[2] for subject, n in gone.items() if n < 0]):
        found[transfer.target_id] -= gone[transfer.subject]
    places = Location.objects.in_bulk(found)
    return {places[pk]: pieces for pk, pieces in sorted(found.items(), key=lambda item: places[item[0]].code)}


def available_then(skus, moment):
    """Return {(sku id, location id): pieces} that the book said could be sold of `skus` at `moment`. One query.

    The safety stock is today's; below zero where more was promised than there was.
    """
    levels = StockLevel.objects.filter(sku__in=skus)
    levels = levels.annotate(**{f"past_{bucket}": _balance(bucket, moment) for bucket in Bucket.values})
    left = F("past_on_hand") - F("past_reserved") - F("past_unavailable") - F("safety")
    return {(sku, place): pieces for sku, place, pieces in levels.values_list("sku_id", "location_id", left)}


def _balance(bucket, moment):
    """The balance after the last entry of `bucket` that the book had at `moment`."""
    entries = StockEntry.objects.recorded_by(moment).filter(
        sku=OuterRef("sku"), location=OuterRef("location"), bucket=bucket
    )
    return Coalesce(Subquery(entries.order_by("-pk").values("balance_after")[:1], output_field=IntegerField()), 0)


def _was_there(moment):
    entries = StockEntry.objects.filter(
        Q(at__lte=moment), sku=OuterRef("sku"), location=OuterRef("location"), bucket=Bucket.ON_HAND
    )
    total = entries.order_by().values("sku").annotate(n=Sum("delta")).values("n")
    return Coalesce(Subquery(total, output_field=IntegerField()), 0)


def _safety(sku, moment):
    """Return {location id: safety stock at `moment`} where it was ever another: the ledger does not have it."""
    found = {}
    told = Event.objects.filter(subject=f"sku:{sku.pk}", name="stock.safety_set").order_by("pk")
    for event in told.iterator():
        place = event.data["location"]
        if event.at <= moment:
            found[place] = event.data["pieces"]
        else:
            found.setdefault(place, event.data["before"])
    return found
