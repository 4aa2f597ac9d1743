import pytest

from inventory.models import KitComponent, Sku
from inventory.services import stock
from inventory.services.availability import available, sellable
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def hamburg():
    return make_location("HAM")


@pytest.fixture
def mug(berlin, hamburg):
    sku = make_sku(10, berlin, code="MUG")
    stock.receive(sku, hamburg, 3)
    return sku


def make_kit(code, parts):
    kit = make_sku(code=code, kind=Sku.Kind.KIT)
    for component, quantity in parts.items():
        KitComponent.objects.create(kit=kit, component=component, quantity=quantity)
    return kit


def numbers(found):
    return found.pieces, found.at


@pytest.mark.corrupt(3)  # no order holds what is reserved
def test_what_is_promised_unfit_or_safety_is_not_available(mug, berlin, hamburg):
    stock.reserve({(mug.pk, berlin.pk): 2}, subject="order:1")
    stock.set_unavailable(mug, berlin, 3, reason="damaged")
    stock.set_safety(mug, berlin, 1)
    assert available([mug.pk]) == {(mug.pk, berlin.pk): 4, (mug.pk, hamburg.pk): 3}


def test_eaten_safety_stock_is_nothing_not_less(mug, berlin, hamburg):
    stock.set_safety(mug, berlin, 100)
    assert available([mug.pk], locations=[berlin.pk]) == {(mug.pk, berlin.pk): 0}


def test_a_closed_location_has_nothing(mug, berlin, hamburg):
    hamburg.is_active = False
    hamburg.save()
    assert available([mug.pk]) == {(mug.pk, berlin.pk): 10}
    assert numbers(sellable(["mug"])["MUG"]) == (10, {"BER": 10})


def test_goods_are_added_up_over_the_locations_asked(mug, berlin):
    assert numbers(sellable(["mug"])["MUG"]) == (13, {"BER": 10, "HAM": 3})
    assert numbers(sellable(["mug"], locations=[berlin.pk])["MUG"]) == (10, {"BER": 10})


def test_a_kit_is_as_many_as_its_scarcest_part(mug, berlin, hamburg):
    spoon = make_sku(7, berlin, code="SPOON")
    make_kit("SET", {mug: 1, spoon: 2})
    assert numbers(sellable(["SET"])["SET"]) == (3, {"BER": 3, "HAM": 0})
    stock.receive(spoon, hamburg, 13)
    assert numbers(sellable(["SET"])["SET"]) == (10, {"BER": 3, "HAM": 3})


def test_downloads_do_not_limit_a_kit_and_are_without_end(mug):
    manual = make_sku(code="PDF", kind=Sku.Kind.DIGITAL)
    make_kit("BUNDLE", {mug: 2, manual: 1})
    make_kit("EMPTY", {})
    found = sellable(["PDF", "BUNDLE", "EMPTY"])
    assert numbers(found["PDF"]) == (None, {"BER": None, "HAM": None})
    assert numbers(found["BUNDLE"]) == (6, {"BER": 5, "HAM": 1})
    assert numbers(found["EMPTY"]) == (0, {"BER": 0, "HAM": 0})


def test_a_supplier_who_does_not_count_has_without_end(mug):
    make_location("SUP", kind="supplier", tracks_stock=False)
    assert numbers(sellable(["MUG"])["MUG"]) == (None, {"BER": 10, "HAM": 3, "SUP": None})


def test_unknown_and_retired_codes_are_left_out(mug):
    make_sku(code="OLD", is_active=False)
    assert set(sellable(["MUG", "OLD", "NONE"])) == {"MUG"}


def test_many_skus_take_no_more_queries_than_one(mug, berlin, django_assert_num_queries):
    make_kit("SET", {mug: 1})
    codes = ["SET", *(make_sku(1, berlin).code for _ in range(20))]
    with django_assert_num_queries(4):
        sellable(["SET"])
    with django_assert_num_queries(4):
        sellable(codes)
