from hypothesis import given
from hypothesis import strategies as st

from orders.promise.repeg import Commitment, repeg
from orders.promise.timeline import Timeline
from tests.orders.promise.naive import overpromised


def test_all_stay_while_there_is_enough():
    found = repeg(Timeline(0, 5, [(3, 5)]), [Commitment("a", 5, 0), Commitment("b", 5, 4)])
    assert found == {"a": 0, "b": 4}


def test_late_supply_moves_those_who_waited_for_it_and_no_others():
    found = repeg(Timeline(0, 5, [(9, 5)]), [Commitment("b", 5, 4), Commitment("a", 5, 0)])
    assert found == {"a": 0, "b": 9}


def test_short_supply_goes_by_priority_then_by_date():
    waiting = [Commitment("first", 3, 3, 5), Commitment("vip", 3, 4, 1), Commitment("second", 3, 5, 5)]
    assert repeg(Timeline(0, 0, [(3, 6)]), waiting) == {"vip": 4, "first": 3, "second": None}


def test_a_promise_is_never_moved_earlier_but_a_first_one_is_as_early_as_can_be():
    assert repeg(Timeline(0, 9), [Commitment("new", 1), Commitment("old", 1, 7)]) == {"old": 7, "new": 0}


supplies = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=5)
waits = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9), st.integers(0, 2)), max_size=8)


@given(supplies, waits)
def test_nothing_is_promised_twice_and_nobody_is_earlier(supplies, waits):
    commitments = [Commitment(i, pieces, at, priority) for i, (pieces, at, priority) in enumerate(waits)]
    found = repeg(Timeline(0, 0, supplies), commitments)
    kept = [(found[each.key], -each.pieces) for each in commitments if found[each.key] is not None]
    assert overpromised([*supplies, *kept], now=0) == []
    assert all(found[each.key] is None or found[each.key] >= each.at for each in commitments)
    if sum(pieces for _, pieces in supplies) >= sum(each.pieces for each in commitments):
        assert None not in found.values()
