"""Until when nothing can come any more before what is there: for whoever reads events in their order."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

# How far the clocks of our machines may differ.
SKEW = timedelta(seconds=2)
# What a transaction wrote that is still open nobody sees yet; its events are of a moment after its start.
OLDEST_WRITER = """
SELECT min(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


def horizon():
    """Return the moment before which no event can still be committed. Ask it before the events are read."""
    now = timezone.now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(OLDEST_WRITER)
            started = cursor.fetchone()[0]
        now = min(now, started) if started else now
    return now - SKEW
