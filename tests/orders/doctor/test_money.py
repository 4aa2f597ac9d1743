"""Each check of money sees the one corruption that is seeded for it, and a sound order offends none."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models.query import QuerySet

from oms.lib import doctor
from oms.papers.models import Document
from orders.models import (
    CreditNoteLine,
    Invoice,
    InvoiceLine,
    NumberSeries,
    Order,
    Payment,
    PaymentEntry,
    Refund,
    RefundLine,
)
from orders.services import invoicing, refund
from orders.services.intake import LineIn
from orders.services.invoicing import CreditLineIn
from orders.services.refund import RefundLineIn
from tests.deliver import deliver
from tests.orders.money import make_kit, make_order_of, make_paid, make_test_channel, ship
from tests.replay import replayed

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


def violations(number):
    return [violation for finding in doctor.run(only=number, snapshot=False) for violation in finding.violations]


def behind_its_back(rows, **changes):
    """Change rows that never change, as a person with a database shell would."""
    QuerySet.update(rows, **changes)


@pytest.fixture
@replayed
def refunded():
    """An order paid 19.00, of which 4.00 went back and 1.00 is on its way."""
    order, _ = make_paid((2, "9.50"))
    for amount in (4, 1):
        lines = [RefundLineIn("goodwill", Decimal(amount))]
        refund.request(order.pk, lines=lines, reason="late", actor="user:1")
        if amount == 4:
            deliver()
    assert violations(11) == []
    return order


@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda: Payment.objects.update(captured=18), "captured 18.0000, its entries"),
        (lambda: Payment.objects.update(refunded=4), "refunded 4.0000, its entries add up to 5.0000"),
        (lambda: PaymentEntry.objects.filter(kind="auth").update(amount=18), "19.0000 captured or voided of 18.0000"),
        (lambda: PaymentEntry.objects.filter(status="pending").update(amount=16), "20.0000 refunded of 19.0000"),
        (lambda: RefundLine.objects.filter(amount=4).update(amount=3), "4.0000 done: lines 3.0000"),
        (lambda: Refund.objects.filter(amount=1).update(status="done"), "1.0000 done: lines 1.0000, sent 0"),
    ],
)
def test_corrupt_payments_are_named(refunded, corrupt, said):
    corrupt()
    assert any(said in violation.message for violation in violations(11)), violations(11)
    assert all(refunded.number in violation.row for violation in violations(11))


@pytest.fixture
@replayed
def billed():
    """Three invoices in a row with their PDFs, and a credit note of 2.00 on the first."""
    channel = make_test_channel()
    invoices = [ship(make_order_of((2, "10.00"), channel=channel)) for _ in range(3)]
    with transaction.atomic():
        order = Order.objects.lock(invoices[0].order_id)
        invoicing.credit(order, lines=[CreditLineIn(gross=Decimal(2))], reason="late")
    deliver("oms.papers.tasks.make_document")
    assert violations(12) == []
    return invoices


def delete(bill):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_invoiceline WHERE invoice_id = %s", [bill.pk])
        cursor.execute("DELETE FROM orders_invoice WHERE id = %s", [bill.pk])


def backdate(bill):
    behind_its_back(Invoice.objects.filter(pk=bill.pk), issued_at=bill.issued_at - timedelta(days=1))


def spoil(bill):
    document = Document.objects.get(kind="invoice", object_id=bill.pk)
    with document.file.storage.open(document.file.name, "wb") as file:
        file.write(b"%PDF-1.7 altered")


def lose(bill):
    document = Document.objects.get(kind="invoice", object_id=bill.pk)
    document.file.storage.delete(document.file.name)


@pytest.mark.parametrize(
    ("corrupt", "said"),
    [
        (lambda bills: delete(bills[1]), "000002 is missing"),
        (lambda bills: delete(bills[2]), "next is 4, the last is"),
        (lambda bills: NumberSeries.objects.filter(kind="invoice").update(next_number=5), "next is 5"),
        (lambda bills: backdate(bills[2]), "before"),
        (lambda bills: spoil(bills[1]), ""),
        (lambda bills: lose(bills[1]), "its file is gone"),
        (lambda bills: behind_its_back(Invoice.objects.all(), sha256="0" * 64), ""),
        (lambda bills: Document.objects.filter(kind="invoice").delete(), "its document is gone"),
        (lambda bills: behind_its_back(CreditNoteLine.objects.all(), net=21, gross=21), "21.0000 of 20.0000 credited"),
        (lambda bills: behind_its_back(CreditNoteLine.objects.all(), quantity=3), "3 of 2 pieces"),
        (lambda bills: behind_its_back(InvoiceLine.objects.all(), net=19, gross=19), "its lines add up to 19.0000"),
    ],
)
def test_corrupt_bills_are_named(billed, corrupt, said):
    corrupt(billed)
    found = violations(12)
    assert any(said in violation.message for violation in found), found


def test_a_series_that_lost_its_first_invoice_is_named(billed):
    with transaction.atomic():
        order = Order.objects.lock(billed[0].order_id)
        QuerySet(CreditNoteLine).delete()
        delete(billed[0])
        order.refresh_from_db()
    assert any("000001 is missing" in violation.message for violation in violations(12))


def test_a_part_that_left_without_its_kit_and_was_not_invoiced_is_named():
    kit, cup, saucer = make_kit((1, 1, 1), (1, 0, 1))
    order = make_order_of(LineIn(kit.code, 1, Decimal("10.00")))
    ship(order)
    assert violations(12) == []
    order.lines.filter(sku=saucer).update(cancelled=1)
    [violation] = violations(12)
    assert (violation.message, cup.code in violation.row) == ("1 left without a kit, 0 invoiced", True)
