"""One corruption of purchasing for each check, past the services."""

import pytest

from inventory.models import BinStock, PurchaseOrder, ReceiptLine, StockEntry, SupplierReturnLine
from inventory.services.receive_delivery import receive
from inventory.services.return_to_supplier import return_to_supplier
from oms.lib import doctor
from oms.outbox.models import Event
from tests.inventory.buying import make_purchase, make_sent

pytestmark = [pytest.mark.django_db, pytest.mark.corrupt]


@pytest.fixture
def order():
    """Ten pieces ordered: six came good, two damaged, one went back."""
    order = make_sent(10)
    sku = order.lines.get().sku
    receive(sku, order.location, 6, damaged=2, order=order)
    dock = BinStock.objects.get(bin__code="DOCK")
    return_to_supplier(order.supplier, [(dock, 1)], reason="Cracked", order=order, actor="user:1")
    make_purchase(3)
    return PurchaseOrder.objects.get(pk=order.pk)


def found(number):
    findings = doctor.run(only=number, snapshot=False)
    return [violation.message for finding in findings for violation in finding.violations]


def test_sound_purchasing_passes(order):
    receive(order.lines.get().sku, order.location, 3, order=order)
    assert found(17) == []
    assert found(13) == []


def test_a_line_that_says_more_than_came(order):
    order.lines.update(received=9)
    assert found(17) == ["9 received, its receipts sum to 8"]


def test_a_receipt_that_the_ledger_has_not(order):
    row = ReceiptLine.objects.get()
    StockEntry.objects.filter(key=row.damaged_key).delete()
    assert found(17) == [f"+2 pieces, the ledger booked +0 as {row.damaged_key}"]


def test_pieces_sent_back_that_the_ledger_has_otherwise(order):
    row = SupplierReturnLine.objects.get()
    StockEntry.objects.filter(key=row.entry_key).update(delta=-4)
    assert found(17) == [f"-1 pieces, the ledger booked -4 as {row.entry_key}"]


def test_a_received_order_with_open_lines(order):
    PurchaseOrder.objects.filter(pk=order.pk).update(status="received")
    assert "is received with open lines" in found(13)
    assert "is received, its timeline says part_received" in found(13)


def test_a_step_that_cannot_follow(order):
    Event.objects.filter(subject=order.subject, name="purchase.approved").delete()
    assert found(13) == ["went from draft to sent"]
