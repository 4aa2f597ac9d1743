from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from orders.promise.timeline import Timeline
from tests.orders.promise.naive import earliest, net, overpromised

NOW = 0


def test_what_is_there_is_promised_now():
    assert Timeline(NOW, 5).promise(5) == NOW


def test_more_than_ever_comes_cannot_be_promised():
    assert Timeline(NOW, 5, [(3, 2)]).promise(8) is None


def test_supply_is_promised_from_its_day_on():
    assert Timeline(NOW, 1, [(3, 2), (7, 4)]).promise(4) == 7


def test_a_promise_never_takes_from_a_later_one():
    """Five are there and five promised for day 9, ten come on day 20: whoever asks now waits."""
    timeline = Timeline(NOW, 5, [(9, -5), (20, 10)])
    assert timeline.promise(1) == 20
    assert (timeline.available(NOW), timeline.available(19), timeline.available(20)) == (0, 0, 10)


def test_not_before_the_day_that_is_asked_for():
    timeline = Timeline(NOW, 5, [(3, 2)])
    assert (timeline.promise(5, after=2), timeline.promise(6, after=2), timeline.promise(6, after=4)) == (2, 3, 4)


def test_nothing_is_committed_where_nothing_can_be_promised():
    timeline = Timeline(NOW, 5)
    assert timeline.take(6) is None
    assert timeline.take(5) == NOW
    assert timeline.take(1) is None


def test_freed_pieces_can_be_promised_again():
    timeline = Timeline(NOW, 0, [(3, 2)])
    at = timeline.take(2)
    timeline.add(at, 2)
    assert timeline.promise(2) == 3


def test_supply_of_the_past_counts_now():
    assert Timeline(10, 1, [(3, 2)]).promise(3) == 10


def test_time_passes():
    timeline = Timeline(NOW, 1, [(3, 2), (7, 4)])
    timeline.advance(5)
    assert (timeline.promise(3), timeline.promise(4)) == (5, 7)


def test_moments_are_whatever_has_an_order():
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    week = now + timedelta(days=7)
    assert Timeline(now, 1, [(week, 5)]).take(2) == week


events = st.lists(st.tuples(st.integers(-3, 12), st.integers(-6, 9)), max_size=12)


@given(st.integers(-3, 9), events, st.integers(-2, 12), st.integers(0, 12))
def test_same_as_looking_at_every_moment(on_hand, events, pieces, now):
    timeline = Timeline(NOW, on_hand, events)
    naive = [(NOW, on_hand), *events]
    assert timeline.promise(pieces) == earliest(naive, pieces, now=NOW)
    assert timeline.available(now) == min(net(naive, at) for at in range(now, 13))
    timeline.advance(now)
    assert timeline.promise(pieces) == earliest(naive, pieces, now=now)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("come"), st.integers(0, 20), st.integers(1, 9)),
        st.tuples(st.just("take"), st.integers(0, 20), st.integers(1, 9)),
        st.tuples(st.just("free"), st.integers(0, 20), st.just(0)),
        st.tuples(st.just("pass"), st.integers(0, 3), st.just(0)),
    ),
    max_size=40,
)


@given(steps)
def test_however_it_goes_nothing_is_promised_twice(steps):
    timeline, events, taken, now = Timeline(NOW), [], [], NOW
    for what, number, pieces in steps:
        if what == "come":
            timeline.add(now + number, pieces)
            events.append((now + number, pieces))
        elif what == "take":
            at = timeline.take(pieces, after=now + number)
            if at is not None:
                taken.append((at, -pieces))
        elif what == "free" and taken:
            at, pieces = taken.pop(number % len(taken))
            timeline.add(at, -pieces)
        elif what == "pass":
            now += number
            timeline.advance(now)
        assert overpromised(events + taken, now=now) == []
        assert timeline.promise(3) == earliest(events + taken, 3, now=now)
