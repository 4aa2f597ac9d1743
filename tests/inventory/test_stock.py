import pytest
from django.db import IntegrityError, connection, transaction

from inventory.models import Bin, StockEntry, StockLevel
from inventory.models.stock import FEW
from inventory.services import reserving, stock
from oms.lib.errors import InsufficientStock, Invalid, InvalidTransition, Retry
from oms.outbox.models import Event
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_sku

# Stock alone: the doctor misses the orders that reserved it.
pytestmark = [pytest.mark.django_db, pytest.mark.corrupt(3)]


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG")


def shelf(location, code="A-1", **fields):
    return Bin.objects.create(location=location, code=code, **fields)


def last_entry():
    return StockEntry.objects.latest("pk")


# receive


def test_received_pieces_lie_in_the_dock_and_are_told_of(mug, berlin):
    assert level(mug, berlin) == (10, 0, 0)
    assert bins(mug, berlin) == {"DOCK": 10}
    event = Event.objects.get(name="stock.received")
    assert event.subject == f"sku:{mug.pk}"
    assert event.data == {"sku": mug.pk, "location": berlin.pk, "pieces": 10}


def test_receiving_into_a_bin_says_by_whom_for_what(mug, berlin):
    stock.receive(mug, berlin, 2, bin=shelf(berlin), subject="receipt:7", actor="user:3")
    assert level(mug, berlin) == (12, 0, 0)
    assert bins(mug, berlin) == {"DOCK": 10, "A-1": 2}
    entry = last_entry()
    assert (entry.reason, entry.subject, entry.actor, entry.bin.code) == ("receive", "receipt:7", "user:3", "A-1")


def test_what_is_received_into_quarantine_cannot_be_sold(mug, berlin):
    Event.objects.all().delete()
    stock.receive(mug, berlin, 3, bin=stock.system_bin(berlin, Bin.Kind.QUARANTINE))
    assert level(mug, berlin) == (13, 0, 3)
    assert not Event.objects.exists()


def test_the_same_key_is_received_once(mug, berlin):
    assert stock.receive(mug, berlin, 5, key="delivery:1") is True
    assert stock.receive(mug, berlin, 5, key="delivery:1") is False
    assert level(mug, berlin) == (15, 0, 0)


@pytest.mark.parametrize("quantity", [0, -1, 10**9])
def test_a_number_of_pieces_nobody_means_is_refused(mug, berlin, refused, quantity):
    with refused(Invalid, "pieces"):
        stock.receive(mug, berlin, quantity)


def test_the_bin_of_another_place_is_refused(mug, berlin, refused):
    elsewhere = shelf(make_location("HAM"))
    with refused(Invalid, "not in BER"):
        stock.receive(mug, berlin, 1, bin=elsewhere)


def test_a_closed_bin_is_refused(mug, berlin, refused):
    closed = shelf(berlin, is_active=False)
    with refused(Invalid, "closed"):
        stock.receive(mug, berlin, 1, bin=closed)


@pytest.mark.parametrize("kind", ["kit", "digital", "service"])
def test_what_has_no_pieces_is_refused(berlin, refused, kind):
    sku = make_sku(kind=kind)
    with refused(Invalid, "lie on a shelf"):
        stock.receive(sku, berlin, 1)


def test_a_place_that_does_not_count_is_refused(mug, refused):
    supplier = make_location("SUP", tracks_stock=False)
    with refused(Invalid, "does not count"):
        stock.receive(mug, supplier, 1)


# reserve and release


def test_reserved_pieces_are_in_the_ledger(mug, berlin):
    stock.reserve({(mug.pk, berlin.pk): 4}, subject="order:1", actor="partner:2")
    assert level(mug, berlin) == (10, 4, 0)
    entry = last_entry()
    assert (entry.bucket, entry.delta, entry.balance_after) == ("reserved", 4, 4)
    assert (entry.reason, entry.subject, entry.actor, entry.bin) == ("reserve", "order:1", "partner:2", None)


def test_all_or_none_is_reserved(mug, berlin, refused):
    cup = make_sku(1, berlin)
    with refused(Retry):
        stock.reserve({(mug.pk, berlin.pk): 4, (cup.pk, berlin.pk): 2}, subject="order:1")


def test_a_caught_miss_cannot_be_kept(mug, berlin):
    cup = make_sku(1, berlin)
    with transaction.atomic():
        with pytest.raises(Retry):
            stock.reserve({(mug.pk, berlin.pk): 4, (cup.pk, berlin.pk): 2}, subject="order:1")
        with pytest.raises(transaction.TransactionManagementError):
            StockLevel.objects.count()
    assert level(mug, berlin) == (10, 0, 0)


