import pytest

from fulfilment.models import Parcel, ParcelLine
from fulfilment.services import pack
from inventory.models import SkuBarcode
from oms.lib.errors import DomainError, Invalid, InvalidTransition
from orders.models import Note
from orders.services import holds
from tests.fulfilment.make import ACTOR, confirmed, make_shelf, picked, released, work_of
from tests.make import make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench():
    """Three cups and a pot, picked: (order, cup, pot)."""
    _, (cup, pot) = make_shelf(9, 9)
    order = confirmed((cup, 3), (pot, 1))
    picked(order)
    return order, cup, pot


def scan(order, code, **kwargs):
    return pack.scan(work_of(order).pk, str(code), actor=ACTOR, **kwargs)


def packed_pieces(order):
    return sorted(ParcelLine.objects.filter(parcel__order=order).values_list("sku__code", "quantity"))


def test_scans_fill_one_parcel_and_closing_it_packs_the_order(bench):
    order, cup, pot = bench
    for code in (cup, cup, pot, cup):
        parcel = scan(order, code).parcel
    assert packed_pieces(order) == sorted([(cup.code, 3), (pot.code, 1)])
    assert work_of(order).status == "picking"

    pack.close_parcel(parcel.pk, weight_g=1400, size_mm=(300, 200, 150), actor=ACTOR)
    parcel.refresh_from_db()
    assert (parcel.status, parcel.weight_g, parcel.length_mm) == ("packed", 1400, 300)
    assert work_of(order).status == "packed"


def test_a_case_counts_its_pieces(bench):
    order, cup, _ = bench
    SkuBarcode.objects.create(sku=cup, code="CASE3", pieces=3)
    SkuBarcode.objects.create(sku=cup, code="CASE4", pieces=4)
    with pytest.raises(Invalid, match="a pack of 4, and only 3"):
        scan(order, "CASE4")
    scan(order, "case3 ")
    assert packed_pieces(order) == [(cup.code, 3)]


def test_wrong_item_is_refused(bench):
    order, cup, pot = bench
    other = make_sku()
    for code, words in ((other, f"{other} does not belong to order {order}"), ("XYZ", "Nothing has the code XYZ")):
        with pytest.raises(DomainError, match=words):
            scan(order, code)
    scan(order, pot)
    with pytest.raises(Invalid, match=f"All 1 of {pot} are packed already"):
        scan(order, pot)
    assert packed_pieces(order) == [(pot.code, 1)]


def test_only_picked_pieces_are_packed():
    _, (cup,) = make_shelf(9)
    order = confirmed((cup, 3))
    released(order)
    with pytest.raises(Invalid, match="not picked yet"):
        scan(order, cup)
    assert not Parcel.objects.exists()


def test_second_parcel(bench):
    order, cup, pot = bench
    first = scan(order, cup).parcel
    pack.close_parcel(first.pk, actor=ACTOR)
    assert work_of(order).status == "picking", "two cups and the pot are still in the tote"
    second = scan(order, cup).parcel
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(Invalid, match="This parcel is closed"):
        scan(order, cup, parcel=first.pk)
    scan(order, cup), scan(order, pot)
    pack.close_parcel(second.pk, actor=ACTOR)
    assert work_of(order).status == "packed"


def test_undo_opens_the_parcel_again(bench):
    order, cup, pot = bench
    for code in (cup, cup, cup, pot):
        row = scan(order, code)
    pack.close_parcel(row.parcel_id, actor=ACTOR)
    cups = ParcelLine.objects.get(sku=cup)

    pack.undo(cups.pk, pieces=2, actor=ACTOR)
    assert packed_pieces(order) == sorted([(cup.code, 1), (pot.code, 1)])
    assert work_of(order).status == "picking"
    assert Parcel.objects.get().status == "packing"
    with pytest.raises(Invalid, match="So many pieces"):
        pack.undo(cups.pk, pieces=2, actor=ACTOR)


def test_parcel_that_loses_its_last_piece_is_cancelled(bench):
    order, cup, _ = bench
    pack.undo(scan(order, cup).pk, actor=ACTOR)
    assert Parcel.objects.get().status == "cancelled"
    assert scan(order, cup).parcel.number == 1


def test_weight_of_the_goods_is_proposed(bench):
    order, cup, pot = bench
    parcel = scan(order, cup).parcel
    assert pack.close_parcel(parcel.pk, actor=ACTOR).weight_g == 300
    assert pack.close_parcel(parcel.pk, weight_g=350, actor=ACTOR).weight_g == 350


@pytest.mark.parametrize("fields", [{"weight_g": -1}, {"weight_g": 10**9}, {"size_mm": (0, 1, 1)}])
def test_impossible_figures_are_refused(bench, fields):
    order, cup, _ = bench
    parcel = scan(order, cup).parcel
    with pytest.raises(Invalid):
        pack.close_parcel(parcel.pk, actor=ACTOR, **fields)
    parcel.refresh_from_db()
    assert parcel.status == "packing"


def test_notes_and_holds_block_the_bench(bench):
    order, cup, _ = bench
    Note.objects.create(order=order, audience=Note.Audience.PACK, text="Use tissue paper.")
    with pytest.raises(InvalidTransition, match="Read the note"):
        scan(order, cup)
    pack.read_notes(work_of(order).pk)
    scan(order, cup)

    Note.objects.create(order=order, audience=Note.Audience.PACK, text="And a ribbon.")
    with pytest.raises(InvalidTransition, match="Read the note"):
        scan(order, cup)
    pack.read_notes(work_of(order).pk)
    holds.put(order.pk, "manual", "wait")
    with pytest.raises(InvalidTransition, match="on hold"):
        scan(order, cup)
    assert packed_pieces(order) == [(cup.code, 1)]


def test_set_aside_and_back(bench):
    order, _, _ = bench
    pack.set_aside(work_of(order).pk, "box too small")
    assert work_of(order).set_aside == "box too small"
    with pytest.raises(InvalidTransition, match=r"set aside \(box too small\): take it up again"):
        scan(order, bench[1])
    pack.set_aside(work_of(order).pk, "")
    assert work_of(order).set_aside == ""
    scan(order, bench[1])


def test_a_parcel_that_was_emptied_leaves_its_number_to_the_next(bench):
    order, cup, pot = bench
    pack.undo(scan(order, cup).pk, actor=ACTOR)
    first = scan(order, cup).parcel
    assert (first.number, first.place) == (1, (1, 1))
    pack.close_parcel(first.pk, weight_g=300, actor=ACTOR)
    second = scan(order, pot).parcel
    assert (second.number, second.place, first.place) == (2, (2, 2), (1, 2))
    pack.undo(first.lines.get().pk, actor=ACTOR)
    assert (second.number, second.place) == (2, (1, 1)), "the only one, whatever it is called"
