import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfilment.services.plan_bins import free_bins, plan
from inventory.models import Bin
from inventory.services import stock
from tests.fulfilment.make import confirmed, make_bin, make_shelf, released
from tests.make import make_location, make_sku


def test_takes_bins_in_their_order():
    planned, missing = plan([("x", 1, 5), ("y", 1, 2)], {1: [("A", 3), ("B", 9)]})
    assert planned == [("x", 1, "A", 3), ("x", 1, "B", 2), ("y", 1, "B", 2)]
    assert missing == {}


def test_says_what_is_in_no_bin():
    assert plan([("x", 1, 5), ("y", 2, 1)], {1: [("A", 3)]}) == ([("x", 1, "A", 3)], {"x": 2, "y": 1})


@given(
    wanted=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 9)), max_size=8),
    bins=st.dictionaries(st.integers(1, 3), st.lists(st.integers(1, 9), max_size=4)),
)
def test_plans_each_piece_once(wanted, bins):
    free = {sku: [((sku, i), pieces) for i, pieces in enumerate(row)] for sku, row in bins.items()}
    asked = [(i, sku, pieces) for i, (sku, pieces) in enumerate(wanted)]
    planned, missing = plan(asked, free)
    for i, _, pieces in asked:
        assert sum(n for key, _, _, n in planned if key == i) + missing.get(i, 0) == pieces
    for row in free.values():
        for bin_, pieces in row:
            assert sum(n for _, _, used, n in planned if used == bin_) <= pieces


@pytest.mark.django_db
def test_free_bins_come_as_people_count_and_the_dock_last():
    location = make_location()
    sku = make_sku(2, location)  # on the dock
    for code in ("A-10", "A-2"):
        make_bin(location, code, sku=sku, quantity=3)
    stock.move(sku, Bin.objects.get(code="A-2"), stock.system_bin(location, Bin.Kind.STAGE), 1)

    assert [(str(bin_), n) for bin_, n in free_bins(location, [sku.pk])[sku.pk]] == [
        ("A-2", 2),
        ("A-10", 3),
        ("DOCK", 2),
    ]


@pytest.mark.django_db
def test_what_an_open_list_plans_with_is_not_free():
    location, (sku,) = make_shelf(5)
    released(confirmed((sku, 3)))
    assert [n for _, n in free_bins(location, [sku.pk])[sku.pk]] == [2]
