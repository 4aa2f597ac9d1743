"""When work must leave: before the next cut-off of its location."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

END_OF_DAY = time(18, 0)
SATURDAY = 5


def ship_by(now, *, tz, cutoff=None):
    """Return the first cut-off after `now` (aware) on a working day, Monday to Friday, as an aware moment.

    `cutoff` is the wall-clock time at the location, in time zone `tz`; 18:00 where it has none. The day
    is the location's: at 23:30 in Berlin it is not yet tomorrow, whatever UTC says. On the day when
    clocks change the wall clock holds.
    """
    zone = ZoneInfo(tz)
    day = now.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, cutoff or END_OF_DAY, tzinfo=zone)
        if day.weekday() < SATURDAY and moment > now:
            return moment
        day += timedelta(days=1)
