"""How long a channel has been silent, beside how long it usually is."""

from datetime import timedelta
from itertools import pairwise
from statistics import median

from django.utils import timezone

from orders.channels.registry import SPREADSHEET
from orders.models import ChannelDocument, Connection

LAST = 50
FEWEST = 5
# So many times the usual silence, and no less than this, is worth a look.
TIMES = 3
SHORTEST = timedelta(minutes=10)


def silence_of(connection, *, now):
    """Return (how long no order came, how long is usual) as timedeltas; usual is None of a channel that is new."""
    rows = ChannelDocument.objects.filter(connection=connection.pk, kind="order").order_by("-pk")
    moments = list(rows.values_list("received_at", flat=True)[:LAST])
    if not moments:
        return None
    gaps = [later - earlier for later, earlier in pairwise(moments)]
    usual = median(gaps) if len(gaps) >= FEWEST else None
    return now - moments[0], usual


def is_silent(silence):
    """Say whether a channel has been silent for so long that somebody should look why."""
    if silence is None or silence[1] is None:
        return False
    return silence[0] > max(silence[1] * TIMES, SHORTEST)


def note_silences():
    """Note of which active channels nothing is heard any more, and of which again; run by the schedule.

    Files come when somebody uploads them: that none does says nothing.
    """
    now = timezone.now()
    for connection in Connection.objects.filter(is_active=True).exclude(kind=SPREADSHEET).order_by("pk"):
        found = is_silent(silence_of(connection, now=now))
        if found != connection.is_silent:
            Connection.objects.filter(pk=connection.pk).update(is_silent=found)


def in_words(silence):
    """Return a silence as people read it: "no orders for 40 min, usual 12"."""
    if silence is None:
        return "nothing yet"
    quiet, usual = silence
    words = f"no orders for {quiet.total_seconds() // 60:.0f} min"
    return words if usual is None else f"{words}, usual {usual.total_seconds() / 60:.0f}"
