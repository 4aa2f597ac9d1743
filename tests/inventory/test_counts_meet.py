"""Counts that meet other counts, short picks, pickers and what is withheld."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fulfilment.services.pick import pick
from fulfilment.services.short import short
from inventory.models import Bin, Lot
from inventory.services import counts, serials, stock
from inventory.services.count_expect import OVERRULED
from inventory.services.withhold import withhold_due
from oms.lib.errors import Invalid
from tests.fulfilment.make import ACTOR, confirmed, released
from tests.inventory.ledger import bins, level
from tests.inventory.test_lots import make_lots
from tests.make import make_location, make_order, make_sku

pytestmark = pytest.mark.django_db

ANN, BEN = "user:1", "user:2"


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def shelf(berlin):
    return Bin.objects.create(location=berlin, code="A-1")


@pytest.fixture
def other(berlin):
    return Bin.objects.create(location=berlin, code="A-2")


@pytest.fixture
def mug(berlin, shelf):
    sku = make_sku(code="MUG", unit_cost=2)
    stock.receive(sku, berlin, 10, bin=shelf)
    return sku


def counted(bin, sku, pieces, *, actor):
    session = counts.count_bin(bin, actor=actor)
    counts.enter(session.pk, sku, pieces, actor=actor)
    return session


@pytest.mark.parametrize("is_first_posted_first", [True, False])
def test_two_who_miss_the_same_pieces_book_them_off_once(mug, berlin, shelf, is_first_posted_first):
    sessions = [counted(shelf, mug, 7, actor=actor) for actor in (ANN, BEN)]
    first, second = sessions if is_first_posted_first else reversed(sessions)
    counts.post_count(first.pk)
    stock.receive(mug, berlin, 20, bin=shelf)
    counts.post_count(second.pk)
    assert level(mug, berlin) == (27, 0, 0)


def test_the_later_count_stands_whichever_is_posted_first(mug, berlin, shelf):
    early, late = counted(shelf, mug, 7, actor=ANN), counted(shelf, mug, 10, actor=BEN)
    counts.post_count(late.pk)
    line = counts.post_count(early.pk).lines.get()
    assert (line.expected, line.counted, line.difference, line.problem) == (10, 7, 0, OVERRULED)
    assert level(mug, berlin) == (10, 0, 0)


def test_what_a_picker_missed_meanwhile_is_not_missing_twice(mug, berlin, shelf):
    """Four lie there: that is counted, and waits for a lead; then a picker finds but four, too."""
    berlin.approve_count_over = 5
    berlin.save()
    waiting = counts.post_count(counted(shelf, mug, 4, actor=ANN).pk, actor=ANN)
    task = released(confirmed((mug, 10))).tasks.get()
    pick(task.pk, picked=4, actor=ACTOR)
    short(task.pk, reason="missing", actor=ACTOR)
    stock.receive(mug, berlin, 20, bin=shelf)
    counts.approve(waiting.pk, actor=BEN)
    assert bins(mug, berlin) == {"STAGE": 4, "A-1": 20}


def test_what_was_lost_after_the_count_stays_lost(mug, berlin, shelf):
    session = counted(shelf, mug, 10, actor=ANN)
    stock.adjust(mug, berlin, -3, reason="lost", bin=shelf)
    counts.post_count(session.pk)
    assert level(mug, berlin) == (7, 0, 0)


def test_more_is_missing_than_was_corrected_meanwhile(mug, berlin, shelf):
    session = counted(shelf, mug, 5, actor=ANN)
    stock.adjust(mug, berlin, -3, reason="lost", bin=shelf)
    line = counts.post_count(session.pk).lines.get()
    assert (line.expected, line.difference) == (7, -2)
    assert level(mug, berlin) == (5, 0, 0)


@pytest.mark.parametrize("is_recount", [False, True])
def test_scans_between_which_goods_moved_are_refused(mug, berlin, shelf, refused, is_recount):
    session = counts.count_bin(shelf, actor=ANN)
    if is_recount:
        berlin.recount_pieces = 0
        berlin.save()
        counts.enter(session.pk, mug, 3, actor=ANN)
        counts.post_count(session.pk, actor=ANN)
    counts.enter(session.pk, mug, 6, add=True, actor=BEN)
    stock.adjust(mug, berlin, -2, reason="damaged", bin=shelf)
    with refused(Invalid, "A-1 while you counted it"):
        counts.enter(session.pk, mug, 4, add=True, actor=BEN)
    counts.enter(session.pk, mug, 7, actor=BEN)
    counts.enter(session.pk, mug, 1, add=True, actor=BEN)
    counts.post_count(session.pk)
    assert level(mug, berlin) == (8, 0, 0)


def test_what_cannot_be_booked_on_covers_no_loss(berlin, shelf, other):
    """One of two promised phones lies elsewhere: it is no new one, so the loss breaks a promise."""
    phone = make_sku(code="PHONE", tracking="serial")
    stock.receive(phone, berlin, 2, bin=shelf, serials=serials.new(phone, ["S1", "S2"]))
    order = make_order(phone, 2)
    session = counts.open_count(berlin)
    for bin in (shelf, other):
        counts.enter(session.pk, phone, 1, bin=bin)
    posted = counts.post_count(session.pk)
    assert [line.difference for line in posted.lines.order_by("pk")] == [-1, 0]
    assert "serial numbers" in posted.lines.get(bin=other).problem
    assert level(phone, berlin) == (1, 1, 0)
    assert sum(row.quantity for row in order.allocations.filter(status="backordered")) == 1


@pytest.mark.parametrize("left", [0, 4, 5])
def test_losing_what_is_expired_breaks_no_promise(berlin, shelf, other, left):
    milk = make_sku(code="MILK", tracking="lot")
    old, new = make_lots(milk, "OLD", "NEW")
    stock.receive(milk, berlin, 5, bin=shelf, lot=old)
    stock.receive(milk, berlin, 5, bin=other, lot=new)
    Lot.objects.filter(pk=old.pk).update(expires_on=timezone.localdate() - timedelta(days=2))
    withhold_due()
    order = make_order(milk, 5)
    session = counts.open_count(berlin, bin=shelf)
    counts.enter(session.pk, milk, left)
    counts.post_count(session.pk)
    assert level(milk, berlin) == (5 + left, 5, left)
    assert [row.status for row in order.allocations.all()] == ["reserved"]


def test_the_good_ones_of_a_bin_are_lost_before_the_expired(berlin, shelf):
    milk = make_sku(code="MILK", tracking="lot")
    old, new = make_lots(milk, "OLD", "NEW")
    for lot in (old, new):
        stock.receive(milk, berlin, 5, bin=shelf, lot=lot)
    Lot.objects.filter(pk=old.pk).update(expires_on=timezone.localdate() - timedelta(days=2))
    withhold_due()
    order = make_order(milk, 5)
    session = counts.open_count(berlin, bin=shelf)
    counts.enter(session.pk, milk, 3)
    counts.post_count(session.pk)
    assert level(milk, berlin) == (3, 0, 3)
    assert [row.status for row in order.allocations.all()] == ["backordered"]
