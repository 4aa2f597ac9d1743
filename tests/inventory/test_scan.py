import pytest

from inventory.models import Bin, SkuBarcode
from inventory.services import scan
from oms.lib.errors import Invalid, NotFound
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    sku = make_sku(code="Mug-1")
    SkuBarcode.objects.create(sku=sku, code="4006381333931")
    SkuBarcode.objects.create(sku=sku, code="14006381333938", pieces=6)
    SkuBarcode.objects.create(sku=sku, code="036000291452", pieces=2)
    return sku


@pytest.mark.parametrize(
    ("code", "pieces"),
    [
        (" mug-1 ", 1),
        ("4006381333931", 1),
        ("04006381333931", 1),
        ("14006381333938", 6),
        ("0036000291452", 2),
        ("36000291452", None),
        ("]C10104006381333931", 1),
        ("010400638133393110LOT7", 1),
        ("0114006381333938", 6),
    ],
)
def test_a_code_is_read_however_the_scanner_spells_it(mug, code, pieces):
    if pieces is None:
        with pytest.raises(NotFound):
            scan.read(code)
    else:
        assert scan.read(code) == (mug, pieces)


def test_a_bin_is_one_of_the_place(mug):
    berlin = make_location("BER")
    shelf = Bin.objects.create(location=berlin, code="A-1")
    Bin.objects.create(location=berlin, code="A-2", is_active=False)
    assert scan.read_bin(" a-1", berlin) == shelf
    for code, place in (("A-2", berlin), ("A-9", berlin), ("A-1", make_location("HAM"))):
        with pytest.raises(NotFound):
            scan.read_bin(code, place)


def test_a_learned_code_is_read(mug):
    scan.learn(mug, "abc 7", 3)
    assert scan.read("ABC 7") == (mug, 3)
    scan.learn(mug, "abc 7", 4)
    assert scan.read("ABC 7") == (mug, 4)
    assert mug.barcodes.count() == 4


@pytest.mark.parametrize("code", ["4006381333931", "04006381333931", "mug-1", "", "x" * 49])
def test_the_code_of_another_is_not_learned(mug, code):
    other = make_sku()
    with pytest.raises(Invalid):
        scan.learn(other, code, 1)
    assert not other.barcodes.exists()


def test_no_pieces_are_not_learned(mug):
    with pytest.raises(Invalid):
        scan.learn(mug, "NEW", 0)
