from datetime import timedelta

import pytest
from django.utils import timezone

from oms.channel_queues import QUIET
from oms.queue import tiles
from orders.models import ChannelDocument, Connection
from orders.services.hear_channel import in_words, is_silent, note_silences, silence_of
from tests.orders.channels.feed import make_connection

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def heard(*minutes_ago):
    """A connection that orders came from so many minutes ago."""
    connection = make_connection()
    for minutes in sorted(minutes_ago, reverse=True):
        at, name = NOW - timedelta(minutes=minutes), f"{connection.pk}-{minutes}"
        done = {"status": "done", "worked_at": at}
        ChannelDocument.objects.create(connection=connection, delivery_id=name, kind="order", received_at=at, **done)
    return connection


@pytest.mark.parametrize(
    ("minutes_ago", "words", "silent"),
    [
        ([], "nothing yet", False),
        ([90, 100], "no orders for 90 min", False),
        ([40, 52, 64, 76, 88, 100], "no orders for 40 min, usual 12", True),
        ([30, 42, 54, 66, 78, 90], "no orders for 30 min, usual 12", False),
        ([9, 10, 11, 12, 13, 14], "no orders for 9 min, usual 1", False),
        ([40, 52, 64, 76, 88, 1000], "no orders for 40 min, usual 12", True),
    ],
)
def test_a_silence_is_measured_by_what_is_usual(minutes_ago, words, silent):
    silence = silence_of(heard(*minutes_ago), now=NOW)
    assert (in_words(silence), is_silent(silence)) == (words, silent)


def test_the_home_page_counts_channels_that_went_silent_until_they_are_heard(admin_client, time_machine):
    time_machine.move_to(NOW, tick=False)  # which is long ago, in a long run
    usual = [10_000, 10_012, 10_024, 10_036, 10_048, 10_060]
    silent, off, by_file = heard(*usual), heard(*usual), heard(*usual)
    heard(9, 10, 11, 12, 13, 14)
    Connection.objects.filter(pk=off.pk).update(is_active=False)
    Connection.objects.filter(pk=by_file.pk).update(kind="spreadsheet")
    note_silences()
    assert list(Connection.objects.silent()) == [silent]
    [tile] = tiles([QUIET])
    assert tile["count"] == "1"
    page = admin_client.get(tile["url"]).content.decode()
    assert "no orders for 10000 min, usual 12" in page
    now = {"kind": "order", "received_at": NOW, "status": "done", "worked_at": NOW}
    ChannelDocument.objects.create(connection=silent, delivery_id="new", **now)
    note_silences()
    assert tiles([QUIET])[0]["count"] == "0"
