"""Goods that go back to their supplier: out of the book, with a slip for the parcel."""

from inventory.models import Bin, ReceiptLine, SupplierReturn, SupplierReturnLine, SupplierSku
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.text import check_text
from oms.outbox.publish import publish
from oms.papers.services.request_document import request_document


@command
def return_to_supplier(supplier, pieces, *, reason, order=None, key=None, actor):
    """Send `pieces` ([(Sku, Bin, quantity)], all of one location) back; returns the SupplierReturn.

    They leave the book at once; promises on them are broken, the newest first. The slip is printed by a
    worker. A second call with `key` returns the first. Raises Invalid where fewer lie in a bin.
    """
    if key and (known := SupplierReturn.objects.filter(key=key).first()):
        return known
    reason = check_text(reason, max_length=200, field="reason")
    _check(pieces, reason, supplier, order)
    location = pieces[0][1].location
    for sku, bin, quantity in pieces:  # orders are locked before any level
        if bin.kind != Bin.Kind.QUARANTINE:
            stock.make_room(sku.pk, location.pk, quantity, actor=actor)
    row = SupplierReturn.objects.create(
        supplier=supplier, location=location, order=order, reason=reason, key=key, actor=actor
    )
    for sku, bin, quantity in sorted(pieces, key=lambda piece: (piece[0].pk, piece[1].pk)):
        line = _line(row, sku, bin, quantity)
        common = {"subject": row.subject, "key": line.entry_key, "actor": actor}
        stock.adjust(sku, location, -quantity, reason="to_supplier", bin=bin, **common)
    title, language = f"Return {row}", supplier.language
    request_document("supplier_return", row.subject, row.pk, title=title, language=language, actor=actor)
    publish("supplier.returned", row.subject, actor=actor, supplier=supplier.pk, supplier_return=row.pk)
    return row


def _check(pieces, reason, supplier, order):
    if not reason:
        raise Invalid("Say why they go back.", field="reason")
    if not pieces:
        raise Invalid("Say what goes back.", field="quantity")
    if len({bin.location_id for _, bin, _ in pieces}) > 1:
        raise Invalid("All pieces of one return leave from one location.", field="bin")
    if order and order.supplier_id != supplier.pk:
        raise Invalid(f"Purchase order {order} is not {supplier}'s.", field="order")
    for _, _, quantity in pieces:
        stock.check_quantity(quantity)


def _line(row, sku, bin, quantity):
    listed = SupplierSku.objects.filter(supplier=row.supplier, sku=sku).first()
    came = ReceiptLine.objects.filter(sku=sku, receipt__supplier=row.supplier).order_by("-pk").first()
    return SupplierReturnLine.objects.create(
        supplier_return=row,
        sku=sku,
        bin=bin,
        supplier_code=listed.code if listed else "",
        quantity=quantity,
        cost=came.cost if came else sku.unit_cost,
    )
