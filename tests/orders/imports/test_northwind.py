from decimal import Decimal

import pytest

from oms.lib.errors import Invalid
from orders.imports.northwind import Northwind
from orders.imports.records import Refused
from tests.orders.imports.northwind_files import detail_row, order_row, write_northwind


def parse(folder, *, orders, details, live=False):
    """Return what the only order of the folder says."""
    reader = Northwind(live=live)
    rows = list(reader.rows(write_northwind(folder, orders=orders, details=details)))
    return reader.parse(rows[0].key, rows)


def test_an_order_has_lines_freight_and_both_addresses(tmp_path):
    details = [detail_row(10248, 11, 12, price="14"), detail_row(10248, 42, 10, price="9.8", discount="0.15")]
    order = parse(tmp_path, orders=[order_row(10248)], details=details)
    assert [(line.sku, line.name, line.quantity, line.discount) for line in order.lines] == [
        ("NW-11", "Queso Cabrales", 12, 0),
        ("NW-42", "Singaporean Noodles", 10, Decimal("14.70")),
    ]
    assert [(charge.kind, charge.amount) for charge in order.charges] == [("shipping", Decimal("32.38"))]
    assert (order.ship_to["name"], order.ship_to["country"]) == ("Vins et alcools Chevalier", "FR")
    assert (order.bill_to["company"], order.customer.account) == ("Vins et alcools", "VINET")
    assert order.customer.phone == "26.47.15.10"


def test_dates_are_read_where_the_seller_is(tmp_path):
    order = parse(tmp_path, orders=[order_row(1)], details=[detail_row(1)])
    assert order.ordered_at.isoformat() == "1996-07-04T07:00:00+00:00"
    assert (order.required_at.day, order.shipped_at.day) == (1, 16)


@pytest.mark.parametrize(("live", "discount"), [(False, "0.1875"), (True, "0.19")])
def test_discounts_are_whole_cents_only_where_they_will_be_invoiced(tmp_path, live, discount):
    details = [detail_row(1, 11, 1, price="3.75", discount="0.05")]
    reader = Northwind(live=live)
    rows = list(reader.rows(write_northwind(tmp_path, orders=[order_row(1)], details=details)))
    assert reader.parse("1", rows).lines[0].discount == Decimal(discount)
    assert rows[1].net == Decimal("3.75") - Decimal(discount)


def test_free_freight_is_no_charge(tmp_path):
    assert parse(tmp_path, orders=[order_row(1, freight="0")], details=[detail_row(1)]).charges == []


def test_what_never_shipped_is_taken_live_only(tmp_path):
    rows = {"orders": [order_row(1, shipped="")], "details": [detail_row(1)]}
    with pytest.raises(Refused, match="still open"):
        parse(tmp_path, **rows)
    assert parse(tmp_path, **rows, live=True).shipped_at is None


@pytest.mark.parametrize(
    ("order", "detail", "field"),
    [
        (order_row(1, country="Atlantis"), detail_row(1), "orders.shipcountry"),
        (order_row(1, freight="much"), detail_row(1), "orders.freight"),
        (order_row(1), detail_row(1, 99), "order_details.productid"),
        (order_row(1), detail_row(1, 11, 0), "order_details.quantity"),
        (order_row(1), detail_row(1, 11, 1, discount="15"), "order_details.discount"),
    ],
)
def test_nonsense_is_refused_naming_table_and_field(tmp_path, order, detail, field):
    with pytest.raises(Refused) as caught:
        parse(tmp_path, orders=[order], details=[detail])
    assert field in [refusal.field for refusal in caught.value.refusals]


@pytest.mark.parametrize(("orders", "details"), [([], [detail_row(1)]), ([order_row(1)], [])])
def test_half_an_order_is_none(tmp_path, orders, details):
    with pytest.raises(Refused, match="Expected one row in orders"):
        parse(tmp_path, orders=orders, details=details)


def test_a_missing_table_is_named(tmp_path):
    folder = write_northwind(tmp_path, orders=[order_row(1)], details=[], products=None)
    with pytest.raises(Invalid, match="no products.csv"):
        list(Northwind().rows(folder))


def test_every_product_is_a_sku(tmp_path):
    reader = Northwind()
    list(reader.rows(write_northwind(tmp_path, orders=[], details=[])))
    assert [(sku.code, sku.name) for sku in reader.skus()] == [
        ("NW-11", "Queso Cabrales"),
        ("NW-42", "Singaporean Noodles"),
    ]
