"""Goods that go back to their supplier: out of the book, with a slip for the parcel."""

from inventory.models import Bin, ReceiptLine, Sku, SupplierReturn, SupplierReturnLine, SupplierSku
from inventory.services import stock
from inventory.services.in_hand import in_hand
from oms.lib.commands import command
from oms.lib.errors import Invalid
from oms.lib.text import check_text
from oms.outbox.publish import publish
from oms.papers.services.request_document import request_document


@command
def return_to_supplier(supplier, pieces, *, reason, order=None, serials=None, key=None, actor):
    """Send `pieces` ([(BinStock, quantity)], all of one location) back; returns the SupplierReturn.

    `serials` names {BinStock's pk: [numbers]} of SKUs that have such, unless all of a bin go.

    They leave the book at once; promises on them are broken, the newest first, but none for what is out
    of sale already. The slip is printed by a worker. A second call with `key` returns the first. Raises
    Invalid where fewer lie in a bin.
    """
    if key and (known := SupplierReturn.objects.filter(key=key).first()):
        return known
    reason = check_text(reason, max_length=200, field="reason")
    _check(pieces, reason, supplier, order)
    location, which = pieces[0][0].bin.location, _which(pieces, serials or {})
    for held, quantity in pieces:  # orders are locked before any level
        if held.bin.kind != Bin.Kind.QUARANTINE:
            good = held.quantity - held.withheld
            stock.make_room(held.sku_id, location.pk, min(quantity, good), actor=actor)
    row = SupplierReturn.objects.create(
        supplier=supplier, location=location, order=order, reason=reason, key=key, actor=actor
    )
    for held, quantity in sorted(pieces, key=lambda piece: (piece[0].sku_id, piece[0].bin_id, piece[0].pk)):
        line = _line(row, held, quantity)
        common = {"subject": row.subject, "key": line.entry_key, "actor": actor}
        stock.adjust(held.sku, location, -quantity, reason="to_supplier", bin=held.bin, **which[held.pk], **common)
    title, language = f"Return {row}", supplier.language
    request_document("supplier_return", row.subject, row.pk, title=title, language=language, actor=actor)
    publish("supplier.returned", row.subject, actor=actor, supplier=supplier.pk, supplier_return=row.pk)
    return row


def _check(pieces, reason, supplier, order):
    if not reason:
        raise Invalid("Say why they go back.", field="reason")
    if not pieces:
        raise Invalid("Say what goes back.", field="quantity")
    if len({held.bin.location_id for held, _ in pieces}) > 1:
        raise Invalid("All pieces of one return leave from one location.", field="bin")
    if order and order.supplier_id != supplier.pk:
        raise Invalid(f"Purchase order {order} is not {supplier}'s.", field="order")
    for held, quantity in pieces:
        stock.check_quantity(quantity)
        if quantity > held.quantity:
            raise Invalid(f"Bin {held.bin} holds only {held.quantity} of {held.sku}.", field="quantity")


def _which(pieces, serials):
    """Return {BinStock's pk: what `stock` is told of which pieces go}; raises Invalid where that is in doubt."""
    numbered = Sku.Tracking.SERIAL
    return {
        held.pk: in_hand(held.sku, held.bin, quantity, serials=serials.get(held.pk, ()))
        if held.sku.tracking == numbered
        else {"lot": held.lot}
        for held, quantity in pieces
    }


def _line(row, held, quantity):
    sku = held.sku
    listed = SupplierSku.objects.filter(supplier=row.supplier, sku=sku).first()
    came = ReceiptLine.objects.filter(sku=sku, receipt__supplier=row.supplier).order_by("-pk").first()
    return SupplierReturnLine.objects.create(
        supplier_return=row,
        sku=sku,
        bin=held.bin,
        lot=held.lot,
        supplier_code=listed.code if listed else "",
        quantity=quantity,
        cost=came.cost if came else sku.unit_cost,
    )
