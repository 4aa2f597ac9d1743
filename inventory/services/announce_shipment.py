"""A supplier announces a shipment (an ASN): the dock knows its delivery note, promises know its day."""

from django.db.models import Max, Sum
from django.utils import timezone

from inventory.models import NoticeLine, PurchaseOrder, ShipmentNotice
from inventory.services.confirm_purchase import FARTHEST, confirm
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.text import check_text


@command
def announce(order_id, pieces, *, delivery_note, arrives_on, carrier="", tracking_number="", actor):
    """Note that `pieces` ({line id: pieces}) are on their way under `delivery_note`; returns the ShipmentNotice.

    Lines of which nothing else is awaited are confirmed for the day it is all there; of others the rest comes on the
    day that was known, or it is later. The same delivery note again returns the first notice.
    Raises Invalid for foreign lines, more pieces than are open or an impossible day, InvalidTransition for an ended
    order.
    """
    order = PurchaseOrder.objects.lock(order_id)
    note = check_text(delivery_note, max_length=60, field="delivery_note")
    if not note:
        raise Invalid("Give the number of your delivery note.", field="delivery_note")
    if known := order.notices.filter(delivery_note=note).first():
        return known
    if not order.is_underway:
        raise InvalidTransition(f"Purchase order {order} is {order.get_status_display().lower()}: nothing is awaited.")
    if not (today := timezone.localdate()) <= arrives_on <= today + FARTHEST:
        raise Invalid(f"Name a day from {today} to {today + FARTHEST}.", field="arrives_on")
    lines = _checked(order, pieces)
    confirm(order.pk, _days(lines, arrives_on), actor=actor)
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


def _days(lines, arrives_on):
    """Return {line id: day} of those `lines` ([(line, announced pieces)]) whose day is another one now."""
    known = NoticeLine.objects.filter(purchase_line__in=[line.pk for line, _ in lines])
    earlier = known.values_list("purchase_line").annotate(n=Sum("quantity"), day=Max("notice__arrives_on")).order_by()
    earlier = {pk: (pieces, day) for pk, pieces, day in earlier}
    days = {}
    for line, pieces in lines:
        before, last = earlier.get(line.pk, (0, arrives_on))
        if pieces == line.open or before + pieces >= line.quantity:
            days[line.pk] = max(arrives_on, last)
        elif line.due_on and timezone.localdate() <= line.due_on < arrives_on:
            days[line.pk] = arrives_on
    return days


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
