from datetime import UTC, datetime, time

import pytest

from fulfilment.services.due import ship_by


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param((2026, 3, 4, 10), (2026, 3, 4, 15), id="before the cut-off: today"),
        pytest.param((2026, 3, 4, 15), (2026, 3, 5, 15), id="on the cut-off: too late"),
        pytest.param((2026, 3, 4, 23, 30), (2026, 3, 5, 15), id="after midnight in Berlin: that day"),
        pytest.param((2026, 3, 6, 16), (2026, 3, 9, 15), id="Friday evening: Monday"),
        pytest.param((2026, 3, 27, 16), (2026, 3, 30, 14), id="clocks change over the weekend"),
    ],
)
def test_next_cutoff_of_the_location(now, expected):
    """16:00 in Berlin, which is 15:00 UTC in winter and 14:00 in summer."""
    found = ship_by(datetime(*now, tzinfo=UTC), tz="Europe/Berlin", cutoff=time(16))
    assert found == datetime(*expected, tzinfo=UTC)


def test_without_cutoff_the_day_ends_at_six():
    assert ship_by(datetime(2026, 3, 4, 17, tzinfo=UTC), tz="UTC").hour == 18
