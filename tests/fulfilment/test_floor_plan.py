"""Walks past bins, as those who plan them ask."""

import numpy as np
import pytest

from fulfilment.services.floor_plan import floor_of
from inventory.models import Bin, FloorPlan
from inventory.services.draw_floor import AisleIn, draw
from tests.fulfilment.floors import make_floor, make_place
from tests.fulfilment.make import make_bin
from tests.make import make_location

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_floor()


def test_a_location_without_a_plan_has_no_floor():
    assert floor_of(make_location()) is None


def test_bins_come_in_walking_order_with_its_metres(place):
    far, near, next_aisle = (make_place(place, *where)[0] for where in (("A1", 15), ("A1", 5), ("A2", 18)))
    floor = floor_of(place)
    walked = floor.walk([far, next_aisle, near, far])
    assert walked.bins in ((near, far, next_aisle), (next_aisle, far, near))
    assert (walked.metres, walked.off_plan) == (48.0, 0)
    assert floor.metres_in_order([near, far, next_aisle]) == floor.metres([near, far, next_aisle]) == 48.0
    # Down A1 past both, up A2; the other way round it is as long.
    assert floor.metres_s_shape([far, near, next_aisle]) == 48.0
    assert floor.is_exact


def test_bins_of_one_place_come_in_natural_order(place):
    upper, lower = (make_place(place, "A1", 5, code=f"A1-{n}", level=n)[0] for n in (10, 2))
    assert floor_of(place).walk([upper, lower]).bins == (lower, upper)


@pytest.mark.corrupt(25)
def test_bins_off_the_plan_come_last_and_are_counted(place):
    known = make_place(place, "A1", 5)[0]
    others = [
        make_bin(place, "B-10", aisle="B1", position_cm=500),
        make_bin(place, "B-2"),
        make_bin(place, "A1-9", aisle="A1", position_cm=2100),
    ]
    walked = floor_of(place).walk([*others, known])
    assert [bin.code for bin in walked.bins] == [known.code, "A1-9", "B-2", "B-10"]
    assert (walked.metres, walked.off_plan) == (10.0, 3)
    assert floor_of(place).walk(others).metres == 0


def test_one_way_aisles_and_another_end(place):
    bin_ = make_place(place, "A2", 5)[0]
    aisles = [AisleIn("A1", 0), AisleIn("A2", 400, "down"), AisleIn("A3", 800)]
    draw(place, aisles, [0, 2000])
    assert floor_of(place).metres([bin_]) == 48.0
    draw(place, aisles, [0, 2000], end=("A3", 2000))
    assert floor_of(place).metres([bin_]) == 28.0
    assert not floor_of(place).is_exact


def test_an_oracle_prices_many_walks(place):
    bins = [make_place(place, aisle, 5)[0] for aisle in ("A1", "A2", "A3")]
    off = make_bin(place, "B-1")
    numbers, oracle = floor_of(place).places([*bins, off])
    assert off.pk not in numbers
    spots = np.zeros((2, 3), dtype=bool)
    spots[0, numbers[bins[0].pk]] = spots[1, numbers[bins[2].pk]] = True
    assert oracle.metres(spots).tolist() == [10.0, 26.0]
    assert floor_of(place).places([off]) == ({}, None)


def test_the_database_is_asked_once_where_nothing_changed(place, django_assert_num_queries):
    bins = list(Bin.objects.filter(location=place))
    floor_of(place)
    with django_assert_num_queries(1):
        floor_of(place).walk(bins)
    draw(place, [AisleIn("A1", 0)], [0, 3000])
    with django_assert_num_queries(4):
        assert floor_of(place).roads.layout.cross == (0.0, 30.0)


@pytest.mark.corrupt(25)
def test_a_plan_that_cannot_be_walked_is_none(place):
    plan = FloorPlan.objects.get(location=place)
    plan.cross_aisles.all().delete()
    FloorPlan.objects.update(revision="12345678-1234-5678-1234-567812345678")
    assert floor_of(place) is None
