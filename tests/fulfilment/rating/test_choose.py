from datetime import date
from decimal import Decimal

import pytest

from fulfilment.rating.choose import Offer, choose

DAY = date(2026, 3, 5)


def offer(name, amount, day=None, **fields):
    return Offer("post", name, Decimal(amount), date(2026, 3, day) if day else None, **fields)


def chosen(*offers, promised=DAY, **rule):
    choice = choose(offers, promised=promised, **rule)
    return [one.service for one in choice.ranked], choice.is_late, choice.reason


SLOW, NORMAL, FAST, SILENT = offer("slow", 3, 9), offer("normal", 5, 5), offer("fast", 9, 3), offer("silent", 1)


def test_the_cheapest_in_time_then_the_next_in_time():
    assert chosen(SLOW, FAST, NORMAL, SILENT) == (
        ["normal", "fast", "slow", "silent"],
        False,
        "Cheapest of 2 that keep 5 Mar.",
    )


def test_without_a_promise_the_cheapest_of_all():
    assert chosen(SLOW, FAST, NORMAL, SILENT, promised=None) == (
        ["silent", "slow", "normal", "fast"],
        False,
        "Cheapest of 4.",
    )


def test_the_only_one_in_time():
    assert chosen(SLOW, NORMAL) == (["normal", "slow"], False, "The only one that keeps 5 Mar.")


def test_when_none_is_in_time_the_fastest_and_it_says_so():
    assert chosen(SILENT, offer("later", 1, 11), SLOW) == (
        ["slow", "later", "silent"],
        True,
        "No service keeps 5 Mar; the fastest arrives on 9 Mar.",
    )
    assert chosen(SILENT)[1:] == (True, "No service keeps 5 Mar; of none is it known when it arrives.")


def test_a_preferred_carrier_goes_first_while_it_is_in_time_and_not_too_dear():
    liked = offer("liked", 8, 4, is_preferred=True)
    late = offer("late", 1, 9, is_preferred=True)
    assert chosen(NORMAL, liked)[0] == ["liked", "normal"]
    assert chosen(NORMAL, liked)[2] == "Preferred carrier, 3 above the cheapest that keeps 5 Mar."
    assert chosen(NORMAL, liked, most_extra=Decimal(3))[0] == ["liked", "normal"]
    assert chosen(NORMAL, liked, most_extra=Decimal("2.99"))[0] == ["normal", "liked"]
    assert chosen(NORMAL, late)[0] == ["normal", "late"]


def test_of_equals_the_earlier_then_by_name():
    assert chosen(offer("b", 5, 4), offer("a", 5, 5), offer("c", 5, 4))[0] == ["b", "c", "a"]


def test_no_offer_is_no_choice():
    with pytest.raises(ValueError, match="Nobody"):
        choose([], promised=None)
