from decimal import Decimal

import pytest

from orders.documents import credit_note, invoice
from orders.models import AccountEntry, AccountLine, CreditNote, Invoice, Order, OrderLine, Payment, Refund
from orders.services import search
from tests.orders.imports.uci_files import import_uci, uci_row, write_uci

pytestmark = pytest.mark.django_db

LATER = "2011-01-05 10:00:00"
SAME_DAY = "2010-12-01 16:00:00"


def credited(folder, *rows, **options):
    """Import the rows; returns the Report."""
    report, refusals = import_uci(write_uci(folder, *rows), **options)
    assert not refusals
    return report


def test_a_later_credit_is_a_return(tmp_path):
    credited(tmp_path, uci_row("1", quantity=6), uci_row("C2", quantity=-2, price="2.00", at=LATER))
    order, line = Order.objects.get(), OrderLine.objects.get()
    assert (line.shipped, line.returned, line.cancelled) == (6, 2, 0)
    assert (order.status, order.return_state, order.payment_state) == ("closed", "partly_returned", "partly_refunded")
    assert order.net == Decimal("15.30")
    row = AccountLine.objects.get()
    assert (row.effect, row.order_line, row.net) == ("returned", line, Decimal("-4.00"))


def test_a_credit_of_the_same_day_is_a_cancellation(tmp_path):
    credited(tmp_path, uci_row("1"), uci_row("1", "21730"), uci_row("C2", quantity=-6, at=SAME_DAY))
    order, line = Order.objects.get(), OrderLine.objects.get(sku_code="85123A")
    assert (line.cancelled, line.shipped, line.delivered, line.returned) == (6, 0, 0, 0)
    assert (order.status, order.fulfilment_state, order.return_state) == ("closed", "delivered", "none")


def test_an_order_of_which_nothing_is_left_is_cancelled(tmp_path):
    credited(tmp_path, uci_row("1"), uci_row("C2", quantity=-6, at=SAME_DAY))
    order = Order.objects.get()
    assert (order.status, order.fulfilment_state, order.payment_state) == ("cancelled", "nothing", "refunded")
    assert (order.cancelled_at.isoformat(), order.closed_at) == ("2010-12-01T16:00:00+00:00", None)
    assert order.net == Decimal("15.30")


def test_a_match_has_a_credit_note_and_a_refund(tmp_path):
    credited(tmp_path, uci_row("1"), uci_row("C2", quantity=-6, price="2.00", at=LATER))
    note, refund, payment = CreditNote.objects.get(), Refund.objects.get(), Payment.objects.get()
    assert (note.code, note.series, note.gross, [invoice.code for invoice in note.invoices]) == ("C2", None, 12, ["1"])
    assert (refund.status, refund.amount, payment.refunded) == ("done", 12, 12)
    assert [(entry.kind, entry.amount) for entry in refund.entries.all()] == [("refund", 12)]
    assert list(search.find("C2")) == [Order.objects.get().pk]


def test_old_bills_are_printed_when_they_are_opened(tmp_path):
    credited(tmp_path, uci_row("1"), uci_row("C2", quantity=-6, price="2.00", at=LATER))
    for bill, render in ((Invoice.objects.get(), invoice.render), (CreditNote.objects.get(), credit_note.render)):
        pdf = render(bill.pk)
        assert (pdf.title, pdf.content[:5]) == (bill.code, b"%PDF-")


def test_no_more_is_refunded_than_was_paid(tmp_path):
    credited(tmp_path, uci_row("1", price="2.00"), uci_row("C2", quantity=-6, price="3.00", at=LATER))
    assert (CreditNote.objects.get().gross, Refund.objects.get().amount) == (18, 12)
    assert (Payment.objects.get().refundable, AccountEntry.objects.get().net) == (0, -18)


@pytest.mark.parametrize(
    "credit",
    [
        uci_row("C2", quantity=-7, at=LATER),
        uci_row("C2", quantity=-6, at="2010-11-30 10:00:00"),
        uci_row("C2", quantity=-6, at=LATER, customer="12346"),
        uci_row("C2", quantity=-6, at=LATER, customer=""),
        uci_row("C2", "21730", -6, at=LATER),
        uci_row("C2", "POST", -1, at=LATER),
        uci_row("C2", "D", -1, at=LATER),
    ],
    ids=["too many", "too early", "another's", "nobody's", "another SKU", "postage", "discount"],
)
def test_what_matches_nothing_stands_alone(tmp_path, credit):
    report = credited(tmp_path, uci_row("1"), credit)
    row, line = AccountLine.objects.get(), OrderLine.objects.get()
    assert (row.effect, row.order_line, line.returned, line.cancelled) == ("", None, 0, 0)
    assert not any(model.objects.exists() for model in (Refund, CreditNote))
    assert (report.vouchers_created, report.differing) == (1, [])


def test_one_credit_may_undo_lines_of_several_orders(tmp_path):
    rows = [uci_row("1", quantity=4), uci_row("2", quantity=3, at="2010-12-02 10:00:00")]
    report = credited(tmp_path, *rows, uci_row("C3", quantity=-5, at=LATER))
    assert [line.returned for line in OrderLine.objects.order_by("order_id")] == [2, 3]
    assert [(row.position, row.quantity) for row in AccountLine.objects.all()] == [(1, -3), (1, -2)]
    assert sorted(note.gross for note in CreditNote.objects.all()) == [Decimal("5.10"), Decimal("7.65")]
    assert report.kinds["credited goods"].taken_rows == 1
    assert report.kinds["credited goods"].difference == 0


def test_pieces_come_back_once(tmp_path):
    rows = [uci_row("1"), uci_row("C2", quantity=-4, at=LATER), uci_row("C3", quantity=-4, at=LATER)]
    credited(tmp_path, *rows, batch=1)
    assert OrderLine.objects.get().returned == 4
    effects = AccountLine.objects.order_by("entry__external_id").values_list("effect", flat=True)
    assert list(effects) == ["returned", ""]


@pytest.mark.parametrize("batch", [1, 300])
def test_credits_before_their_order_in_the_file_match_all_the_same(tmp_path, batch):
    credited(tmp_path, uci_row("C2", quantity=-6, at=LATER), uci_row("1"), batch=batch)
    assert OrderLine.objects.get().returned == 6


def test_adjustments_and_write_offs_are_kept_as_they_are(tmp_path):
    rows = [
        uci_row("A1", "B", 1, price="-11062.06", customer="", name="Adjust bad debt"),
        uci_row("2", quantity=-10, price="0", customer="", name="damaged"),
    ]
    report = credited(tmp_path, *rows)
    adjustment, write_off = AccountEntry.objects.order_by("kind")
    assert (adjustment.kind, adjustment.net, adjustment.customer) == ("adjustment", Decimal("-11062.06"), None)
    line = write_off.lines.get()
    assert (write_off.kind, line.code, line.name, line.quantity) == ("write_off", "85123A", "damaged", -10)
    assert not Order.objects.exists()
    assert (report.figures()["adjustments"], report.kinds["write-off"].taken_rows) == (-11062.06, 1)