def test_unfit_and_safety_pieces_are_not_promised(mug, berlin, refused):
    stock.set_unavailable(mug, berlin, 3, reason="damaged")
    stock.set_safety(mug, berlin, 2)
    with refused(Retry):
        stock.reserve({(mug.pk, berlin.pk): 6}, subject="order:1")
    stock.reserve({(mug.pk, berlin.pk): 5}, subject="order:1")
    assert level(mug, berlin) == (10, 5, 3)


def test_where_there_is_no_level_nothing_is_reserved(mug, refused):
    with refused(Retry):
        stock.reserve({(mug.pk, make_location().pk): 1}, subject="order:1")


def test_reserving_nothing_does_nothing(mug, django_assert_num_queries):
    with django_assert_num_queries(0):
        stock.reserve({}, subject="order:1")


def test_released_pieces_can_be_sold_again(mug, berlin):
    stock.reserve({(mug.pk, berlin.pk): 10}, subject="order:1")
    stock.release({(mug.pk, berlin.pk): 4}, subject="order:1")
    assert level(mug, berlin) == (10, 6, 0)
    assert (last_entry().reason, last_entry().delta) == ("release", -4)


def test_more_than_was_reserved_is_not_released(mug, berlin, refused):
    cup = make_sku(5, berlin)
    stock.reserve({(mug.pk, berlin.pk): 2, (cup.pk, berlin.pk): 2}, subject="order:1")
    with refused(InsufficientStock):
        stock.release({(mug.pk, berlin.pk): 2, (cup.pk, berlin.pk): 3}, subject="order:1")


def test_release_is_possible_where_safety_stock_is_eaten(mug, berlin):
    stock.reserve({(mug.pk, berlin.pk): 10}, subject="order:1")
    stock.set_safety(mug, berlin, 5)
    stock.release({(mug.pk, berlin.pk): 1}, subject="order:1")
    assert level(mug, berlin) == (10, 9, 0)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="has one path only")
@pytest.mark.parametrize(("keep", "served"), [(0, [3, 2]), (1, [2, 1])])
def test_both_paths_write_the_same_rows(berlin, keep, served):
    skus = [make_sku(5, berlin) for _ in range(4)]
    wanted = {(sku.pk, berlin.pk): pieces for sku, pieces in zip(skus, [3, 5, 6, 1], strict=True)}

    def outcome(change):
        with transaction.atomic():
            last = StockEntry.objects.latest("pk").pk
            changed = [
                change(sorted(deltas), deltas, reason, "order:1", "user:1", keep)
                for reason, deltas in [("reserve", wanted), ("release", {pair: -2 for pair in wanted})]
            ]
            entries = list(StockEntry.objects.filter(pk__gt=last).order_by("pk").values())
            for entry in entries:
                assert entry.pop("id") > last
                assert entry.pop("at")
            levels = list(StockLevel.objects.order_by("pk").values())
            transaction.set_rollback(True)
        return changed, entries, levels

    first, second = outcome(reserving.in_one_statement), outcome(reserving.one_by_one)
    assert first == second
    assert first[0] == served
    assert len(first[1]) == sum(served)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="updates one by one")
def test_many_levels_are_reserved_in_one_statement(berlin, django_assert_num_queries):
    wanted = {(make_sku(5, berlin).pk, berlin.pk): 1 for _ in range(8)}
    with django_assert_num_queries(1):
        stock.reserve(wanted, subject="order:1")


# move


def test_moving_changes_bins_but_not_the_level(mug, berlin):
    Event.objects.all().delete()
    dock = stock.system_bin(berlin, Bin.Kind.DOCK)
    stock.move(mug, dock, shelf(berlin), 4)
    assert level(mug, berlin) == (10, 0, 0)
    assert bins(mug, berlin) == {"DOCK": 6, "A-1": 4}
    entries = StockEntry.objects.filter(reason="move").order_by("pk")
    assert [(entry.bin.code, entry.delta) for entry in entries] == [("DOCK", -4), ("A-1", 4)]
    assert not Event.objects.exists()


def test_more_than_lies_there_is_not_moved(mug, berlin, refused):
    dock, target = stock.system_bin(berlin, Bin.Kind.DOCK), shelf(berlin)
    with refused(Invalid, "holds only 10"):
        stock.move(mug, dock, target, 11)


