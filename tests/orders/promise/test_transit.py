from datetime import UTC, datetime, time

import pytest

from orders.promise.transit import arrival, next_cutoff


@pytest.mark.parametrize(
    ("now", "cutoff", "days", "day"),
    [
        ("2026-11-23T09:00", time(14), 1, "2026-11-24"),  # Monday morning
        ("2026-11-23T14:30", time(14), 1, "2026-11-25"),  # after the cut-off
        ("2026-11-23T13:30", time(14), 1, "2026-11-25"),  # 14:30 in Berlin: after it too
        ("2026-11-27T15:00", time(14), 2, "2026-12-02"),  # Friday after the cut-off: leaves on Monday
        ("2026-11-28T10:00", None, 1, "2026-12-01"),  # Saturday
        ("2026-11-23T23:30", None, 1, "2026-11-25"),  # 00:30 of the next day in Berlin
        ("2026-03-27T09:00", time(14), 3, "2026-04-01"),  # over the change to summer time
    ],
)
def test_arrival(now, cutoff, days, day):
    moment = arrival(
        datetime.fromisoformat(now).replace(tzinfo=UTC), tz="Europe/Berlin", cutoff=cutoff, transit_days=days
    )
    assert (moment.date().isoformat(), moment.hour) == (day, 20)


@pytest.mark.parametrize(
    ("now", "cutoff", "moment"),
    [
        ("2026-11-23T09:00", time(14), "2026-11-23T13:00"),  # Monday morning: today at 14:00 in Berlin
        ("2026-11-23T13:00", time(14), "2026-11-24T13:00"),  # at the cut-off itself: the next one
        ("2026-11-27T15:00", time(14), "2026-11-30T13:00"),  # Friday evening: on Monday
        ("2026-11-23T23:30", None, "2026-11-24T17:00"),  # no cut-off: until 18:00
        ("2026-03-27T14:00", time(14), "2026-03-30T12:00"),  # the wall clock holds over the change to summer time
    ],
)
def test_next_cutoff(now, cutoff, moment):
    found = next_cutoff(datetime.fromisoformat(now).replace(tzinfo=UTC), tz="Europe/Berlin", cutoff=cutoff)
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)
