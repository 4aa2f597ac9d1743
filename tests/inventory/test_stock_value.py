from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Bin, Sku, StockEntry
from inventory.services import counts, draft_transfer, receive_delivery, receive_transfer, ship_transfer, stock
from inventory.services.stock_value import totals, worth_at
from inventory.valuation.pile import Pile
from oms import roles
from tests.make import make_location, make_sku, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    """Ten that came for 2, then ten for 4."""
    sku = make_sku(code="MUG")
    for cost in (2, 4):
        Sku.objects.filter(pk=sku.pk).update(unit_cost=cost)
        sku.refresh_from_db()
        receive_delivery.receive(sku, berlin, 10)
    return sku


def rows(moment=None):
    found = worth_at(moment or timezone.now())
    return [(row.location_id, row.pieces, row.average, row.fifo, row.ages) for row in found]


def test_the_oldest_leave_first_and_the_average_stays():
    pile, day = Pile(), datetime(2026, 1, 1, tzinfo=UTC)
    pile.take_in(10, Decimal(2), day)
    pile.take_in(10, Decimal(4), day + 40 * DAY)
    assert pile.take_out(12) == ([(10, 2, day), (2, 4, day + 40 * DAY)], 36)
    assert (pile.pieces, pile.value, pile.fifo_value, pile.average) == (8, 24, 32, 3)
    assert pile.ages(date(2026, 2, 11)) == [8, 0, 0, 0]
    pile.put_back(2, Decimal(3), day + 50 * DAY)
    assert (pile.pieces, pile.value, pile.fifo_value) == (10, 30, 40)
    assert pile.ages(date(2026, 9, 1)) == [0, 0, 0, 10]
    pile.take_out(99)
    assert (pile.pieces, pile.value, pile.fifo_value, pile.average) == (0, 0, 0, 0)


@pytest.mark.parametrize(("days", "group"), [(30, 0), (31, 1), (90, 1), (91, 2), (180, 2), (181, 3)])
def test_ages_end_where_they_say(days, group):
    pile, day = Pile(), datetime(2026, 1, 1, tzinfo=UTC)
    pile.take_in(1, Decimal(1), day)
    assert pile.ages(day.date() + days * DAY).index(1) == group


def test_receipts_are_worth_what_they_cost_by_both_methods(mug, berlin):
    assert rows() == [(berlin.pk, 20, 60, 60, (20, 0, 0, 0))]
    stock.adjust(mug, berlin, -5, reason="damaged")
    assert rows() == [(berlin.pk, 15, 45, 50, (15, 0, 0, 0))]


def test_a_correction_keeps_its_value_when_costs_change(mug, berlin):
    stock.adjust(mug, berlin, 2, reason="found")
    assert StockEntry.objects.get(reason="found").unit_cost == 4
    Sku.objects.update(unit_cost=100)
    assert rows()[0][2:4] == (68, 68)


def test_carrying_goods_about_changes_nothing(mug, berlin):
    before = rows()
    stock.move(mug, stock.system_bin(berlin, Bin.Kind.DOCK), Bin.objects.create(location=berlin, code="A-1"), 7)
    assert rows() == before


def test_on_the_way_goods_keep_age_and_cost(mug, berlin):
    hamburg = make_location("HAM")
    StockEntry.objects.update(at=timezone.now() - 100 * DAY)
    transfer = draft_transfer.draft(berlin, hamburg, lines={mug: 12})
    draft_transfer.make_ready(transfer.pk)
    ship_transfer.ship(transfer.pk)
    assert rows() == [(berlin.pk, 8, 24, 32, (0, 0, 8, 0)), (None, 12, 36, 28, (0, 0, 12, 0))]
    line = transfer.lines.get()
    receive_transfer.receive(transfer.pk, {line.pk: (12, 0)})
    assert rows()[1] == (hamburg.pk, 12, 36, 28, (0, 0, 12, 0))
    in_all, by_place = totals(worth_at(timezone.now()))
    assert (in_all.pieces, in_all.average, in_all.fifo) == (20, 60, 60)
    assert list(by_place) == [berlin.pk, hamburg.pk]


def test_a_day_in_the_past_knows_nothing_of_later_counts(mug, berlin):
    moment = timezone.now()
    session = counts.open_count(berlin, counted_at=moment)
    counts.enter(session.pk, mug, 5)
    counts.post_count(session.pk)
    assert StockEntry.objects.get(reason="recount").at == moment
    assert rows(moment)[0][1] == 20
    assert rows()[0][1] == 5


def test_many_skus_take_no_more_queries(berlin, django_assert_max_num_queries):
    for _ in range(20):
        make_sku(3, berlin, unit_cost=1)
    with django_assert_max_num_queries(4):
        assert len(rows()) == 20


def test_finance_sees_and_exports_it_and_a_picker_does_not(client, mug, berlin):
    client.force_login(make_user(roles.FINANCE))
    page = client.get("/admin/inventory/value/").content.decode()
    assert "60.00" in page
    table = b"".join(client.get("/admin/inventory/value/export/")).decode().splitlines()
    assert table[1] == "MUG,Mug,BER,20,60.00,60.00,20,0,0,0"
    assert "There was no stock" in client.get("/admin/inventory/value/?day=2001-01-01").content.decode()
    client.force_login(make_user(roles.PICKER))
    assert client.get("/admin/inventory/value/").status_code == 403
    assert client.get("/admin/inventory/value/export/").status_code == 403
