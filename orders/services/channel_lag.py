"""What a channel is still to be told, and for how long it has waited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from orders.models import ChannelMessage, ChannelStock, Connection

# So long a channel may be behind before somebody should look why.
LIMIT = timedelta(minutes=5)


@dataclass(frozen=True)
class Backlog:
    """So many numbers and messages wait, the oldest `since`; None where nothing does."""

    count: int
    since: datetime | None


def backlog_of(connection):
    """Return the Backlog of a connection."""
    numbers = ChannelStock.objects.stale().filter(connection=connection.pk)
    messages = ChannelMessage.objects.pending().filter(connection=connection.pk)
    found = [
        numbers.aggregate(n=Count("pk"), at=Min("stale_since")),
        messages.aggregate(n=Count("pk"), at=Min("queued_at")),
    ]
    since = [one["at"] for one in found if one["at"]]
    return Backlog(sum(one["n"] for one in found), min(since, default=None))


def is_told(connection):
    """Say whether a connection is told anything: what waits for one that is not stands in no queue."""
    is_on = connection.writes_stock or connection.tells_orders
    return connection.is_active and not connection.is_shadow and is_on


def is_behind(connection, backlog, *, now):
    """Say whether what waits for a connection has waited too long."""
    return is_told(connection) and backlog.since is not None and now - backlog.since > LIMIT


def in_words(backlog, *, now):
    """Return a Backlog as people read it: "12 to tell, the oldest for 3 min"."""
    if backlog.since is None:
        return "nothing waits"
    return f"{backlog.count} to tell, the oldest for {(now - backlog.since).total_seconds() // 60:.0f} min"


def behind():
    """Return the connections that have not been told for too long what they are to be told."""
    late = timezone.now() - LIMIT
    numbers = ChannelStock.objects.stale().filter(stale_since__lt=late).values("connection")
    messages = ChannelMessage.objects.pending().filter(queued_at__lt=late).values("connection")
    is_behind = Q(writes_stock=True, pk__in=numbers) | Q(tells_orders=True, pk__in=messages)
    return Connection.objects.filter(is_behind, is_active=True, is_shadow=False).order_by("pk")
