"""One corruption for each check, past the services, and what the doctor says to it."""

import pytest
from django.db import connection, transaction

from inventory.models import Bin, BinStock, CountLine, StockEntry, StockLevel
from inventory.services import counts, stock
from inventory.services.realign import realign
from oms.lib import doctor
from oms.lib.errors import Invalid
from oms.outbox.models import Event
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_order, make_sku

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    """Ten mugs that have been received, moved, damaged and partly promised."""
    sku = make_sku(12, berlin, code="MUG at home")
    dock = stock.system_bin(berlin, Bin.Kind.DOCK)
    stock.move(sku, dock, Bin.objects.create(location=berlin, code="A-1"), 7)
    stock.move(sku, dock, stock.system_bin(berlin, Bin.Kind.QUARANTINE), 1)
    stock.adjust(sku, berlin, -2, reason="damaged")
    make_order(sku, 3)
    return sku


def found(number):
    """What check `number` finds, as [(row, message, explanation)]."""
    return [
        (violation.row, violation.message, explanation)
        for finding in doctor.run(only=number, explain=True, snapshot=False)
        for violation, explanation in zip(finding.violations, finding.explanations, strict=True)
    ]


@pytest.fixture
def without_checks(mug):
    """The constraints that would refuse the corruption, out of the way until the test ends."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no pending key check forbids the ALTER
        for table, names in {
            "stocklevel": ("stock_not_negative", "stock_not_oversold"),
            "binstock": ("bin_stock_not_negative", "bin_stock_withholds_what_is_there"),
            "stockentry": ("stock_entry_balance_not_negative",),
        }.items():
            for name in names:
                cursor.execute(f"ALTER TABLE inventory_{table} DROP CONSTRAINT {name}")
    yield


@pytest.mark.parametrize("number", [1, 2, 4, 8])
def test_sound_stock_passes(mug, number):
    assert found(number) == []


def test_1_a_level_changed_past_the_ledger(mug):
    StockLevel.objects.update(on_hand=11)
    [(row, message, explanation)] = found(1)
    assert (row, message) == ("MUG at home at BER", "on_hand is 11, the ledger sums to 10")
    assert "The ledger agrees with itself" in explanation
    assert "Rebuild from the ledger" in explanation


def test_1_unfit_pieces_past_the_ledger(mug):
    StockLevel.objects.update(unavailable=2)
    assert [message for _, message, _ in found(1)] == ["unavailable is 2, the ledger sums to 1"]


def test_1_an_entry_that_is_gone_is_named_by_the_next(mug):
    StockEntry.objects.filter(reason="damaged").update(delta=-1)
    [(_, message, explanation)] = found(1)
    assert message == "on_hand is 10, the ledger sums to 11"
    entry = StockEntry.objects.get(reason="damaged")
    assert f"The first that diverges is entry {entry.pk} (" in explanation
    assert "damaged, -1): it says 10 on_hand, those up to it sum to 11." in explanation


def test_1_an_entry_of_a_sku_that_is_none(mug):
    entry = StockEntry.objects.last()
    StockEntry.objects.filter(pk=entry.pk).update(sku=10**9)
    assert ("SKU 1000000000 at BER", "has ledger entries but no level") in [row[:2] for row in found(1)]


def test_1_a_ledger_whose_level_is_gone(mug):
    StockLevel.objects.all().delete()
    assert found(1)[0][:2] == ("MUG at home at BER", "has ledger entries but no level")


def test_2_a_level_below_nothing(mug, without_checks):
    StockLevel.objects.update(safety=-1)
    [(row, message, _)] = found(2)
    assert (row, message) == ("MUG at home at BER", "10 on hand, 3 reserved, 1 unavailable, -1 safety")


def test_2_a_bin_below_nothing(mug, without_checks):
    BinStock.objects.filter(bin__code="A-1").update(quantity=-4)
    assert [message for _, message, _ in found(2)] == ["bin A-1 holds -4"]


def test_2_a_balance_below_nothing(mug, without_checks):
    entry = StockEntry.objects.filter(reason="damaged").get()
    StockEntry.objects.filter(pk=entry.pk).update(balance_after=-1)
    assert [message for _, message, _ in found(2)] == [f"entry {entry.pk} leaves -1 on_hand"]


def test_4_bins_that_do_not_add_up(mug):
    BinStock.objects.filter(bin__code="A-1").update(quantity=9)
    [(row, message, explanation)] = found(4)
    assert (row, message) == ("MUG at home at BER", "10 on hand, 14 in bins")
    assert explanation.startswith("A-1 holds 9, the ledger booked 5. Open the level")


def test_4_a_bin_without_a_level(mug):
    StockLevel.objects.all().delete()
    assert "but there is no level" in found(4)[0][1]


def test_8_a_move_without_its_counterpart(mug):
    StockEntry.objects.filter(reason="move", bin__code="A-1").delete()
    assert found(8)[0][:2] == ("MUG at home at BER", "moves sum to -7")


def test_a_rebuilt_level_is_sound_and_told_of(mug, berlin):
    before = level(mug, berlin), bins(mug, berlin)
    StockLevel.objects.update(on_hand=30, unavailable=5)
    BinStock.objects.filter(bin__code="DOCK").delete()
    BinStock.objects.filter(bin__code="A-1").update(quantity=1)
    assert realign(mug, berlin, actor="user:1") is True
    assert (level(mug, berlin), bins(mug, berlin)) == before
    event = Event.objects.get(name="stock.realigned")
    assert event.data == {"location": berlin.pk, "on_hand": 30, "unavailable": 5}
    assert not any(found(number) for number in (1, 2, 3, 4, 8))


def test_a_count_that_does_not_say_when(mug, berlin):
    session = counts.open_count(berlin)
    counts.enter(session.pk, mug, 9)
    assert found(1) == []
    CountLine.objects.update(entered_at=None)
    [(row, message, _)] = found(1)
    assert (row, message) == ("MUG at home at BER", f"count {session.pk} does not say when")


def test_rebuilding_what_is_sound_changes_nothing(mug, berlin):
    assert realign(mug, berlin) is False
    assert not Event.objects.filter(name="stock.realigned").exists()


def test_a_rebuilt_level_breaks_promises_beyond_what_is_left(mug, berlin):
    make_order(mug, 5)
    StockEntry.objects.filter(reason="receive").update(delta=8)
    assert realign(mug, berlin) is True
    row = StockLevel.objects.get()
    assert (row.on_hand, row.unavailable, row.reserved) == (6, 1, 5)


def test_a_ledger_below_nothing_is_not_rebuilt_from(mug, berlin):
    StockEntry.objects.filter(reason="receive").delete()
    with pytest.raises(Invalid, match="less than nothing"), transaction.atomic():
        realign(mug, berlin)
    assert StockLevel.objects.get().on_hand == 10
