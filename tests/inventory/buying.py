"""Makers of suppliers and purchase orders for tests, through the real services."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from inventory.models import PurchaseOrder, Supplier, SupplierPrice, SupplierSku
from inventory.services import approve_purchase, draft_purchase, send_purchase
from tests.make import make_location, make_sku, numbers
from tests.replay import replayed


@replayed
def make_supplier(code=None, **fields):
    """A supplier in Germany with an e-mail, that takes 10 days, at most 14."""
    code = code or f"SUP{next(numbers)}"
    defaults = {
        "name": code.title(),
        "email": f"orders@{code.lower()}.example",
        "address": {"line1": "Hafenstr. 2", "postcode": "20457", "city": "Hamburg", "country": "DE"},
        "lead_days": 10,
        "lead_days_late": 14,
    }
    return Supplier.objects.create(code=code, **defaults | fields)


@replayed
def lists(supplier, sku=None, *, prices=((1, "4.00"),), **fields):
    """A SKU on the supplier's list, with price steps ((from, cost), …); returns the SupplierSku."""
    sku = sku or make_sku()
    row = SupplierSku.objects.create(supplier=supplier, sku=sku, **{"code": f"S-{sku.code}"} | fields)
    for step, cost in prices:
        SupplierPrice.objects.create(supplier_sku=row, min_quantity=step, cost=Decimal(cost))
    return row


@replayed
def make_purchase(*quantities, supplier=None, location=None, actor="user:1", **fields):
    """A draft of so many pieces of a new SKU each (one line of 10 if none given)."""
    supplier = supplier or make_supplier()
    pieces = {lists(supplier).sku: quantity for quantity in quantities or (10,)}
    return draft_purchase.draft(supplier, location or make_location(), pieces, actor=actor, **fields)


def set_line(order, sku, quantity, *, cost=None, actor="user:1"):
    """Order so many pieces of `sku` beside what is on the draft already; 0 takes it out. Returns the line, or None."""
    rows = [(line.sku, line.quantity, line.cost) for line in order.lines.exclude(sku=sku).select_related("sku")]
    draft_purchase.rewrite(order.pk, [*rows, (sku, quantity, cost)] if quantity else rows, actor=actor)
    return order.lines.filter(sku=sku).first()


@replayed
def make_sent(*quantities, days_ago=0, **fields):
    """A purchase order that the supplier has, sent so many days ago."""
    order = make_purchase(*quantities, **fields)
    approve_purchase.approve(order.pk, actor="user:2")
    order = send_purchase.send(order.pk, actor="user:2")
    if days_ago:
        moment = timezone.now() - timedelta(days=days_ago)
        PurchaseOrder.objects.filter(pk=order.pk).update(sent_at=moment)
    return PurchaseOrder.objects.select_related("supplier", "location").get(pk=order.pk)
