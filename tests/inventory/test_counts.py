from datetime import timedelta

import pytest
from django.utils import timezone

from inventory.models import Bin, CountLine, StockEntry
from inventory.services import counts, stock
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Allocation
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def shelf(berlin):
    return Bin.objects.create(location=berlin, code="A-1")


@pytest.fixture
def mug(berlin, shelf):
    sku = make_sku(code="MUG", unit_cost=2)
    stock.receive(sku, berlin, 10, bin=shelf)
    return sku


def count(location, *entries, bin=None, counted_at=None):
    """Post a count of `entries` [(sku, pieces)] or [(sku, pieces, bin)]; returns the session."""
    session = counts.open_count(location, bin=bin, counted_at=counted_at, actor="user:1")
    for sku, pieces, *where in entries:
        counts.enter(session.pk, sku, pieces, bin=where[0] if where else None)
    return counts.post_count(session.pk, actor="user:2")


def line_of(session):
    line = CountLine.objects.get(session=session)
    return line.expected, line.counted, line.difference, line.problem


def test_what_is_counted_less_is_booked_off(mug, berlin, shelf):
    session = count(berlin, (mug, 7), bin=shelf)
    assert level(mug, berlin) == (7, 0, 0)
    assert bins(mug, berlin) == {"A-1": 7}
    assert line_of(session) == (10, 7, -3, "")
    assert session.lines.value() == -6
    entry = StockEntry.objects.get(reason="recount")
    assert (entry.subject, entry.actor, entry.at) == (session.subject, "user:2", session.lines.get().entered_at)
    assert (session.status, session.opened_by, session.posted_by) == ("posted", "user:1", "user:2")


def test_what_is_counted_more_is_booked_on(mug, berlin, shelf):
    count(berlin, (mug, 12), bin=shelf)
    assert bins(mug, berlin) == {"A-1": 12}


def test_what_is_counted_right_books_nothing(mug, berlin, shelf):
    session = count(berlin, (mug, 10), bin=shelf)
    assert line_of(session) == (10, 10, 0, "")
    assert not StockEntry.objects.filter(reason="recount").exists()
    assert not session.lines.different().exists()


def test_a_whole_location_is_corrected_where_pieces_lie(mug, berlin, shelf):
    stock.receive(mug, berlin, 4)
    count(berlin, (mug, 3))
    assert bins(mug, berlin) == {"DOCK": 3}
    count(berlin, (mug, 5))
    assert bins(mug, berlin) == {"DOCK": 5}


def test_movements_after_the_moment_of_the_count_stay(mug, berlin, shelf):
    moment = timezone.now()
    stock.adjust(mug, berlin, -4, reason="damaged", bin=shelf)
    stock.receive(mug, berlin, 5, bin=shelf)
    session = count(berlin, (mug, 8), bin=shelf, counted_at=moment)
    assert line_of(session) == (10, 8, -2, "")
    assert level(mug, berlin) == (9, 0, 0)


def test_moves_between_bins_after_the_moment_are_replayed_per_bin(mug, berlin, shelf):
    moment = timezone.now()
    stock.move(mug, shelf, stock.system_bin(berlin, Bin.Kind.DOCK), 6)
    session = count(berlin, (mug, 9), bin=shelf, counted_at=moment)
    assert line_of(session) == (10, 9, -1, "")
    assert bins(mug, berlin) == {"A-1": 3, "DOCK": 6}


def test_a_count_of_a_moment_before_another_count_sees_it_not(mug, berlin, shelf):
    """Opening stock of the first, posted on the fifth; a count of the third, posted on the sixth."""
    now = timezone.now()
    opening, later = now + timedelta(days=1), now + timedelta(days=3)
    StockEntry.objects.update(at=now - timedelta(days=1))
    sessions = [counts.open_count(berlin, bin=shelf) for _ in range(2)]
    for session, moment, pieces in zip(sessions, [opening, later], [20, 22], strict=True):
        session.counted_at = moment
        session.save()
        counts.enter(session.pk, mug, pieces)
        counts.post_count(session.pk)
    assert level(mug, berlin) == (22, 0, 0)
    assert line_of(sessions[1]) == (20, 22, 2, "")


def test_the_same_count_entered_again_books_nothing(mug, berlin, shelf):
    moment = timezone.now()
    count(berlin, (mug, 8), bin=shelf, counted_at=moment)
    stock.adjust(mug, berlin, -1, reason="lost", bin=shelf)
    session = count(berlin, (mug, 8), bin=shelf, counted_at=moment)
    assert line_of(session) == (8, 8, 0, "")
    assert level(mug, berlin) == (7, 0, 0)


def test_fewer_than_promised_breaks_the_newest_promise(mug, berlin, shelf):
    order = make_order(mug, 8)
    stock.move(mug, shelf, Bin.objects.create(location=berlin, code="A-2"), 5)
    session = count(berlin, (mug, 3, shelf), (mug, 2, Bin.objects.get(code="A-2")))
    assert level(mug, berlin) == (5, 5, 0)
    assert sum(row.quantity for row in order.allocations.filter(status="backordered")) == 3
    assert not session.lines.exclude(problem="").exists()


@pytest.mark.corrupt(6, 13)  # the floor's part is not played here
def test_a_line_whose_pieces_are_being_picked_says_so_and_the_others_are_posted(mug, berlin, shelf):
    make_order(mug, 10)
    Allocation.objects.update(status="on_floor")
    cup = make_sku()
    session = count(berlin, (mug, 9), (cup, 4), bin=shelf)
    assert level(mug, berlin) == (10, 10, 0)
    assert level(cup, berlin) == (4, 0, 0)
    line = session.lines.get(sku=mug)
    assert (line.expected, line.difference) == (10, 0)
    assert "being picked" in line.problem


