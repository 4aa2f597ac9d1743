"""What is not posted at once: differences counted again by somebody else, or approved by a lead."""

import pytest
from django.utils import timezone

from inventory.models import Bin, StockEntry
from inventory.services import counts, stock
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from tests.inventory.ledger import level
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db

BEN, EVA, LEAD, BOSS = "user:1", "user:2", "user:3", "user:4"


@pytest.fixture
def berlin():
    return make_location("BER", recount_pieces=2)


@pytest.fixture
def shelf(berlin):
    return Bin.objects.create(location=berlin, code="A-1")


@pytest.fixture
def mug(berlin, shelf):
    sku = make_sku(code="MUG", unit_cost=2)
    stock.receive(sku, berlin, 10, bin=shelf)
    return sku


@pytest.fixture
def session(berlin, shelf, mug):
    """A count in which BEN found six of ten."""
    session = counts.open_count(berlin, bin=shelf, actor=BEN)
    counts.enter(session.pk, mug, 6, actor=BEN)
    return session


def test_a_difference_within_tolerance_is_posted_at_once(session, mug, berlin):
    counts.enter(session.pk, mug, 8, actor=BEN)
    assert counts.post_count(session.pk, actor=LEAD).status == "posted"
    assert level(mug, berlin) == (8, 0, 0)


@pytest.mark.parametrize(("pieces", "percent", "is_held"), [(None, 39, True), (None, 40, False), (3, None, True)])
def test_tolerance_is_in_pieces_or_percent(session, berlin, pieces, percent, is_held):
    berlin.recount_pieces, berlin.recount_percent = pieces, percent
    berlin.save()
    assert counts.post_count(session.pk, actor=LEAD).is_recount == is_held


def test_a_large_difference_is_counted_again_by_another_person(session, mug, berlin):
    assert counts.post_count(session.pk, actor=LEAD).status == "recount"
    assert level(mug, berlin) == (10, 0, 0)
    assert Event.objects.filter(name="count.recount_asked", subject=session.subject).exists()
    for pieces in (4, 3):
        line = counts.enter(session.pk, mug, pieces, add=True, actor=EVA)
    assert (line.first_counted, line.counted, line.counted_by, line.recounted_by) == (6, 7, BEN, EVA)
    assert counts.post_count(session.pk, actor=LEAD).status == "posted"
    assert level(mug, berlin) == (7, 0, 0)
    assert Event.objects.get(name="count.posted").data["corrections"] == 1


def test_not_by_the_same_person_and_not_something_else(session, mug, berlin, refused):
    cup = make_sku()
    counts.post_count(session.pk, actor=LEAD)
    with refused(Invalid, "somebody else"):
        counts.enter(session.pk, mug, 6, actor=BEN)
    with refused(Invalid, "need not be counted again"):
        counts.enter(session.pk, cup, 1, actor=EVA)
    with refused(Invalid, "Between 0"):
        counts.enter(session.pk, mug, -1, actor=EVA)
    with refused(InvalidTransition, "MUG"):
        counts.post_count(session.pk, actor=LEAD)


def test_what_moved_between_both_counts_is_no_difference(session, mug, berlin, shelf):
    """The recount says what is there at its own moment."""
    counts.post_count(session.pk, actor=LEAD)
    stock.adjust(mug, berlin, -5, reason="damaged", bin=shelf)
    counts.enter(session.pk, mug, 5, actor=EVA)
    stock.adjust(mug, berlin, -1, reason="damaged", bin=shelf)
    posted = counts.post_count(session.pk, actor=LEAD)
    line = posted.lines.get()
    assert (line.expected, line.difference) == (5, 0)
    assert level(mug, berlin) == (4, 0, 0)


def test_a_correction_is_booked_as_of_the_moment_it_was_counted(session, mug):
    counts.post_count(session.pk, actor=LEAD)
    first = session.lines.get().entered_at
    again = counts.enter(session.pk, mug, 7, actor=EVA).entered_at
    counts.post_count(session.pk, actor=LEAD)
    assert StockEntry.objects.get(reason="recount").at == again > first


def test_a_difference_of_great_value_waits_for_a_lead(session, mug, berlin, refused):
    berlin.recount_pieces, berlin.approve_count_over = None, 7
    berlin.save()
    held = counts.post_count(session.pk, actor=LEAD)
    assert (held.status, held.submitted_by) == ("to_approve", LEAD)
    assert level(mug, berlin) == (10, 0, 0)
    with refused(InvalidTransition, "to approve"):
        counts.post_count(session.pk, actor=LEAD)
    with refused(Invalid, "Somebody else"):
        counts.approve(session.pk, actor=LEAD)
    posted = counts.approve(session.pk, actor=BOSS)
    assert (posted.status, posted.approved_by) == ("posted", BOSS)
    assert posted.approved_at <= timezone.now()
    assert level(mug, berlin) == (6, 0, 0)
    with refused(InvalidTransition, "posted"):
        counts.approve(session.pk, actor=BOSS)


def test_found_and_lost_do_not_hide_each_other(session, mug, berlin, shelf):
    berlin.recount_pieces, berlin.approve_count_over = None, 15
    berlin.save()
    cup = make_sku(unit_cost=2)
    counts.enter(session.pk, cup, 4, actor=BEN)
    assert counts.post_count(session.pk, actor=LEAD).waits_for_approval


def test_a_value_at_the_limit_needs_nobody(session, berlin):
    berlin.recount_pieces, berlin.approve_count_over = None, 8
    berlin.save()
    assert counts.post_count(session.pk, actor=LEAD).status == "posted"


def test_what_waits_can_be_thrown_away(session, mug, berlin):
    counts.post_count(session.pk, actor=LEAD)
    counts.cancel(session.pk)
    session.refresh_from_db()
    assert session.status == "cancelled"
    assert level(mug, berlin) == (10, 0, 0)
