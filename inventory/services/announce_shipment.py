"""A supplier announces a shipment (an ASN): the dock knows its delivery note, promises know its day."""

from inventory.models import NoticeLine, PurchaseOrder, ShipmentNotice
from inventory.services.confirm_purchase import confirm
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.text import check_text


@command
def announce(order_id, pieces, *, delivery_note, arrives_on, carrier="", tracking_number="", actor):
    """Note that `pieces` ({line id: pieces}) are on their way under `delivery_note`; returns the ShipmentNotice.

    Their lines are confirmed for `arrives_on`. The same delivery note again returns the first notice.
    Raises Invalid for foreign lines or more pieces than are open, InvalidTransition for an ended order.
    """
    order = PurchaseOrder.objects.lock(order_id)
    note = check_text(delivery_note, max_length=60, field="delivery_note")
    if not note:
        raise Invalid("Give the number of your delivery note.", field="delivery_note")
    if known := order.notices.filter(delivery_note=note).first():
        return known
    if not order.is_underway:
        raise InvalidTransition(f"Purchase order {order} is {order.get_status_display().lower()}: nothing is awaited.")
    lines = _checked(order, pieces)
    confirm(order.pk, {line.pk: arrives_on for line, _ in lines}, actor=actor)
    order = PurchaseOrder.objects.lock(order_id)
    notice = ShipmentNotice.objects.create(
        order=order,
        delivery_note=note,
        arrives_on=arrives_on,
        carrier=check_text(carrier, max_length=60, field="carrier"),
        tracking_number=check_text(tracking_number, max_length=60, field="tracking_number"),
        actor=actor,
    )
    NoticeLine.objects.bulk_create(NoticeLine(notice=notice, purchase_line=line, quantity=n) for line, n in lines)
    order.publish("purchase.announced", actor=actor, notice=notice.pk)
    return notice


def _checked(order, pieces):
    lines = {line.pk: line for line in order.lines.select_related("sku")}
    if not pieces:
        raise Invalid("Say which lines come.", field="pieces")
    for pk, n in pieces.items():
        if pk not in lines:
            raise Invalid(f"Purchase order {order} has no line {pk}.", field="pieces")
        if not 0 < n <= lines[pk].open:
            raise Invalid(f"Between 1 and {lines[pk].open} pieces of {lines[pk].sku} are awaited.", field="pieces")
    return [(lines[pk], n) for pk, n in sorted(pieces.items())]
