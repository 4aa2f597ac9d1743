"""The day a parcel arrives: leave by the cut-off of a working day, then so many working days on the road."""

from collections.abc import Set
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
# People read a promise as a day; it is kept until the evening of that day.
EVENING = time(20, 0)
END_OF_WORK = time(18, 0)
NO_HOLIDAYS: Set[date] = frozenset()


def arrival(
    now: datetime,
    *,
    tz: str,
    cutoff: time | None,
    transit_days: int,
    handling_days: int = 0,
    holidays: Set[date] = NO_HOLIDAYS,
) -> datetime:
    """Return the aware moment by which what is ordered `now` arrives.

    `tz` names the location's time zone, `cutoff` is its time of day (None: midnight): what is ordered
    later, or on a weekend or one of the location's `holidays`, is begun the next working day. It leaves
    `handling_days` working days after that and is `transit_days` working days on the road. What would arrive on
    an evening that is over, as what is collected where it lies, arrives the next working day.
    """
    day = begun_on(now, tz=tz, cutoff=cutoff, holidays=holidays)
    for _ in range(handling_days + transit_days):
        day = _working(day + timedelta(days=1), holidays)
    if evening(day, tz=tz) <= now:
        day = _working(day + timedelta(days=1), holidays)
    return evening(day, tz=tz)


def evening(day: date, *, tz: str) -> datetime:
    """Return the aware moment until which what is promised for `day` is in time."""
    return datetime.combine(day, EVENING, ZoneInfo(tz))


def begun_on(now: datetime, *, tz: str, cutoff: time | None, holidays: Set[date] = NO_HOLIDAYS) -> date:
    """Return the location's working day on which what is ordered `now` is begun, as `arrival` says."""
    local = now.astimezone(ZoneInfo(tz))
    day = local.date()
    if cutoff and local.time() >= cutoff:
        day += timedelta(days=1)
    return _working(day, holidays)


def next_cutoff(now: datetime, *, tz: str, cutoff: time | None, holidays: Set[date] = NO_HOLIDAYS) -> datetime:
    """Return the first cut-off after `now` on a working day, as an aware moment: what leaves next, leaves by then.

    `cutoff` is the time of day in the location's zone `tz`; None: 18:00.
    """
    zone = ZoneInfo(tz)
    day = now.astimezone(zone).date()
    while True:
        moment = datetime.combine(_working(day, holidays), cutoff or END_OF_WORK, zone)
        if moment > now:
            return moment
        day += timedelta(days=1)


def _working(day: date, holidays: Set[date]) -> date:
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day
