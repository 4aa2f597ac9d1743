"""How long picking takes at a location, as its done lists say, and who picks there now."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from fulfilment.models import PickList, PickTask

# Before a location has done enough lists: seconds to begin and end one, for a line, and for a metre walked.
LIST_S, LINE_S, METRE_S = 120.0, 12.0, 0.9
SHARE_S = 10.0  # what list and walk come to for a line, as long as nobody knows the walk
PACK_S = 90.0  # an order at the bench
LEAST_LISTS = 5
LONGEST = timedelta(hours=4)  # a list that took longer lay about
SLOWEST, FASTEST = 4.0, 0.25  # what is learned is believed between these times the default
HERE = timedelta(hours=1)


def seconds(lines, metres, *, factor=1.0):
    """Return how long one list takes, in seconds, by what is known of its location."""
    return factor * (LIST_S + LINE_S * lines + METRE_S * (metres or 0))


def rough_seconds(lines, *, factor=1.0):
    """Return how long so many lines take that are on no list yet, in seconds: a share of the walk for each."""
    return factor * lines * (LINE_S + SHARE_S)


def factor_of(location, now=None):
    """Return what the last lists of a location took, over what the default expects; 1.0 while it knows too few.

    It is the ratio of sums, so that long lists say more than short ones, which much else delays.
    """
    now = now or timezone.now()
    rows = PickList.objects.filter(location=location, status=PickList.Status.DONE, done_at__gt=now - 30 * HERE * 24)
    rows = rows.filter(started_at__isnull=False).annotate(lines=Count("tasks")).order_by("-pk")[:200]
    took = [(row.done_at - row.started_at, seconds(row.lines, row.far)) for row in rows if row.lines]
    took = [(actual.total_seconds(), expected) for actual, expected in took if actual <= LONGEST]
    if len(took) < LEAST_LISTS:
        return 1.0
    factor = sum(actual for actual, _ in took) / sum(expected for _, expected in took)
    return min(max(factor, FASTEST), SLOWEST)


def present(location, now=None):
    """Return the actors ("user:3") who picked at a location within the last hour."""
    now = now or timezone.now()
    rows = PickTask.objects.filter(pick_list__location=location, done_at__gt=now - HERE).exclude(done_by="")
    found = set(rows.order_by().values_list("done_by", flat=True).distinct())
    walking = Q(status=PickList.Status.PICKING, started_at__gt=now - HERE, picker__isnull=False)
    lists = PickList.objects.filter(walking, location=location).order_by().values_list("picker", flat=True)
    return found | {f"user:{pk}" for pk in lists}
