"""From the dock to a bin: which one, in which order, and what stays for the packers."""

import pytest
from django.utils import timezone

from inventory.models import Bin, Lot, PickFace
from inventory.services import draft_transfer, stock
from inventory.services.put_away import put_away, waiting
from oms.lib.errors import Invalid
from orders.models import Order
from orders.services import holds
from tests.fulfilment.make import confirmed, make_bin, released
from tests.inventory.ledger import bins
from tests.make import make_location, make_order, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin, code="MUG")


def first(place):
    """(bin, why, pieces to store, promised) of the first that waits."""
    one = waiting(place)[0]
    return str(one.bin), one.why, one.to_store, one.promised


def test_a_pick_face_with_room_comes_first(berlin, mug):
    make_bin(berlin, "A-2", sku=mug, quantity=5)
    PickFace.objects.create(sku=mug, bin=make_bin(berlin, "A-1", sku=mug, quantity=1), minimum=2, maximum=4)
    assert first(berlin) == ("A-1", "pick face", 3, 0)


def test_then_a_bin_that_has_it_already(berlin, mug):
    face = make_bin(berlin, "A-1", sku=mug, quantity=4)
    PickFace.objects.create(sku=mug, bin=face, minimum=2, maximum=4)
    make_bin(berlin, "A-2", sku=mug, quantity=1)
    make_bin(berlin, "R-1", sku=mug, quantity=8, kind=Bin.Kind.BULK)
    assert first(berlin) == ("R-1", "lies there already", 10, 0)


def test_then_an_empty_bin_of_its_zone(berlin, mug):
    for zone in "AB":
        make_bin(berlin, f"{zone}-1", zone=zone)
    shelf = make_bin(berlin, "B-9", zone="B", sku=mug, quantity=1)
    stock.adjust(mug, berlin, -1, reason="lost", bin=shelf)
    assert first(berlin) == ("B-1", "empty", 10, 0)


def test_what_never_lay_here_goes_to_any_empty_bin_and_else_nowhere(berlin, mug):
    assert first(berlin) == ("None", "", 10, 0)
    make_bin(berlin, "A-1", is_active=False)
    make_bin(berlin, "A-2")
    assert first(berlin) == ("A-2", "empty", 10, 0)


def test_what_is_promised_and_lies_nowhere_else_goes_to_packing_first(berlin, mug):
    make_sku(5, berlin, code="CUP")
    confirmed((mug, 4))
    assert [(one.sku.code, one.promised, one.to_store) for one in waiting(berlin)] == [("MUG", 4, 6), ("CUP", 0, 5)]
    make_bin(berlin, "A-1", sku=mug, quantity=3)
    assert waiting(berlin)[0].promised == 1


def test_what_may_not_be_packed_now_is_put_away(berlin, mug):
    order, placed = confirmed((mug, 4)), make_order(mug, 3)
    assert (placed.status, waiting(berlin)[0].promised) == ("placed", 4)
    hold = holds.put(order.pk, "fraud", "look first")
    assert (waiting(berlin)[0].promised, waiting(berlin)[0].to_store) == (0, 10)
    holds.release(order.pk, hold.pk)
    assert waiting(berlin)[0].promised == 4
    Order.objects.filter(pk=order.pk).update(cancel_requested_at=timezone.now())
    assert waiting(berlin)[0].promised == 0


def test_what_a_transfer_waits_for_counts_too(berlin, mug):
    draft_transfer.make_ready(draft_transfer.draft(berlin, make_location(), lines={mug: 2}).pk)
    assert waiting(berlin)[0].promised == 2


def test_lots_of_one_sku_are_one_row(berlin):
    tea = make_sku(code="TEA", tracking="lot")
    for code in ("L1", "L2"):
        stock.receive(tea, berlin, 2, lot=Lot.objects.create(sku=tea, code=code))
    assert [(one.sku.code, one.pieces) for one in waiting(berlin)] == [("TEA", 4)]


def test_put_away_it_lies_in_its_bin(berlin, mug):
    dock, shelf = stock.system_bin(berlin, Bin.Kind.DOCK), make_bin(berlin, "A-1")
    put_away(mug, dock, shelf, 6)
    assert bins(mug, berlin) == {"DOCK": 4, "A-1": 6}


def test_what_a_picker_fetches_at_the_dock_stays_there(berlin, mug, refused):
    released(confirmed((mug, 4)))
    dock, shelf = stock.system_bin(berlin, Bin.Kind.DOCK), make_bin(berlin, "A-1")
    with refused(Invalid, "A picker is to fetch 4 of them"):
        put_away(mug, dock, shelf, 7)
    put_away(mug, dock, shelf, 6)
    assert bins(mug, berlin) == {"DOCK": 4, "A-1": 6}


@pytest.mark.parametrize(("pieces", "words"), [(11, "holds only 10"), (0, "Between 1 and"), (-2, "Between 1 and")])
def test_pieces_that_are_not_there_are_refused(berlin, mug, refused, pieces, words):
    with refused(Invalid, words):
        put_away(mug, stock.system_bin(berlin, Bin.Kind.DOCK), make_bin(berlin, "A-1"), pieces)


def test_only_shelves_are_for_storing(berlin, mug, refused):
    dock, stage = (stock.system_bin(berlin, kind) for kind in (Bin.Kind.DOCK, Bin.Kind.STAGE))
    with refused(Invalid, "is no shelf"):
        put_away(mug, dock, stage, 1)


def test_more_goods_take_no_more_queries(berlin, mug, django_assert_num_queries):
    for number in range(6):
        make_bin(berlin, f"A-{number}")
        make_sku(2, berlin)
    with django_assert_num_queries(11):
        waiting(berlin)
