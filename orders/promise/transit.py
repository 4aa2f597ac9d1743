"""The day a parcel arrives: leave by the cut-off of a working day, then so many working days on the road."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
# People read a promise as a day; it is kept until the evening of that day.
EVENING = time(20, 0)
END_OF_WORK = time(18, 0)


def arrival(now, *, tz, cutoff, transit_days):
    """Return the aware moment by which what is ordered `now` arrives.

    `tz` names the location's time zone, `cutoff` is its time of day (None: midnight): what is ordered
    later, or on a weekend, leaves the next working day.
    """
    zone = ZoneInfo(tz)
    local = now.astimezone(zone)
    day = local.date()
    if cutoff and local.time() >= cutoff:
        day += timedelta(days=1)
    day = _working(day)
    for _ in range(transit_days):
        day = _working(day + timedelta(days=1))
    return datetime.combine(day, EVENING, zone)


def next_cutoff(now, *, tz, cutoff):
    """Return the first cut-off after `now` on a working day, as an aware moment: what leaves next, leaves by then.

    `cutoff` is the time of day in the location's zone `tz`; None: 18:00.
    """
    zone = ZoneInfo(tz)
    day = now.astimezone(zone).date()
    while True:
        moment = datetime.combine(_working(day), cutoff or END_OF_WORK, zone)
        if moment > now:
            return moment
        day += timedelta(days=1)


def _working(day):
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
