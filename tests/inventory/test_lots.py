from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.models import Bin, BinStock, Lot, StockEntry, StockLevel
from inventory.services import draft_transfer, receive_transfer, ship_transfer, stock
from inventory.services.bins import system_bin
from inventory.services.stock import Move
from oms.lib.errors import Invalid
from tests.fulfilment.make import confirmed, released
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


def make_lots(sku, *codes):
    """A lot a code, each expiring a month after the one before."""
    day = timezone.localdate()
    return [
        Lot.objects.create(sku=sku, code=code, expires_on=day + timedelta(days=30 * number))
        for number, code in enumerate(codes, start=1)
    ]


def held(sku):
    rows = BinStock.objects.filter(sku=sku, quantity__gt=0).select_related("bin", "lot")
    return {(row.bin.code, row.lot and row.lot.code): row.quantity for row in rows}


def test_lots_of_one_bin_are_held_apart_and_add_up():
    berlin, sku = make_location(), make_sku(tracking="lot")
    early, late = make_lots(sku, "L1", "L2")
    stock.receive(sku, berlin, 4, lot=late)
    stock.receive(sku, berlin, 3, lot=early)
    stock.receive(sku, berlin, 1, lot=early)
    assert held(sku) == {("DOCK", "L1"): 4, ("DOCK", "L2"): 4}
    assert StockLevel.objects.get(sku=sku).on_hand == 8


def test_what_nobody_names_is_what_expires_first():
    berlin, sku = make_location(), make_sku(tracking="lot")
    early, late = make_lots(sku, "L1", "L2")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    stock.receive(sku, berlin, 4, lot=late)
    stock.receive(sku, berlin, 3, lot=early)
    stock.move(sku, system_bin(berlin, "dock"), shelf, 5)
    assert held(sku) == {("A-1", "L1"): 3, ("A-1", "L2"): 2, ("DOCK", "L2"): 2}
    entries = StockEntry.objects.filter(sku=sku, reason="move").order_by("pk")
    assert [(entry.lot.code, entry.delta) for entry in entries] == [("L1", -3), ("L2", -2), ("L1", 3), ("L2", 2)]


def test_an_expired_lot_is_the_last_that_is_taken_without_a_name():
    berlin, sku = make_location(), make_sku(tracking="lot")
    old = Lot.objects.create(sku=sku, code="OLD", expires_on=date(2020, 1, 1))
    (fresh,) = make_lots(sku, "NEW")
    stock.receive(sku, berlin, 2, lot=old)
    stock.receive(sku, berlin, 2, lot=fresh)
    stock.adjust(sku, berlin, -2, reason="lost")
    assert held(sku) == {("DOCK", "OLD"): 2}


def test_a_named_lot_is_the_one_that_is_moved():
    berlin, sku = make_location(), make_sku(tracking="lot")
    early, late = make_lots(sku, "L1", "L2")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    for lot in (early, late):
        stock.receive(sku, berlin, 2, lot=lot)
    stock.move(sku, system_bin(berlin, "dock"), shelf, 1, lot=late)
    assert held(sku) == {("A-1", "L2"): 1, ("DOCK", "L1"): 2, ("DOCK", "L2"): 1}


def test_a_lot_that_does_not_lie_there_is_refused():
    berlin, sku = make_location(), make_sku(tracking="lot")
    early, late = make_lots(sku, "L1", "L2")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    stock.receive(sku, berlin, 2, lot=early)
    before = StockEntry.objects.count()
    with pytest.raises(Invalid, match="holds none"), transaction.atomic():
        stock.move(sku, system_bin(berlin, "dock"), shelf, 1, lot=late)
    assert StockEntry.objects.count() == before
    assert held(sku) == {("DOCK", "L1"): 2}


