from decimal import Decimal

import pytest

from oms.lib.errors import Invalid
from orders.imports.records import EntryRecord, OrderRecord, Refused
from orders.imports.uci import Uci
from tests.orders.imports.uci_files import uci_row, write_uci


def parse(folder, *rows):
    """Return what the rows, all of one invoice, say."""
    reader = Uci()
    read = list(reader.rows(write_uci(folder, *rows)))
    return reader.parse(read[0].key, read)


def test_an_invoice_is_an_order_with_its_charges(tmp_path):
    order = parse(
        tmp_path,
        uci_row("536365", "85123a", 6, price="2.55"),
        uci_row("536365", "POST", 3, price="18", name="POSTAGE"),
        uci_row("536365", "85123A", 1, price="0"),
    )
    assert isinstance(order, OrderRecord)
    assert [(line.sku, line.quantity, line.unit_price) for line in order.lines] == [
        ("85123A", 6, Decimal("2.55")),
        ("85123A", 1, Decimal("0")),
    ]
    [charge] = order.charges
    assert (charge.kind, charge.name, charge.amount) == ("shipping", "Postage (3 × 18)", 54)
    assert (order.customer.account, order.ship_to["country"], order.invoice_number) == ("17850", "GB", "536365")
    assert order.ordered_at.isoformat() == "2010-12-01T08:26:00+00:00"


@pytest.mark.parametrize("code", ["POST", "dot", "C2", "M", "m", "D", "S", "BANK CHARGES", "AMAZONFEE", "CRUK", "B"])
def test_codes_that_are_no_goods_become_charges(tmp_path, code):
    order = parse(tmp_path, uci_row("1", code, 1, price="7"))
    assert (order.lines, [charge.amount for charge in order.charges]) == ([], [7])


@pytest.mark.parametrize("code", ["PADS", "DCGSSGIRL", "gift_0001_20", "C2X"])
def test_other_codes_without_digits_are_goods(tmp_path, code):
    assert [line.sku for line in parse(tmp_path, uci_row("1", code)).lines] == [code.upper()]


@pytest.mark.parametrize(
    ("row", "kind", "line_kind", "net"),
    [
        (uci_row("C1", quantity=-2), "credit", "goods", "-5.10"),
        (uci_row("C1", "D", -1, price="27.50"), "credit", "discount", "-27.50"),
        (uci_row("C1", "POST", -1, price="18"), "credit", "charge", "-18"),
        (uci_row("A1", "B", 1, price="-11062.06", customer=""), "adjustment", "charge", "-11062.06"),
        (uci_row("1", quantity=-10, price="0.0", customer="", name="damaged"), "write_off", "goods", "0"),
    ],
)
def test_what_is_no_order_becomes_a_voucher(tmp_path, row, kind, line_kind, net):
    entry = parse(tmp_path, row)
    assert isinstance(entry, EntryRecord)
    assert (entry.kind, entry.lines[0].kind, entry.net) == (kind, line_kind, Decimal(net))


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (uci_row("1", quantity="six"), "quantity"),
        (uci_row("1", quantity=0), "quantity"),
        (uci_row("1", quantity=-1), "quantity"),
        (uci_row("1", price="2.55555"), "unitprice"),
        (uci_row("1", price="-1"), "unitprice"),
        (uci_row("1", "POST", -1), "unitprice"),
        (uci_row("1", at="soon"), "invoicedate"),
        (uci_row("1", ""), "stockcode"),
    ],
)
def test_nonsense_is_refused_naming_the_field(tmp_path, row, field):
    with pytest.raises(Refused) as caught:
        parse(tmp_path, row)
    assert caught.value.refusals[0].field == field


def test_kinds_and_values_of_rows_are_known_before_they_are_parsed(tmp_path):
    path = write_uci(
        tmp_path,
        uci_row("1"),
        uci_row("1", "post", price="1"),
        uci_row("C2", quantity=-1),
        uci_row("c2", "D", -1),
        uci_row("A3", "B", 1, price="-5"),
        uci_row("4", quantity=-1, price="0"),
        uci_row("5", quantity="x"),
    )
    assert [(row.key, row.kind, row.net) for row in Uci().rows(path)] == [
        ("1", "goods", Decimal("15.30")),
        ("1", "charges", 6),
        ("C2", "credited goods", Decimal("-2.55")),
        ("C2", "credited charges", Decimal("-2.55")),
        ("A3", "adjustment", -5),
        ("4", "write-off", 0),
        ("5", "goods", None),
    ]


def test_skus_are_one_by_upper_code_and_named_as_they_mostly_are(tmp_path):
    reader = Uci()
    rows = [
        uci_row("1", "85123a", name="HEART"),
        uci_row("2", "85123A", name="HEART"),
        uci_row("3", "85123A", name="heart white"),
        uci_row("4", "85123A", -5, price="0", name="wet"),
        uci_row("5", "21730", -5, price="0", name="thrown away"),
        uci_row("6", "gift_0001_20", name="Voucher"),
        uci_row("7", "POST", name="POSTAGE"),
    ]
    list(reader.rows(write_uci(tmp_path, *rows)))
    assert [(sku.code, sku.name, sku.kind) for sku in reader.skus()] == [
        ("85123A", "HEART", "physical"),
        ("21730", "21730", "physical"),
        ("GIFT_0001_20", "Voucher", "digital"),
    ]


@pytest.mark.parametrize(
    ("country", "code", "region"),
    [("EIRE", "IE", ""), ("RSA", "ZA", ""), ("USA", "US", ""), ("Channel Islands", "", "Channel Islands")],
)
def test_countries_get_their_code_and_what_is_none_is_kept(tmp_path, country, code, region):
    order = parse(tmp_path, uci_row("1", country=country))
    assert (order.ship_to.get("country", ""), order.ship_to.get("region", "")) == (code, region)


def test_a_file_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("Invoice,Price\n1,2\n")
    with pytest.raises(Invalid, match="invoiceno"):
        list(Uci().rows(path))


def test_lines_that_span_months_take_the_first_moment(tmp_path):
    order = parse(tmp_path, uci_row("1", at="2011-03-01 09:01:00"), uci_row("1", at="3/1/2011 9:00"))
    assert order.ordered_at.isoformat() == "2011-03-01T09:00:00+00:00"
