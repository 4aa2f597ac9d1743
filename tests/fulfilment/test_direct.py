import pytest

from fulfilment.models import FulfilmentOrder
from fulfilment.services.assign import acknowledge
from fulfilment.services.direct import ParcelIn, ship_reported
from inventory.models import Location, StockEntry, StockLevel
from inventory.services import stock
from oms.lib.errors import Invalid, InvalidTransition
from orders.services import holds
from orders.services.cancel import cancel
from tests.fulfilment.make import confirmed, make_shelf, released, work_of
from tests.make import make_location, make_sku

pytestmark = pytest.mark.django_db

PARTNER = "partner:1"


@pytest.fixture
def depot():
    """A 3PL with nine cups, three of them ordered: (order, cup)."""
    cup = make_sku(9, make_location(kind=Location.Kind.THIRD_PARTY))
    return confirmed((cup, 3)), cup


def report(order, *pieces, **kwargs):
    row = FulfilmentOrder.objects.filter(order=order).latest("pk")
    line = row.lines.get()
    parcels = [ParcelIn({line.pk: n}, tracking_number=f"T{i}", **kwargs) for i, n in enumerate(pieces)]
    return ship_reported(row.pk, parcels, actor=PARTNER)


def level(sku):
    row = StockLevel.objects.get(sku=sku)
    return row.on_hand, row.reserved


def test_3pl_acknowledges_and_ships_in_two_parcels(depot):
    order, cup = depot
    for _ in range(2):
        assert acknowledge(work_of(order).pk, actor=PARTNER).status == "picking"
    first, second = report(order, 1, 2, weight_g=700)
    assert (first.number, second.number, second.weight_g, second.tracking_number) == (1, 2, 700, "T1")
    assert level(cup) == (6, 0)
    assert report(order, 3) == [first, second], "reported twice, shipped once"
    assert StockEntry.objects.filter(reason="ship", bucket="on_hand").count() == 2


def test_a_part_is_reported(depot):
    order, cup = depot
    report(order, 2)
    assert level(cup) == (7, 1)
    report(order, 1)
    order.refresh_from_db()
    assert order.fulfilment_state == "shipped"


@pytest.mark.parametrize("number", ["T9", ""])
def test_another_parcel_of_work_that_has_left_is_not_swallowed(depot, number):
    order, cup = depot
    first, line = work_of(order), work_of(order).lines.get()
    report(order, 2)
    rest = order.fulfilment_orders.latest("pk")
    with pytest.raises(InvalidTransition, match=f"{first} has left before, as T0. Report the rest as {rest}."):
        ship_reported(first.pk, [ParcelIn({line.pk: 1}, tracking_number=number)], actor=PARTNER)
    assert level(cup) == (7, 1)
    assert ship_reported(first.pk, [ParcelIn({line.pk: 2})], actor=PARTNER) == [order.parcels.get()]


@pytest.mark.parametrize("pieces", [(4,), (2, 2), (0,), ()])
def test_wrong_figures_are_refused(depot, pieces):
    order, cup = depot
    with pytest.raises(Invalid):
        report(order, *pieces)
    assert level(cup) == (9, 3)
    assert work_of(order).status == "released"


def test_pieces_that_were_cancelled_a_moment_ago_do_not_leave():
    cup = make_sku(9, make_location())
    order = confirmed((cup, 3))
    cancel(order.pk, lines={order.lines.get().pk: 1}, reason="too many")
    with pytest.raises(Invalid, match="Only 2"):
        report(order, 3)
    report(order, 2)
    assert level(cup) == (7, 0)


def test_held_order_is_not_shipped(depot):
    order, cup = depot
    holds.put(order.pk, "fraud", "look first")
    with pytest.raises(InvalidTransition, match="on hold"):
        report(order, 3)
    with pytest.raises(InvalidTransition, match="on hold"):
        acknowledge(work_of(order).pk, actor=PARTNER)
    assert level(cup) == (9, 3)


def test_work_with_a_pick_list_may_be_shipped_past_it():
    _, (cup,) = make_shelf(5)
    order = confirmed((cup, 3))
    pick_list = released(order)
    report(order, 3)
    pick_list.refresh_from_db()
    assert (pick_list.status, pick_list.tasks.open().count()) == ("done", 0)
    assert level(cup) == (2, 0)


def test_stock_that_is_in_no_bin_is_named():
    location, (cup,) = make_shelf(3)
    order = confirmed((cup, 3))
    stage = stock.system_bin(location, "stage")
    stock.move(cup, location.bins.get(code="A-1"), stage, 2)
    with pytest.raises(Invalid, match=f"2 of {cup} are in no bin"):
        report(order, 3)


def test_supplier_without_stock_ships():
    make_location(kind=Location.Kind.SUPPLIER, tracks_stock=False)
    order = confirmed((make_sku(), 2))
    [parcel] = report(order, 2)
    assert parcel.status == "shipped"
    assert not StockEntry.objects.exists()
