"""What a channel is still to be told, and for how long it has waited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone

from orders.models import ChannelStock, Connection

# So long a channel may be behind before somebody should look why.
LIMIT = timedelta(minutes=5)


@dataclass(frozen=True)
class Backlog:
    """So many numbers wait, the oldest `since`; None where nothing does."""

    numbers: int
    since: datetime | None


def backlog_of(connection):
    """Return the Backlog of a connection."""
    found = (
        ChannelStock.objects.stale().filter(connection=connection.pk).aggregate(n=Count("pk"), at=Min("stale_since"))
    )
    return Backlog(found["n"], found["at"])


def is_told(connection):
    """Say whether a connection is told anything: what waits for one that is not stands in no queue."""
    return connection.is_active and not connection.is_shadow and connection.writes_stock


def is_behind(connection, backlog, *, now):
    """Say whether what waits for a connection has waited too long."""
    return is_told(connection) and backlog.since is not None and now - backlog.since > LIMIT


def in_words(backlog, *, now):
    """Return a Backlog as people read it: "12 to tell, the oldest for 3 min"."""
    if backlog.since is None:
        return "nothing waits"
    return f"{backlog.numbers} to tell, the oldest for {(now - backlog.since).total_seconds() // 60:.0f} min"


def behind():
    """Return the connections that have not been told for too long what they are to be told."""
    late = ChannelStock.objects.stale().filter(stale_since__lt=timezone.now() - LIMIT)
    told = Connection.objects.filter(is_active=True, is_shadow=False)
    return told.filter(writes_stock=True, pk__in=late.values("connection")).order_by("pk")
