from decimal import Decimal

import pytest

from oms.lib.errors import Invalid
from orders.imports.csv_orders import CsvOrders
from orders.imports.index import Index
from orders.imports.records import Refused
from orders.imports.run import Options, run
from orders.models import Order
from tests.make import make_channel

LINE = {"order_id": "A1", "ordered_at": "2024-05-31", "sku": "MUG", "quantity": "2", "unit_price": "9.50"}


def write(folder, *rows, encoding="utf-8", separator=","):
    """Write a file with the columns that the rows have."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [separator.join(columns), *(separator.join(row.get(column, "") for column in columns) for row in rows)]
    path = folder / "orders.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def parse(folder, *rows, live=False):
    reader = CsvOrders(live=live)
    reader.currency, reader.tz = "EUR", "Europe/Berlin"
    with Index() as index:
        index.fill(reader.rows(write(folder, *rows)), reader.rank)
        return [reader.parse(key, found) for key, found in index.groups()]


def test_rows_of_one_order_are_its_lines(tmp_path):
    other = LINE | {"order_id": "B2"}
    first, second = parse(tmp_path, LINE, other, LINE | {"sku": "CUP", "quantity": "1", "line_discount": "0.50"})
    assert [(line.sku, line.quantity, line.discount) for line in first.lines] == [
        ("MUG", 2, 0),
        ("CUP", 1, Decimal("0.50")),
    ]
    assert (first.external_id, first.rows, second.rows) == ("A1", [2, 4], [3])
    assert first.ordered_at.isoformat() == "2024-05-30T22:00:00+00:00"


def test_fields_of_the_order_may_stand_on_its_first_row_only(tmp_path):
    head = {
        "email": " Ann@Example.com ",
        "name": "Ann",
        "country": "germany",
        "bill_country": "AT",
        "phone": "030 123456",
    }
    [order] = parse(tmp_path, LINE | head, LINE)
    assert (order.customer.email, order.customer.phone) == ("ann@example.com", "+4930123456")
    assert (order.ship_to, order.bill_to) == ({"name": "Ann", "country": "DE"}, {"country": "AT"})


def test_shipping_counts_once_however_often_it_is_repeated(tmp_path):
    rows = [LINE | {"shipping": "4.90", "tax_percent": "7"}, LINE | {"shipping": "4.90", "tax_percent": "19"}]
    [order] = parse(tmp_path, *rows)
    [charge] = order.charges
    assert (charge.amount, charge.tax_rate) == (Decimal("4.90"), Decimal("0.19"))
    reader = CsvOrders()
    with Index() as index:
        index.fill(reader.rows(write(tmp_path, *rows)), reader.rank)
        assert index.totals()["charges"][:2] == (1, Decimal("4.90"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"unit_price": ""}, "unit_price"),
        ({"unit_price": "-1"}, "unit_price"),
        ({"line_discount": "20"}, "line_discount"),
        ({"tax_percent": "190"}, "tax_percent"),
        ({"ordered_at": "5/31"}, "ordered_at"),
        ({"ordered_at": "1969-12-30"}, "ordered_at"),
        ({"ordered_at": "2199-05-31"}, "ordered_at"),
        ({"status": "lost"}, "status"),
        ({"status": "open"}, "status"),
        ({"currency": "USD"}, "currency"),
        ({"method": "pigeon"}, "method"),
        ({"country": "Atlantis"}, "country"),
        ({"email": "ann@"}, "email"),
        ({"phone": "none"}, "phone"),
        ({"shipping": "-1"}, "shipping"),
        ({"sku": ""}, "sku"),
        ({"sku": "x" * 41}, "sku"),
        ({"customer_note": "\u202e"}, "customer_note"),
    ],
)
def test_nonsense_is_refused_naming_row_and_field(tmp_path, change, field):
    with pytest.raises(Refused) as caught:
        parse(tmp_path, LINE | change)
    assert (2, field) in [(refusal.row, refusal.field) for refusal in caught.value.refusals]


def test_rows_that_contradict_each_other_are_refused(tmp_path):
    with pytest.raises(Refused) as caught:
        parse(tmp_path, LINE | {"email": "ann@example.com"}, LINE | {"email": "bob@example.com"})
    assert [(refusal.row, refusal.field) for refusal in caught.value.refusals] == [(3, "email"), (2, "")]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "closed"}, "status"),
        ({"tax_percent": "19"}, "tax_percent"),
        ({"invoice_number": "7"}, "invoice_number"),
    ],
)
def test_what_is_over_cannot_be_placed_live(tmp_path, change, field):
    with pytest.raises(Refused) as caught:
        parse(tmp_path, LINE | change, live=True)
    assert [refusal.field for refusal in caught.value.refusals] == [field]


def test_live_orders_need_no_date_and_make_no_skus(tmp_path):
    row = {name: value for name, value in LINE.items() if name != "ordered_at"}
    [order] = parse(tmp_path, row, live=True)
    assert (order.ordered_at, order.status) == (None, "open")
    reader = CsvOrders(live=True)
    reader.currency = "EUR"
    list(reader.rows(write(tmp_path, row)))
    assert list(reader.skus()) == []


def test_a_misspelt_column_is_named(tmp_path):
    with pytest.raises(Invalid, match="Unknown column unit_prize"):
        list(CsvOrders().rows(write(tmp_path, LINE | {"unit_prize": "1"})))


def imported(path, **options):
    with Index() as index:
        report = run(index, Options(path=path, format="csv", **options))
        return report, list(index.refusals())


@pytest.mark.django_db
@pytest.mark.parametrize(("encoding", "separator"), [("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-8", ",")])
def test_files_of_any_spreadsheet_are_read(tmp_path, encoding, separator):
    channel = make_channel(prices_include_tax=False)
    path = write(tmp_path, LINE | {"name": "Jörg"}, encoding=encoding, separator=separator)
    report, refusals = imported(path, channel=channel.code)
    assert (report.orders_created, refusals, Order.objects.get().ship_name) == (1, [], "Jörg")


@pytest.mark.django_db
def test_tax_is_taken_out_of_prices_that_include_it(tmp_path):
    channel = make_channel(prices_include_tax=True)
    head = {"tax_percent": "19", "shipping": "4.76", "invoice_number": "R-17"}
    report, _ = imported(write(tmp_path, LINE | head), channel=channel.code)
    order = Order.objects.get()
    assert (order.gross, order.net, order.tax) == (Decimal("23.76"), Decimal("19.97"), Decimal("3.79"))
    invoice = order.invoices.get()
    assert (invoice.code, invoice.gross, invoice.lines.count()) == ("R-17", Decimal("23.76"), 2)
    assert invoice.lines.first().unit_net == Decimal("7.9832")
    assert report.differing == []


@pytest.mark.django_db
def test_a_cancelled_order_was_never_shipped_invoiced_or_paid(tmp_path):
    channel = make_channel(prices_include_tax=False)
    imported(write(tmp_path, LINE | {"status": "cancelled", "invoice_number": "R-1"}), channel=channel.code)
    order = Order.objects.get()
    assert (order.status, order.payment_state, order.fulfilment_state) == ("cancelled", "unpaid", "nothing")
    assert (order.lines.get().cancelled, order.invoices.count(), order.payments.count()) == (2, 0, 0)


@pytest.mark.django_db
def test_an_unknown_channel_needs_to_be_described(tmp_path):
    with pytest.raises(Invalid, match="say --currency and --country"):
        imported(write(tmp_path, LINE), channel="new")
    assert not Order.objects.exists()