def test_a_line_that_denies_what_left_since_says_so(mug, berlin, shelf):
    moment = timezone.now()
    stock.move(mug, shelf, stock.system_bin(berlin, Bin.Kind.DOCK), 6)
    session = count(berlin, (mug, 3), bin=shelf, counted_at=moment)
    assert line_of(session)[2:] == (0, "3 pieces too few: more left since than were counted.")
    assert bins(mug, berlin) == {"A-1": 4, "DOCK": 6}


def test_what_is_counted_in_quarantine_is_unfit(mug, berlin):
    quarantine = stock.system_bin(berlin, Bin.Kind.QUARANTINE)
    count(berlin, (mug, 3), bin=quarantine)
    assert level(mug, berlin) == (13, 0, 3)
    count(berlin, (mug, 1), bin=quarantine)
    assert level(mug, berlin) == (11, 0, 1)


def test_picking_goes_on_while_one_counts(mug, berlin, shelf):
    """Each line is of its own moment: what left before it was entered, or after, is no difference."""
    cup = make_sku()
    stock.receive(cup, berlin, 10, bin=shelf)
    session = counts.open_count(berlin)
    counts.enter(session.pk, mug, 10, bin=shelf)
    stock.adjust(mug, berlin, -4, reason="damaged", bin=shelf)
    stock.adjust(cup, berlin, -3, reason="damaged", bin=shelf)
    counts.enter(session.pk, cup, 6, bin=shelf)
    stock.adjust(cup, berlin, -1, reason="damaged", bin=shelf)
    counts.post_count(session.pk)
    assert [(line.expected, line.difference) for line in session.lines.all()] == [(10, 0), (7, -1)]
    assert (level(mug, berlin), level(cup, berlin)) == ((6, 0, 0), (5, 0, 0))
    moved = StockEntry.objects.get(reason="recount")
    assert moved.at == session.lines.get(sku=cup).entered_at < moved.recorded_at


@pytest.mark.parametrize("is_empty", [True, False])
def test_what_was_put_there_after_one_looked_is_not_missing(mug, berlin, shelf, is_empty):
    if is_empty:
        stock.adjust(mug, berlin, -10, reason="damaged", bin=shelf)
    session = counts.open_count(berlin, bin=shelf)
    if not is_empty:
        counts.enter(session.pk, mug, 10)
    cup = make_sku()
    stock.receive(cup, berlin, 5, bin=shelf)
    counts.enter_missing(session.pk)
    counts.post_count(session.pk)
    assert level(cup, berlin) == (5, 0, 0)


def test_scans_add_up(mug, berlin, shelf):
    session = counts.open_count(berlin, bin=shelf)
    counts.enter(session.pk, mug, 1, add=True)
    counts.enter(session.pk, mug, 6, add=True)
    assert session.lines.get().counted == 7
    counts.enter(session.pk, mug, 2)
    assert session.lines.get().counted == 2


def test_what_was_not_found_in_the_bin_can_be_counted_as_none(mug, berlin, shelf):
    cup = make_sku()
    stock.receive(cup, berlin, 5, bin=shelf)
    session = counts.open_count(berlin, bin=shelf)
    counts.enter(session.pk, mug, 10)
    assert counts.uncounted(session) == [cup.pk]
    assert counts.enter_missing(session.pk) == 1
    counts.post_count(session.pk)
    assert level(cup, berlin) == (0, 0, 0)


def test_nothing_counted_says_nothing_of_what_the_book_has(mug, berlin, shelf, refused):
    for bin in (shelf, None):
        session = counts.open_count(berlin, bin=bin)
        with refused(Invalid, "Nothing was counted"):
            counts.post_count(session.pk)
    assert count(make_location()).status == "posted"


def test_the_same_goods_are_not_counted_both_by_bin_and_as_a_whole(mug, berlin, shelf, refused):
    session = counts.open_count(berlin)
    counts.enter(session.pk, mug, 5, bin=shelf)
    with refused(Invalid, "by bin"):
        counts.enter(session.pk, mug, 5)
    assert session.lines.count() == 1


def test_another_bin_than_the_counted_one_is_refused(mug, berlin, shelf, refused):
    session = counts.open_count(berlin, bin=shelf)
    with refused(Invalid, "of bin A-1"):
        counts.enter(session.pk, mug, 5, bin=stock.system_bin(berlin, Bin.Kind.DOCK))


def test_a_posted_or_cancelled_count_is_closed(mug, berlin, shelf, refused):
    session = count(berlin, (mug, 10), bin=shelf)
    with refused(InvalidTransition, "posted"):
        counts.post_count(session.pk)
    with refused(InvalidTransition, "posted"):
        counts.enter(session.pk, mug, 1)
    other = counts.open_count(berlin)
    counts.cancel(other.pk)
    with refused(InvalidTransition, "cancelled"):
        counts.post_count(other.pk)


def test_nobody_counts_the_future(berlin, refused):
    with refused(Invalid, "future"):
        counts.open_count(berlin, counted_at=timezone.now() + timedelta(hours=1))


def test_nobody_counts_what_was_there_years_ago(berlin, refused):
    assert counts.open_count(berlin, counted_at=timezone.now() - timedelta(days=365))
    with refused(Invalid, "more than a year ago"):
        counts.open_count(berlin, counted_at=timezone.now() - timedelta(days=367))


def test_many_lines_take_no_more_queries_than_a_few(berlin, shelf, django_assert_max_num_queries):
    skus = [make_sku() for _ in range(30)]
    for sku in skus:
        stock.receive(sku, berlin, 5, bin=shelf)
    session = counts.open_count(berlin, bin=shelf)
    for sku in skus:
        counts.enter(session.pk, sku, 6)
    with django_assert_max_num_queries(37):
        counts.post_count(session.pk)