def test_goods_do_not_jump_to_another_place(mug, berlin, refused):
    dock, elsewhere = stock.system_bin(berlin, Bin.Kind.DOCK), shelf(make_location())
    with refused(Invalid, "not in BER"):
        stock.move(mug, dock, elsewhere, 1)


def test_a_move_to_where_they_lie_is_refused(mug, berlin, refused):
    dock = stock.system_bin(berlin, Bin.Kind.DOCK)
    with refused(Invalid, "already"):
        stock.move(mug, dock, dock, 1)


def test_quarantine_makes_unfit_and_back_makes_fit_and_tells(mug, berlin):
    dock, quarantine = (stock.system_bin(berlin, kind) for kind in (Bin.Kind.DOCK, Bin.Kind.QUARANTINE))
    stock.move(mug, dock, quarantine, 4)
    assert level(mug, berlin) == (10, 0, 4)
    Event.objects.all().delete()
    stock.move(mug, quarantine, dock, 1)
    assert level(mug, berlin) == (10, 0, 3)
    assert Event.objects.get().data["pieces"] == 1


# adjust


def test_a_loss_is_taken_from_the_bin_it_was_seen_in(mug, berlin):
    stock.receive(mug, berlin, 5, bin=(bin := shelf(berlin)))
    assert stock.adjust(mug, berlin, -2, reason="damaged", bin=bin, actor="user:1") is True
    assert level(mug, berlin) == (13, 0, 0)
    assert bins(mug, berlin) == {"DOCK": 10, "A-1": 3}


def test_a_loss_without_a_bin_comes_from_the_fullest_but_not_from_what_is_picked(mug, berlin):
    dock, stage = (stock.system_bin(berlin, kind) for kind in (Bin.Kind.DOCK, Bin.Kind.STAGE))
    stock.move(mug, dock, shelf(berlin), 2)
    stock.move(mug, dock, stage, 5)
    stock.adjust(mug, berlin, -4, reason="lost")
    assert bins(mug, berlin) == {"A-1": 1, "STAGE": 5}
    assert level(mug, berlin) == (6, 0, 0)


def test_a_loss_that_the_shelves_do_not_hold_is_refused(mug, berlin, refused):
    dock, stage = (stock.system_bin(berlin, kind) for kind in (Bin.Kind.DOCK, Bin.Kind.STAGE))
    stock.move(mug, dock, stage, 8)
    with refused(Invalid, "Only 2 pieces of MUG"):
        stock.adjust(mug, berlin, -3, reason="lost")


def test_a_gain_goes_to_the_dock_and_is_told_of(mug, berlin):
    Event.objects.all().delete()
    stock.adjust(mug, berlin, 3, reason="found")
    assert bins(mug, berlin) == {"DOCK": 13}
    assert Event.objects.get().data["pieces"] == 3


def test_what_is_lost_in_quarantine_was_not_for_sale(mug, berlin):
    quarantine = stock.system_bin(berlin, Bin.Kind.QUARANTINE)
    stock.receive(mug, berlin, 4, bin=quarantine)
    stock.reserve({(mug.pk, berlin.pk): 10}, subject="order:1")
    stock.adjust(mug, berlin, -3, reason="write_off", bin=quarantine)
    assert level(mug, berlin) == (11, 10, 1)


def test_the_same_key_adjusts_once(mug, berlin):
    assert stock.adjust(mug, berlin, -2, reason="lost", key="n:1") is True
    assert stock.adjust(mug, berlin, -2, reason="lost", key="n:1") is False
    assert level(mug, berlin) == (8, 0, 0)


def test_nothing_to_adjust_does_nothing(mug, berlin):
    assert stock.adjust(mug, berlin, 0, reason="lost") is False
    assert not StockEntry.objects.filter(reason="lost").exists()


def test_an_unknown_reason_is_refused(mug, berlin, refused):
    with refused(Invalid, "Choose one of"):
        stock.adjust(mug, berlin, 1, reason="because")


def test_more_than_there_is_cannot_be_lost(mug, berlin, refused):
    dock = stock.system_bin(berlin, Bin.Kind.DOCK)
    with refused(Invalid):
        stock.adjust(mug, berlin, -11, reason="lost", bin=dock)


