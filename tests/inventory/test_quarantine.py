import pytest

from inventory.models import Bin
from inventory.services import quarantine, stock
from oms.lib.errors import Invalid
from tests.inventory.ledger import bins, level
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin():
    return make_location("BER")


@pytest.fixture
def mug(berlin):
    return make_sku(10, berlin)


@pytest.fixture
def dock(mug, berlin):
    return stock.system_bin(berlin, Bin.Kind.DOCK)


def test_pieces_in_quarantine_are_not_for_sale(mug, berlin, dock):
    quarantine.put(mug, dock, 4)
    assert bins(mug, berlin) == {"DOCK": 6, "QUARANTINE": 4}
    assert level(mug, berlin) == (10, 0, 4)


def test_cleared_pieces_are_for_sale_again(mug, berlin, dock):
    quarantine.put(mug, dock, 4)
    quarantine.clear(mug, dock, 3)
    assert bins(mug, berlin) == {"DOCK": 9, "QUARANTINE": 1}
    assert level(mug, berlin) == (10, 0, 1)


def test_scrapped_pieces_are_gone(mug, berlin, dock):
    quarantine.put(mug, dock, 4)
    quarantine.scrap(mug, berlin, 4)
    assert bins(mug, berlin) == {"DOCK": 6}
    assert level(mug, berlin) == (6, 0, 0)


def test_more_than_is_in_quarantine_is_not_scrapped(mug, berlin, dock, refused):
    quarantine.put(mug, dock, 1)
    with refused(Invalid):
        quarantine.scrap(mug, berlin, 2)
    with refused(Invalid):
        quarantine.clear(mug, dock, 2)
    with refused(Invalid):
        quarantine.scrap(mug, berlin, -1)
