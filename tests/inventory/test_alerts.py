"""Alerts: stock that runs out with nothing coming, pieces that keep missing; each row once, and closed by its cause."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.models import Bin, BinStock, Location, ReorderPolicy, StockAlert, StockEntry
from inventory.services import draft_purchase, stock
from inventory.services.replenish import run
from inventory.services.settle_drift import settle
from inventory.services.watch_stock import watch
from oms.lib.errors import Invalid, InvalidTransition
from oms.outbox.models import Event
from tests.inventory.buying import lists, make_supplier
from tests.inventory.planning import make_known
from tests.make import make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(100, berlin, code="MUG")


def with_minimum(sku, minimum):
    """Plan a SKU with a fixed minimum, so that its level knows at how many pieces it is low."""
    ReorderPolicy.objects.create(sku=sku, method="min_max", minimum=minimum, maximum=minimum + 50)
    run(is_automatic=False)


def lose(sku, location, pieces, *, days_ago=0, bin=None, reason="lost"):
    """Correct the book by -pieces, so many days ago."""
    last = StockEntry.objects.order_by("pk").last().pk
    stock.adjust(sku, location, -pieces, reason=reason, bin=bin, actor="user:1")
    StockEntry.objects.filter(pk__gt=last).update(at=timezone.now() - timedelta(days=days_ago))


def mug_bin(sku):
    return BinStock.objects.get(sku=sku).bin


def rows():
    return list(StockAlert.objects.open().values_list("kind", "sku__code", "pieces", "limit"))


def test_what_falls_to_its_minimum_with_nothing_coming_is_low(mug, berlin):
    with_minimum(mug, 20)
    watch()
    assert rows() == []
    make_order(mug, 80)
    watch()
    watch()
    assert rows() == [("low", "MUG", 20, 20)]


def test_the_night_raises_what_its_forecast_says_is_low():
    sku = make_known()
    run()
    [(kind, code, pieces, limit)] = rows()
    assert (kind, code, pieces) == ("low", sku.code, 5)
    assert limit == sku.proposals.get().reason["reorder_point"] == sku.levels.get().reorder_point


def test_what_is_ordered_is_not_low_any_more(mug, berlin):
    with_minimum(mug, 20)
    make_order(mug, 85)
    watch()
    alert = StockAlert.objects.get()
    draft_purchase.draft(lists(make_supplier(), mug).supplier, berlin, {mug: 12})
    watch()
    alert.refresh_from_db()
    assert (alert.closed_at is not None, alert.closed_by) == (True, "system")
    assert rows() == []


def test_what_is_off_sale_or_never_bought_again_is_not_low(mug, berlin):
    make_order(mug, 100)
    watch()
    assert rows() == []
    with_minimum(mug, 20)
    mug.is_active = False
    mug.save()
    watch()
    assert rows() == []


def test_an_open_alert_follows_what_is_left(mug, berlin):
    with_minimum(mug, 20)
    make_order(mug, 85)
    watch()
    make_order(mug, 5)
    watch()
    assert rows() == [("low", "MUG", 10, 20)]
    assert StockAlert.objects.count() == 1


def test_pieces_that_keep_missing_are_a_drift_and_name_their_bin(mug, berlin):
    shelf = Bin.objects.create(location=berlin, code="A-1")
    stock.move(mug, mug_bin(mug), shelf, 50)
    lose(mug, berlin, 3, days_ago=20, bin=shelf, reason="recount")
    watch()
    assert rows() == []
    lose(mug, berlin, 1, bin=shelf)
    watch()
    watch()
    assert rows() == [("drift", "MUG", -4, -3)]
    alert = StockAlert.objects.get()
    assert (alert.bin, alert.times) == (shelf, 2)


@pytest.mark.parametrize("reason", ["damaged", "expired", "theft", "write_off", "to_supplier"])
def test_a_loss_that_is_explained_is_no_drift(mug, berlin, reason):
    lose(mug, berlin, 10, days_ago=20, reason=reason)
    lose(mug, berlin, 10, reason=reason)
    watch()
    assert rows() == []


def test_once_is_an_accident(mug, berlin):
    lose(mug, berlin, 10)
    lose(mug, berlin, 10)
    watch()
    assert rows() == []


def test_what_is_found_again_is_sloppy_counting_and_no_leak(mug, berlin):
    lose(mug, berlin, 10, days_ago=9)
    lose(mug, berlin, 10)
    lose(mug, berlin, -5, reason="found")
    watch()
    assert rows() == []


def test_a_loss_is_forgotten_after_90_days(mug, berlin):
    lose(mug, berlin, 10, days_ago=91)
    lose(mug, berlin, 10)
    watch()
    assert rows() == []


@pytest.mark.parametrize("tolerated", [20, None])
def test_each_location_says_what_it_tolerates(mug, berlin, tolerated):
    Location.objects.update(drift_pieces=tolerated)
    lose(mug, berlin, 10, days_ago=9)
    lose(mug, berlin, 10)
    watch()
    assert rows() == []


def test_only_what_is_missed_after_somebody_looked_counts_again(mug, berlin):
    lose(mug, berlin, 10, days_ago=9)
    lose(mug, berlin, 10, days_ago=5)
    watch()
    alert = StockAlert.objects.get()
    settle(alert.pk, note="the mat counts as one", actor="user:7")
    watch()
    assert rows() == []
    alert.refresh_from_db()
    assert (alert.closed_by, alert.note) == ("user:7", "the mat counts as one")
    event = Event.objects.get(name="stock.drift_settled")
    assert event.data == {"sku": mug.pk, "location": berlin.pk, "pieces": -20}


def test_what_cannot_be_settled_stays_as_it_is(mug, berlin):
    lose(mug, berlin, 10, days_ago=9)
    lose(mug, berlin, 10)
    with_minimum(mug, 90)
    low, drift = StockAlert.objects.get(kind="low"), StockAlert.objects.get(kind="drift")
    for alert, note in ((low, "ordered"), (drift, " ")):
        with pytest.raises(Invalid):
            settle(alert.pk, note=note, actor="user:7")
    assert StockAlert.objects.open().count() == 2
    settle(drift.pk, note="found the hole", actor="user:7")
    with pytest.raises(InvalidTransition):
        settle(drift.pk, note="again", actor="user:8")
    drift.refresh_from_db()
    assert (drift.closed_by, drift.note) == ("user:7", "found the hole")


def test_there_is_one_open_alert_of_a_kind_and_nobody_closes_one_unnamed(mug, berlin):
    alert = StockAlert.objects.create(kind="low", sku=mug, location=berlin, pieces=1, limit=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAlert.objects.create(kind="low", sku=mug, location=berlin, pieces=1, limit=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockAlert.objects.filter(pk=alert.pk).update(closed_at=timezone.now())


def test_more_alerts_ask_the_database_no_more(berlin):
    counts = []
    for number in range(3):
        for _ in range(number + 1):
            sku = make_sku(100, berlin)
            lose(sku, berlin, 5, days_ago=9)
            lose(sku, berlin, 5)
            with_minimum(sku, 99)
        StockAlert.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            watch()
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]


def test_losses_are_found_by_an_index(mug, berlin):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes a partial index for constants only")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # of few rows it would read all
    plan = StockEntry.objects.unexplained().filter(at__gte=timezone.now()).order_by().explain()
    assert "stock_entry_unexplained" in plan
