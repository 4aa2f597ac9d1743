"""A partner who runs a location says that pieces the book has there are not there, or not fit to be sent."""

from fulfilment.models import FulfilmentOrder
from fulfilment.services.reject import reject
from inventory.models import Sku
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Order

REASONS = {"missing": ("lost", "not there"), "damaged": ("damaged", "damaged")}
Status = FulfilmentOrder.Status


@command
def short_reported(fulfilment_order_id, lines, *, reason, actor):
    """Take `lines` ({fulfilment line id: pieces}) off the work, source them elsewhere, and correct the book by them.

    `reason` is one of REASONS. The book of a SKU kept by lot or serial is left to a stock snapshot, which says
    which. Raises Invalid for more pieces than are wanted, InvalidTransition when the work is not on the floor.
    """
    if reason not in REASONS:
        raise Invalid(f"Choose one of {', '.join(REASONS)}.", field="reason")
    booked, words = REASONS[reason]
    order_id = FulfilmentOrder.objects.values_list("order", flat=True).get(pk=fulfilment_order_id)
    order = Order.objects.lock(order_id)
    row = FulfilmentOrder.objects.lock(fulfilment_order_id)
    if row.status not in FulfilmentOrder.ASSIGNED:  # rejecting what was rejected does nothing: nor must the book
        raise InvalidTransition(f"{row} is {row.state}: nothing of it can be short.")
    reject(fulfilment_order_id, lines=lines, reason=f"Pieces {words}", actor=actor)
    for line in row.lines.filter(pk__in=lines).select_related("sku").order_by("sku"):
        data = {"fulfilment_order": row.pk, "sku": line.sku_id, "pieces": lines[line.pk], "reason": reason}
        order.refresh_from_db(fields=["event_counter"])
        order.publish("order.short_picked", actor=actor, **data)
        if row.location.tracks_stock and line.sku.tracking == Sku.Tracking.NONE:
            stock.adjust(line.sku, row.location, -lines[line.pk], reason=booked, subject=order.subject, actor=actor)
