"""When an order says that it was made: never to come, and of one that is still to be served not long ago."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from oms.lib.errors import Invalid

# The clocks of two machines differ by that much.
SKEW = timedelta(minutes=5)
# Channels write the time of their own clock without its zone.
AHEAD = timedelta(days=1)
# Nobody waits so long to be served: it is a slip in a date. As of what is counted (inventory.services.counts).
OLDEST = timedelta(days=366)
# What is older was kept in no system: it is a slip in a date, too.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def of_channel(moment):
    """Return a channel's moment, or None; one that lies less than a day ahead is now, in another zone."""
    now = timezone.now()
    return now if moment and now < moment < now + AHEAD else moment


def check_live(moment):
    """Raise Invalid for a moment (or None: now) at which no order can have been made that is to be served now."""
    check_past(moment)
    if moment and timezone.now() - moment > OLDEST:
        raise Invalid("That is more than a year ago: import it as history.", field="ordered_at")


def check_past(moment):
    """Raise Invalid for a moment (or None: now) at which no order can have been made at all."""
    if moment and moment > timezone.now() + SKEW:
        raise Invalid("What is ordered cannot lie in the future.", field="ordered_at")
    if moment and moment < BEGINNING:
        raise Invalid(f"That is before {BEGINNING.year}: is the year right?", field="ordered_at")
