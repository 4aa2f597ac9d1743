from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Bin, CountClass, CountSession, StockEntry
from inventory.services import counts, stock
from inventory.services.count_classes import classify_all, letters_of
from inventory.services.cycle_counts import due, open_due, open_for
from tests.inventory.ledger import level
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def berlin():
    return make_location("BER")


def shelve(location, code, *, letter=None, pieces=5):
    """A SKU in a bin of its own, of class `letter`."""
    sku = make_sku(code=f"SKU-{code}", unit_cost=1)
    bin = Bin.objects.create(location=location, code=code)
    stock.receive(sku, location, pieces, bin=bin)
    if letter:
        CountClass.objects.create(sku=sku, location=location, letter=letter, pieces=1)
    return sku, bin


def count_at(bin, days_ago):
    session = counts.open_count(bin.location, bin=bin)
    counts.enter_missing(session.pk)
    counts.post_count(session.pk)
    CountSession.objects.filter(pk=session.pk).update(posted_at=timezone.now() - days_ago * DAY)


def codes(location):
    return [(row.bin.code, row.letter) for row in due(location, now=timezone.now())]


def test_four_fifths_of_the_turnover_are_a():
    assert letters_of({"x": 80, "y": 15, "z": 5}) == {"x": "A", "y": "B", "z": "C"}
    assert letters_of({"x": 70, "y": 20, "z": 10}) == {"x": "A", "y": "A", "z": "B"}
    assert letters_of({"x": 0}) == {"x": "C"}
    assert letters_of({}) == {}


@pytest.mark.corrupt(1, 4, 7, 8)  # shipments written without their parcels
def test_what_ships_most_by_value_is_a(berlin):
    rows = {"A-1": (10, "ship", 0), "A-2": (50, "ship", 0), "A-3": (50, "ship", 100), "A-4": (9, "move", 0)}
    for code, (pieces, reason, days) in rows.items():
        sku, bin = shelve(berlin, code)
        StockEntry.objects.create(
            sku=sku, location=berlin, bin=bin, bucket="on_hand", delta=-pieces, balance_after=0, reason=reason,
            at=timezone.now() - days * DAY,
        )  # fmt: skip
    classify_all()
    classify_all()
    found = dict(CountClass.objects.values_list("sku__code", "letter"))
    assert found == {"SKU-A-2": "A", "SKU-A-1": "B"}


def refill(sku, bin):
    stock.adjust(sku, bin.location, 1, reason="found", bin=bin)


def test_a_bin_is_due_by_the_best_that_lies_in_it(berlin):
    rows = [("A-1", "A", 29), ("A-2", "A", 31), ("B-1", "B", 60), ("B-2", "B", 92), ("C-1", None, 300)]
    for code, letter, days in rows:
        sku, bin = shelve(berlin, code, letter=letter)
        count_at(bin, days)
        refill(sku, bin)  # none was entered, so the count booked it off
    shelve(berlin, "C-2")
    assert codes(berlin) == [("A-2", "A"), ("B-2", "B"), ("C-2", "C")]


def test_an_empty_bin_the_dock_and_one_that_is_being_counted_are_not_due(berlin):
    make_sku(3, berlin)
    Bin.objects.create(location=berlin, code="A-1")
    _, busy = shelve(berlin, "A-2")
    counts.open_count(berlin, bin=busy)
    assert codes(berlin) == []


def test_no_more_are_opened_than_the_place_can_do_a_day(berlin):
    berlin.counts_a_day = 2
    berlin.save()
    make_location("3PL", kind="3pl")
    for code in ("A-1", "A-2", "A-3"):
        shelve(berlin, code)
    open_due()
    open_due()
    sessions = CountSession.objects.filter(origin="cycle")
    assert sorted(session.bin.code for session in sessions) == ["A-1", "A-2"]
    counts.cancel(sessions[0].pk)
    assert len(open_for(berlin)) == 1


def test_a_cycle_count_says_what_is_there_when_somebody_begins(berlin):
    """It was opened at night; what was shipped until noon is no difference."""
    sku, bin = shelve(berlin, "A-1")
    (session,) = open_for(berlin)
    stock.adjust(sku, berlin, -2, reason="damaged", bin=bin)
    counts.enter(session.pk, sku, 3)
    posted = counts.post_count(session.pk)
    assert posted.lines.get().difference == 0
    assert level(sku, berlin) == (3, 0, 0)


def test_many_bins_take_no_more_queries(berlin, django_assert_max_num_queries):
    for number in range(30):
        shelve(berlin, f"A-{number}")
    with django_assert_max_num_queries(6):
        assert len(due(berlin, now=timezone.now())) == 30