def test_more_than_there_is_cannot_be_unfit(mug, berlin, refused):
    with refused(Invalid, "not so many"):
        stock.set_unavailable(mug, berlin, 11, reason="damaged")
    with refused(Invalid, "not so many"):
        stock.set_unavailable(mug, berlin, -1, reason="damaged")


# ship


@pytest.fixture
def picked(mug, berlin):
    """Three of the ten mugs reserved and carried to STAGE."""
    stock.reserve({(mug.pk, berlin.pk): 3}, subject="order:1")
    dock, stage = (stock.system_bin(berlin, kind) for kind in (Bin.Kind.DOCK, Bin.Kind.STAGE))
    stock.post(stock.carry(mug.pk, dock, stage, 3), "pick", subject="order:1")
    return [(mug.pk, berlin, 3)]


def test_shipping_consumes_what_was_reserved_and_picked(picked, mug, berlin):
    with transaction.atomic():
        stock.ship(picked, subject="order:1", keys=["parcel_line:1"])
    assert level(mug, berlin) == (7, 0, 0)
    assert bins(mug, berlin) == {"DOCK": 7}
    entry = StockEntry.objects.get(key="parcel_line:1")
    assert (entry.bucket, entry.delta, entry.reason, entry.subject) == ("on_hand", -3, "ship", "order:1")


def test_the_same_parcel_ships_once(picked, mug, berlin):
    stock.ship(picked, subject="order:1", keys=["parcel_line:1"])
    stock.ship(picked, subject="order:1", keys=["parcel_line:1"])
    assert level(mug, berlin) == (7, 0, 0)


def test_unshipping_puts_it_back_and_shipping_again_is_another_key(picked, mug, berlin):
    stock.ship(picked, subject="order:1", keys=["parcel_line:1"])
    Event.objects.all().delete()
    stock.unship(picked, subject="order:1", keys=["unship:1"])
    assert level(mug, berlin) == (10, 3, 0)
    assert bins(mug, berlin) == {"DOCK": 7, "STAGE": 3}
    assert not Event.objects.exists(), "what is reserved cannot be sold"
    stock.ship(picked, subject="order:1", keys=["parcel_line:1:2"])
    assert level(mug, berlin) == (7, 0, 0)


def test_what_was_not_picked_does_not_ship(picked, mug, berlin, refused):
    stock.reserve({(mug.pk, berlin.pk): 1}, subject="order:2")
    with refused(Invalid, "STAGE holds only 3"):
        stock.ship([(mug.pk, berlin, 4)], subject="order:1", keys=["parcel_line:1"])


def test_a_parcel_of_which_a_part_left_before_is_refused(picked, mug, berlin, refused):
    stock.ship([(mug.pk, berlin, 1)], subject="order:1", keys=["parcel_line:1"])
    with refused(InvalidTransition, "part of this"):
        stock.ship(
            [(mug.pk, berlin, 1), (mug.pk, berlin, 1)], subject="order:1", keys=["parcel_line:1", "parcel_line:2"]
        )


def test_a_place_that_does_not_count_ships_without_entries(mug):
    supplier = make_location("SUP", tracks_stock=False)
    stock.ship([(mug.pk, supplier, 1)], subject="order:1", keys=["parcel_line:9"])
    assert not StockEntry.objects.filter(location=supplier).exists()
    assert not StockLevel.objects.filter(location=supplier).exists()


# what the database itself guards


def test_the_database_refuses_oversell(mug):
    with pytest.raises(IntegrityError, match="stock_not_oversold"), transaction.atomic():
        StockLevel.objects.filter(sku=mug).update(reserved=11)


def test_the_database_refuses_a_key_twice(mug, berlin):
    stock.receive(mug, berlin, 1, key="k")
    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        StockEntry.objects.filter(key=None).update(key="k")


def test_levels_are_locked_before_bins(mug, berlin, assert_locks):
    with assert_locks("inventory_stocklevel", "inventory_binstock"):
        stock.receive(mug, berlin, 1)


@pytest.mark.sql
@pytest.mark.parametrize("number", [1, 3, FEW + 1])
def test_only_the_levels_that_are_named_are_locked_however_many(number):
    here, there = make_location(), make_location()
    skus = [make_sku() for _ in range(number)]
    for sku in skus:
        for location in (here, there):
            stock.receive(sku, location, 1)
    wanted = [(sku.pk, (here, there)[i % 2].pk) for i, sku in enumerate(skus)]
    with transaction.atomic():
        assert list(StockLevel.objects.lock(wanted[::-1])) == wanted
        assert StockLevel.objects.lock([]) == {}
