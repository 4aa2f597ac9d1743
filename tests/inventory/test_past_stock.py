"""What did we believe was available then? And: the ledger, replayed from empty, gives every balance."""

from collections import defaultdict
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from inventory.models import StockEntry, StockLevel
from inventory.services import counts, stock
from inventory.services.past_stock import believed
from oms import roles
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG")


def numbers(sku, moment):
    return [
        (row.location.code, row.available, row.on_hand, row.reserved, row.unavailable, row.safety)
        for row in believed(sku, moment)
    ]


@pytest.mark.corrupt(3)  # no order holds what is reserved
def test_each_moment_is_as_the_book_was_then(mug, berlin):
    start = timezone.now()
    steps = [
        lambda: stock.reserve({(mug.pk, berlin.pk): 4}, subject="order:1"),
        lambda: stock.set_unavailable(mug, berlin, 2, reason="damaged"),
        lambda: stock.set_safety(mug, berlin, 1),
        lambda: stock.adjust(mug, berlin, 5, reason="found"),
        lambda: stock.release({(mug.pk, berlin.pk): 1}, subject="order:1"),
        lambda: stock.set_safety(mug, berlin, 3),
    ]
    for number, step in enumerate(steps, start=1):
        with time_machine.travel(start + timedelta(hours=number), tick=False):
            step()
    expected = [
        (10, 10, 0, 0, 0), (6, 10, 4, 0, 0), (4, 10, 4, 2, 0), (3, 10, 4, 2, 1),
        (8, 15, 4, 2, 1), (9, 15, 3, 2, 1), (7, 15, 3, 2, 3),
    ]  # fmt: skip
    for hour, level in enumerate(expected):
        assert numbers(mug, start + timedelta(hours=hour, minutes=30)) == [("BER", *level)]
    assert numbers(mug, start - timedelta(days=1)) == [("BER", 0, 0, 0, 0, 0)]


def test_a_count_posted_later_was_not_believed_but_is_known(mug, berlin):
    moment = timezone.now()
    session = counts.open_count(berlin, counted_at=moment)
    counts.enter(session.pk, mug, 7)
    counts.post_count(session.pk)
    (row,) = believed(mug, moment)
    assert (row.on_hand, row.was_there) == (10, 7)
    assert believed(mug, timezone.now())[0].on_hand == 7


@pytest.mark.corrupt(3)
def test_the_ledger_replayed_from_empty_gives_every_balance_at_every_moment(mug, berlin):
    hamburg = make_location("HAM")
    stock.receive(mug, hamburg, 6)
    stock.reserve({(mug.pk, berlin.pk): 4, (mug.pk, hamburg.pk): 2}, subject="order:1")
    stock.adjust(mug, berlin, -3, reason="lost")
    stock.release({(mug.pk, hamburg.pk): 1}, subject="order:1")
    stock.set_unavailable(mug, hamburg, 2, reason="damaged")
    balances = defaultdict(int)
    for entry in StockEntry.objects.order_by("pk"):
        balances[entry.location_id, entry.bucket] += entry.delta
        assert entry.balance_after == balances[entry.location_id, entry.bucket]
        for row in believed(mug, entry.recorded_at or entry.at):
            assert row.on_hand == balances[row.location.pk, "on_hand"]
            assert row.reserved >= 0
    for level in StockLevel.objects.all():
        for bucket in StockEntry.Bucket.values:
            assert getattr(level, bucket) == balances[level.location_id, bucket]


def test_the_page_answers_by_code_and_moment(client, mug, berlin):
    client.force_login(make_user(roles.CS))
    page = client.get("/admin/inventory/past/?sku=mug").content.decode()
    assert "10 available" in page
    assert "0 available" in client.get("/admin/inventory/past/?sku=mug&at=2001-01-01T10:00").content.decode()
    assert "There is no such SKU" in client.get("/admin/inventory/past/?sku=none").content.decode()
    assert client.get("/admin/inventory/past/").status_code == 200


def test_many_locations_take_no_more_queries(mug, django_assert_max_num_queries):
    for _ in range(10):
        stock.receive(mug, make_location(), 1)
    with django_assert_max_num_queries(2):
        assert len(believed(mug, timezone.now())) == 11
