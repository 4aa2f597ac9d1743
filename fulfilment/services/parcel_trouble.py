"""What is wrong with a parcel on the road, as its carrier and the calendar say. Reads only."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from fulfilment.models import Carrier, ParcelCase, TrackingEvent, WatchRule
from inventory.models import LocationHoliday
from orders.promise.transit import arrival, evening

Kind, Code = ParcelCase.Kind, TrackingEvent.Code
# A parcel that left longer ago is no news to anybody.
WATCHED_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Known:
    """What parcels are judged by: the rules, which carriers tell us anything, the holidays of places."""

    rules: list
    heard: set
    holidays: dict = field(default_factory=dict)

    def rule_of(self, parcel):
        """Return the WatchRule of a parcel, the one that says most of it."""
        channel, carrier = parcel.order.channel_id, parcel.carrier_id
        fits = [row for row in self.rules if row.channel_id in (None, channel) and row.carrier_id in (None, carrier)]
        return max(fits, key=lambda row: (row.channel_id is not None, row.carrier_id is not None), default=WatchRule())

    def hears_of(self, parcel, rule):
        """Whether silence says anything: a carrier that never tells us of a parcel is not judged by it."""
        return bool(parcel.tracking_number) and (rule.carrier_id is not None or parcel.carrier_id in self.heard)


def known():
    """Read what parcels are judged by: three statements."""
    told = TrackingEvent.objects.filter(parcel__carrier=OuterRef("pk"), actor__startswith="carrier:")
    holidays = defaultdict(set)
    for place, day in LocationHoliday.objects.values_list("location", "day"):
        holidays[place].add(day)
    heard = set(Carrier.objects.filter(Exists(told)).values_list("pk", flat=True))
    return Known(list(WatchRule.objects.all()), heard, dict(holidays))


def with_facts(parcels):
    """Return a Parcel QuerySet with all at hand that `troubles` looks at."""
    rows = parcels.select_related("order", "carrier", "manifest", "postage", "fulfilment_order__location")
    return rows.prefetch_related("tracking_events", "cases")


def troubles(parcel, by, *, now=None):
    """Return [(ParcelCase.Kind, since)] that hold of a parcel on the road, the most telling first.

    `by` is what `known` returned. Its events may have come in any order: their moments decide.
    """
    now = now or timezone.now()
    if parcel.shipped_at is None or parcel.shipped_at < now - WATCHED_FOR:
        return []
    events = sorted(parcel.tracking_events.all(), key=lambda event: (event.at, event.pk))
    rule = by.rule_of(parcel)
    found = list(_told(events))
    if by.hears_of(parcel, rule):
        found += _overdue(parcel, events, rule, by.holidays.get(parcel.fulfilment_order.location_id, ()), now)
    return found


def expected(parcel):
    """Return the moment by which a parcel is to arrive: as promised, else as its service says; None: not said."""
    if parcel.order.promised_current:
        return parcel.order.promised_current
    postage = getattr(parcel, "postage", None)
    day = postage.taken["arrives"] if postage else None
    return evening(day, tz=parcel.fulfilment_order.location.tz) if day else None


def _told(events):
    """Yield what the carrier itself says: it turned back, or its last word is of trouble."""
    turned = next((event for event in events if event.code == Code.RETURNED), None)
    if turned:
        yield Kind.RETURNING, turned.at
    elif events and events[-1].code == Code.EXCEPTION:
        yield Kind.EXCEPTION, events[-1].at


def _overdue(parcel, events, rule, holidays, now):
    """Yield what did not come in time."""
    place = parcel.fulfilment_order.location
    start = parcel.manifest.handed_over_at if parcel.manifest else parcel.shipped_at
    due = expected(parcel)
    last = events[-1].at if events else None
    waits = [
        (Kind.UNSEEN, None if events else start, rule.unseen_days),
        (Kind.LATE, due, rule.late_days),
        (Kind.SILENT, last, rule.silent_days),
    ]
    for kind, since, days in waits:
        if since is not None and days is not None and now > _end(since, days, place.tz, holidays):
            yield kind, since


def _end(since, days, tz, holidays):
    """Return the end of so many working days after `since`; of none, `since` itself."""
    return arrival(since, tz=tz, cutoff=None, transit_days=days, holidays=frozenset(holidays)) if days else since
