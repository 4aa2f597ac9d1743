import pytest

from inventory.models import Location, StockLevel
from oms.lib.errors import Invalid
from orders.imports.index import Index
from orders.imports.run import Options, run
from orders.models import Allocation, Order
from tests.make import make_channel, make_location, make_sku
from tests.orders.imports.northwind_files import detail_row, order_row, write_northwind

pytestmark = pytest.mark.django_db


def imported(path, **options):
    with Index() as index:
        defaults = {"path": path, "channel": "nw", "format": "northwind", "live": True}
        report = run(index, Options(**defaults | options))
        return report, list(index.refusals())


@pytest.fixture
def folder(tmp_path):
    return write_northwind(
        tmp_path,
        orders=[order_row(1), order_row(2, shipped="")],
        details=[detail_row(1, 11, 12), detail_row(1, 42, 10), detail_row(2, 11, 5)],
    )


def test_orders_are_placed_like_any_other(folder):
    report, refusals = imported(folder)
    order = Order.objects.get(external_id="1")
    assert (report.orders_created, refusals, report.differing) == (2, [], [])
    assert (order.origin, order.status, order.fulfilment_state) == ("live", "placed", "backordered")
    assert order.customer_note == "Wanted by 1996-08-01"
    assert (order.customer.account, order.charges.get().name) == ("nw:VINET", "Freight")


def test_what_they_need_is_received_at_the_locations_by_turns(folder):
    report, _ = imported(folder, stock_at=("EAST", "WEST"))
    assert report.pieces_received == 27
    levels = StockLevel.objects.order_by("sku__code").values_list("sku__code", "location__code", "on_hand", "reserved")
    assert list(levels) == [("NW-11", "EAST", 17, 17), ("NW-42", "WEST", 10, 10)]
    assert Allocation.objects.filter(order__external_id="1").values("location").distinct().count() == 2
    assert set(Order.objects.values_list("fulfilment_state", flat=True)) == {"open"}


def test_a_second_run_places_and_receives_nothing(folder):
    imported(folder, stock_at=("EAST", "WEST"))
    report, _ = imported(folder, stock_at=("EAST", "WEST"))
    assert (report.orders_created, report.orders_existing, report.pieces_received) == (0, 2, 0)
    assert sum(StockLevel.objects.values_list("on_hand", flat=True)) == 27
    assert Location.objects.count() == 2


@pytest.mark.django_db(transaction=True)  # each order gets a transaction of its own
def test_an_order_that_cannot_be_placed_is_reported_and_the_others_are_placed(tmp_path):
    channel = make_channel(prices_include_tax=False)
    make_sku(9, make_location(), code="MUG")
    path = tmp_path / "orders.csv"
    path.write_text(
        "order_id,sku,quantity,unit_price,line1,city,country\n"
        "1,MUG,1,2,Torstr. 1,Berlin,DE\n2,MUGG,1,2,Torstr. 1,Berlin,DE\n3,mug,1,2,Torstr. 1,Berlin,DE\n4,MUG,1,2,,,\n"
    )
    report, refusals = imported(path, format="csv", channel=channel.code)
    assert set(Order.objects.values_list("external_id", flat=True)) == {"1", "3"}
    assert [(one.row, one.order, one.field) for one in refusals] == [
        (3, "2", "lines.0.sku"),
        (5, "4", "ship_to.country"),
    ]
    assert (report.orders_created, report.kinds["goods"].refused_rows, report.differing) == (2, 2, [])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"format": "uci"}, "leave out --live"),
        ({"live": False, "stock_at": ("EAST",)}, "goes with --live"),
    ],
)
def test_what_does_not_go_together_is_said(folder, options, words):
    with pytest.raises(Invalid, match=words):
        imported(folder, **options)


def test_stock_cannot_come_to_where_none_is_counted(folder):
    make_location("AIR", tracks_stock=False)
    with pytest.raises(Invalid, match="does not count its stock"):
        imported(folder, stock_at=("AIR",))
    assert not Order.objects.exists()
