from datetime import UTC, date, datetime, time

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


CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}


@pytest.mark.parametrize(
    ("now", "handling", "days", "day"),
    [
        ("2026-12-24T09:00", 0, 1, "2026-12-28"),  # Friday is Christmas: on the road until Monday
        ("2026-12-24T15:00", 0, 1, "2026-12-29"),  # after the cut-off before the holidays: begun on Monday
        ("2026-12-25T09:00", 0, 0, "2026-12-28"),  # on a holiday: begun on Monday
        ("2026-12-23T09:00", 1, 1, "2026-12-28"),  # a day to engrave it
        ("2026-12-23T09:00", 2, 4, "2027-01-04"),  # over New Year too
        ("2026-12-24T22:30", 0, 1, "2026-12-29"),  # 23:30 in Berlin, the 24th still
        ("2026-12-24T23:30", 0, 1, "2026-12-29"),  # 00:30 in Berlin: the holiday has begun
    ],
)
def test_arrival_over_holidays_and_days_of_handling(now, handling, days, day):
    moment = arrival(
        datetime.fromisoformat(now).replace(tzinfo=UTC),
        tz="Europe/Berlin",
        cutoff=time(14),
        transit_days=days,
        handling_days=handling,
        holidays=CHRISTMAS,
    )
    assert (moment.date().isoformat(), moment.hour) == (day, 20)


@pytest.mark.parametrize(
    ("now", "tz", "day", "utc_hour"),
    [
        ("2026-03-27T22:30", "Europe/Berlin", "2026-03-30", 18),  # 23:30 in winter time, the evening is in summer time
        ("2026-03-29T22:30", "Europe/Berlin", "2026-03-31", 18),  # already 00:30 of Monday in summer time
        ("2026-10-23T21:30", "Europe/Berlin", "2026-10-26", 19),  # 23:30 in summer time, the evening is in winter time
        ("2026-10-25T22:30", "Europe/Berlin", "2026-10-27", 19),  # 23:30 of Sunday, winter time since that morning
        ("2026-03-08T04:30", "America/New_York", "2026-03-10", 0),  # 23:30 of Saturday there, before the change
        ("2026-11-24T18:00", "Pacific/Kiritimati", "2026-11-26", 6),  # the day after ours
    ],
)
def test_arrival_where_the_clock_changes_or_the_day_is_another(now, tz, day, utc_hour):
    moment = arrival(datetime.fromisoformat(now).replace(tzinfo=UTC), tz=tz, cutoff=None, transit_days=1)
    assert (moment.date().isoformat(), moment.time(), moment.astimezone(UTC).hour) == (day, time(20), utc_hour)


def test_next_cutoff_is_not_on_a_holiday():
    found = next_cutoff(datetime(2026, 12, 24, 14, tzinfo=UTC), tz="Europe/Berlin", cutoff=time(14), holidays=CHRISTMAS)
    assert found == datetime(2026, 12, 28, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "cutoff", "day"),
    [
        ("2026-11-23T18:30", None, "2026-11-23"),  # 19:30 in Berlin: this evening
        ("2026-11-23T19:00", None, "2026-11-24"),  # the evening is over
        ("2026-11-23T22:28", None, "2026-11-24"),
        ("2026-11-27T22:28", None, "2026-11-30"),  # Friday night: Monday
        ("2026-12-24T22:28", None, "2026-12-28"),  # Christmas Eve: over the holidays
        ("2026-11-23T22:28", time(21), "2026-11-24"),  # after the cut-off: begun tomorrow
        ("2026-11-23T19:30", time(22), "2026-11-24"),  # before it, and late already
    ],
)
def test_what_is_collected_where_it_lies_is_never_promised_for_what_is_over(now, cutoff, day):
    now = datetime.fromisoformat(now).replace(tzinfo=UTC)
    free = {date(2026, 12, 25)}
    found = arrival(now, tz="Europe/Berlin", cutoff=cutoff, transit_days=0, holidays=free)
    assert (found.date().isoformat(), found > now) == (day, True)