def test_what_came_for_a_subject_leaves_for_it():
    """Two lots lie in STAGE, for two orders: each leaves with its own."""
    berlin, sku = make_location(), make_sku(tracking="lot")
    early, late = make_lots(sku, "L1", "L2")
    dock, stage = system_bin(berlin, "dock"), system_bin(berlin, "stage")
    for lot in (early, late):
        stock.receive(sku, berlin, 2, lot=lot)
    stock.post(stock.carry(sku.pk, dock, stage, 1, lot=early), "pick", subject="order:1")
    stock.post(stock.carry(sku.pk, dock, stage, 1, lot=late), "pick", subject="order:2")
    stock.post(stock.carry(sku.pk, stage, dock, 1), "put_back", subject="order:2")
    assert held(sku) == {("DOCK", "L1"): 1, ("DOCK", "L2"): 2, ("STAGE", "L1"): 1}


def test_two_moves_of_one_posting_bring_two_lots_back():
    berlin, sku = make_location(), make_sku(tracking="lot")
    dock, unfit = system_bin(berlin, "dock"), system_bin(berlin, "quarantine")
    for lot in make_lots(sku, "L1", "L2"):
        stock.receive(sku, berlin, 1, lot=lot)
    place = (sku.pk, berlin.pk)
    stock.post([Move(*place, "on_hand", -2, dock.pk)], "to_supplier", subject="order:1")
    moves = [Move(*place, "on_hand", 1, unfit.pk), Move(*place, "unavailable", 1)]
    stock.post(moves * 2, "return", subject="order:1")
    assert held(sku) == {("QUARANTINE", "L1"): 1, ("QUARANTINE", "L2"): 1}


def test_a_transfer_that_arrives_partly_damaged_has_the_lots_that_left():
    berlin, sku = make_location(), make_sku(tracking="lot")
    for lot, pieces in zip(make_lots(sku, "L1", "L2"), (6, 4), strict=True):
        stock.receive(sku, berlin, pieces, lot=lot)
    transfer = draft_transfer.make_ready(draft_transfer.draft(berlin, make_location(), lines={sku: 10}).pk)
    ship_transfer.ship(transfer.pk)
    receive_transfer.receive(transfer.pk, {transfer.lines.get().pk: (5, 5)})
    assert held(sku) == {("DOCK", "L1"): 5, ("QUARANTINE", "L1"): 1, ("QUARANTINE", "L2"): 4}


def test_a_transfer_leaves_the_lot_that_a_picker_is_sent_for():
    berlin, sku = make_location(), make_sku(tracking="lot")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    for lot in make_lots(sku, "L1", "L2", "L3"):
        stock.receive(sku, berlin, 2, bin=shelf, lot=lot)
    assert released(confirmed((sku, 2))).tasks.get().lot.code == "L1"
    transfer = draft_transfer.make_ready(draft_transfer.draft(berlin, make_location(), lines={sku: 3}).pk)
    ship_transfer.ship(transfer.pk)
    assert held(sku) == {("A-1", "L1"): 2, ("A-1", "L3"): 1}


def test_a_sku_without_lots_asks_for_none(django_assert_max_num_queries):
    berlin = make_location()
    mug = make_sku(4, berlin)
    dock, stage = system_bin(berlin, "dock"), system_bin(berlin, "stage")
    with django_assert_max_num_queries(20) as queries:
        stock.post(stock.carry(mug.pk, dock, stage, 1), "pick", subject="order:1")
    assert not [query for query in queries if "_lot" in query["sql"].partition("FROM")[2] or "_serial" in query["sql"]]


@pytest.mark.parametrize("tracking", ["none", "lot"])
def test_a_bin_holds_a_sku_once_a_lot(tracking):
    berlin, sku = make_location(), make_sku(tracking=tracking)
    lot = make_lots(sku, "L1")[0] if tracking == "lot" else None
    dock = system_bin(berlin, "dock")
    stock.receive(sku, berlin, 1, lot=lot)
    with pytest.raises(IntegrityError), transaction.atomic():
        BinStock.objects.create(sku=sku, bin=dock, lot=lot, quantity=1)


def test_a_lot_code_is_one_per_sku_and_a_block_has_a_reason():
    sku, other = make_sku(tracking="lot"), make_sku(tracking="lot")
    make_lots(sku, "L1")
    make_lots(other, "L1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_lots(sku, "L1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.create(sku=sku, code="L3", blocked_at=timezone.now())
