from decimal import Decimal

import pytest

from inventory.models import Sku, StockEntry
from oms.outbox.models import Delivery, Event
from orders.documents import invoice
from orders.models import (
    AccountEntry,
    Allocation,
    Channel,
    Customer,
    Invoice,
    Order,
    OrderLine,
    Payment,
    SearchKey,
)
from orders.services import search
from tests.fulfilment.paper import text_of
from tests.make import make_channel, make_sku
from tests.orders.imports.uci_files import import_uci, uci_row, write_uci

pytestmark = pytest.mark.django_db


def test_an_order_arrives_closed_delivered_and_paid(tmp_path):
    rows = [uci_row("536365", quantity=6, price="2.55"), uci_row("536365", "POST", 1, price="18")]
    report, refusals = import_uci(write_uci(tmp_path, *rows))
    order = Order.objects.get()
    assert (report.orders_created, refusals) == (1, [])
    assert (order.origin, order.status, order.payment_state) == ("import", "closed", "paid")
    assert (order.fulfilment_state, order.return_state) == ("delivered", "none")
    assert (order.net, order.tax, order.gross) == (Decimal("33.30"), 0, Decimal("33.30"))
    line = order.lines.get()
    assert (line.quantity, line.shipped, line.delivered, line.net) == (6, 6, 6, Decimal("15.30"))
    assert order.charges.get().gross == 18


def test_stock_floor_and_post_are_left_alone(tmp_path):
    import_uci(write_uci(tmp_path, uci_row("536365")))
    order = Order.objects.get()
    assert not StockEntry.objects.exists()
    assert not Allocation.objects.exists()
    event = Event.objects.get()
    assert (event.name, event.subject, event.sequence) == ("order.imported", order.subject, order.event_counter)
    assert not Delivery.objects.exists()


def test_the_invoice_keeps_its_number_and_stands_in_no_series(tmp_path):
    rows = [uci_row("536365"), uci_row("536365", "POST", 1, price="18")]
    import_uci(write_uci(tmp_path, *rows))
    invoice = Invoice.objects.get()
    assert (invoice.code, invoice.series, invoice.number) == ("536365", None, None)
    assert (invoice.gross, invoice.paid, invoice.issued_on.isoformat()) == (
        Decimal("33.30"),
        Decimal("33.30"),
        "2010-12-01",
    )
    assert [(line.quantity, line.gross) for line in invoice.lines.all()] == [(6, Decimal("15.30")), (0, 18)]


@pytest.mark.papers
def test_the_invoice_can_be_printed_like_one_of_ours(tmp_path):
    rows = [uci_row("536365"), uci_row("536365", "POST", 2, price="18", name="POSTAGE")]
    import_uci(write_uci(tmp_path, *rows))
    [page] = text_of(invoice.render(Invoice.objects.get().pk))
    for words in ("Invoice 536365", "Dec 1, 2010", "Postage (2 × 18)", "Total £51.30", "Amount due £0.00"):
        assert words in page


def test_what_was_paid_then_can_be_given_back_now(tmp_path):
    import_uci(write_uci(tmp_path, uci_row("536365")))
    payment = Payment.objects.get()
    assert (payment.authorised, payment.captured, payment.refundable) == (Decimal("15.30"),) * 3
    assert [(entry.kind, entry.status) for entry in payment.entries.all()] == [("auth", "done"), ("capture", "done")]


def test_an_order_for_nothing_has_no_payment(tmp_path):
    import_uci(write_uci(tmp_path, uci_row("1", price="0")))
    assert (Order.objects.get().payment_state, Payment.objects.count()) == ("paid", 0)


def test_an_order_of_charges_alone_has_nothing_to_ship(tmp_path):
    import_uci(write_uci(tmp_path, uci_row("1", "M", 1, price="7")))
    order = Order.objects.get()
    assert (order.fulfilment_state, order.shipped_at, order.net) == ("nothing", None, 7)


def test_amounts_below_a_cent_stay_as_the_file_has_them(tmp_path):
    report, _ = import_uci(write_uci(tmp_path, uci_row("1", "PADS", 3, price="0.001")))
    assert (OrderLine.objects.get().net, Order.objects.get().gross) == (Decimal("0.003"), Decimal("0.003"))
    assert report.differing == []


def test_the_channel_its_seller_the_skus_and_the_customer_are_made(tmp_path):
    report, _ = import_uci(write_uci(tmp_path, uci_row("1"), uci_row("2", "85123a"), uci_row("3", "21730")))
    channel = Channel.objects.get()
    assert (channel.code, channel.currency, channel.seller.tz, channel.is_muted) == (
        "uci",
        "GBP",
        "Europe/London",
        True,
    )
    assert (report.skus_created, sorted(Sku.objects.values_list("code", flat=True))) == (2, ["21730", "85123A"])
    assert Customer.objects.get().account == "uci:17850"
    assert Order.objects.values("customer").distinct().count() == 1


