"""Two pickers miss pieces in one bin at once, or one presses twice: it is counted once. The control counts it twice."""

import time

import pytest

from inventory.models import Bin, CountSession
from inventory.services.counts import ask_count, count_across, count_bin
from tests.make import make_location
from tests.race import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shelf():
    return Bin.objects.create(location=make_location(), code="A-1")


def test_a_bin_that_many_miss_pieces_in_is_counted_once(shelf):
    asked = race(lambda number: ask_count(shelf, actor=f"user:{number}") is not None, 4)
    assert sorted(asked) == [False, False, False, True]
    assert CountSession.objects.count() == 1


def test_one_who_presses_often_counts_it_once(shelf):
    begun = race(lambda number: count_bin(shelf, actor="user:1").pk, 4)
    assert len(set(begun)) == 1
    across = race(lambda number: count_across(shelf.location, actor="user:1").pk, 4)
    assert len(set(across)) == 1
    assert CountSession.objects.count() == 2


def test_control_who_looks_without_a_lock_asks_again(shelf):
    def look_first(number):
        if not CountSession.objects.open().filter(bin=shelf).exists():
            time.sleep(0.2)
            CountSession.objects.create(location=shelf.location, bin=shelf)

    race(look_first, 4)
    assert CountSession.objects.count() > 1