def test_what_exists_is_used(tmp_path):
    channel = make_channel(code="uci", currency="GBP")
    sku = make_sku(code="85123a", name="Ours")
    report, _ = import_uci(write_uci(tmp_path, uci_row("1", "85123A")))
    assert (report.skus_created, Channel.objects.get()) == (0, channel)
    assert OrderLine.objects.get().sku == sku
    assert OrderLine.objects.get().sku_code == "85123a"


@pytest.mark.parametrize("text", ["536365", "customer 17850", "85123a"])
def test_the_order_is_found_by_every_key(tmp_path, text):
    import_uci(write_uci(tmp_path, uci_row("536365")))
    assert list(search.find(text)) == [Order.objects.get().pk]
    assert SearchKey.objects.filter(kind="invoice", value="536365").exists()


def test_an_invoice_in_separated_blocks_is_one_order(tmp_path):
    rows = [uci_row("1"), uci_row("2"), uci_row("1", "21730")]
    report, _ = import_uci(write_uci(tmp_path, *rows), batch=1)
    assert (report.orders_created, Order.objects.get(external_id="1").lines.count()) == (2, 2)


def test_a_second_run_adds_nothing(tmp_path):
    rows = [uci_row("1"), uci_row("2"), uci_row("C3", quantity=-6, at="2011-01-05 10:00:00"), uci_row("A4", "B", 1)]
    path = write_uci(tmp_path, *rows)
    first, _ = import_uci(path)
    before = counts()
    second, _ = import_uci(path)
    assert (first.orders_created, first.vouchers_created) == (2, 2)
    assert (second.orders_created, second.vouchers_created, second.skus_created) == (0, 0, 0)
    assert (second.orders_existing, second.vouchers_existing) == (2, 2)
    assert counts() == before
    assert second.figures()["net"] == first.figures()["net"]


def counts():
    models = [Order, OrderLine, AccountEntry, Customer, Sku, Event, SearchKey, Payment, Invoice]
    return [model.objects.count() for model in models]


def test_a_bad_row_keeps_its_whole_order_out_and_no_other(tmp_path):
    rows = [uci_row("1"), uci_row("2"), uci_row("2", quantity="six"), uci_row("3")]
    report, refusals = import_uci(write_uci(tmp_path, *rows))
    assert set(Order.objects.values_list("external_id", flat=True)) == {"1", "3"}
    assert [(refusal.row, refusal.order, refusal.field) for refusal in refusals] == [(3, "2", ""), (4, "2", "quantity")]
    assert report.kinds["goods"].refused_rows == 2
    assert [kind.difference for kind in report.kinds.values()] == [0]


@pytest.mark.django_db(transaction=True)  # each order gets a transaction of its own
def test_what_only_the_database_refuses_is_reported_and_the_rest_taken(tmp_path):
    huge = [uci_row("2", quantity=900, price="999999999")] * 2
    rows = [uci_row("1"), *huge, uci_row("3")]
    report, [refusal, _] = import_uci(write_uci(tmp_path, *rows))
    assert set(Order.objects.values_list("external_id", flat=True)) == {"1", "3"}
    assert (refusal.order, "too large" in refusal.reason) == ("2", True)
    assert (report.orders_created, report.differing) == (2, [])


def test_a_dry_run_writes_nothing_and_tells_the_same(tmp_path):
    path = write_uci(tmp_path, uci_row("1"), uci_row("2", quantity="x"), uci_row("C3", quantity=-1))
    told, refusals = import_uci(path, dry_run=True)
    assert (told.orders_created, told.vouchers_created, len(refusals)) == (1, 1, 1)
    assert not any(model.objects.exists() for model in (Channel, Sku, Order))
    done, _ = import_uci(path)
    assert {name: vars(kind) for name, kind in told.kinds.items()} == {
        name: vars(kind) for name, kind in done.kinds.items()
    }


@pytest.mark.parametrize("at", ["1969-12-01 08:26:00", "2199-12-01 08:26:00"])
def test_what_was_ordered_before_there_was_anything_or_is_yet_to_be_is_refused(tmp_path, at):
    report, refusals = import_uci(write_uci(tmp_path, uci_row("536365", at=at), uci_row("536366")))
    assert ([refusal.field for refusal in refusals], report.orders_created) == (["ordered_at"], 1)
