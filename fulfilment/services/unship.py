"""Taking a shipment back, while the parcels still stand in the building: compensating entries, no deletion."""

from fulfilment.models import FulfilmentLine, FulfilmentOrder, Parcel, ParcelLine
from fulfilment.services.claim import claim
from fulfilment.services.ship import identities
from fulfilment.services.watch_parcels import review
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from oms.outbox.models import Event
from orders.models import Order
from orders.services import invoicing, progress

Status = FulfilmentOrder.Status


@command
def unship(fulfilment_order_id, *, actor):
    """Take all parcels of a shipped fulfilment order back: packed again, stock back, their invoice credited.

    Raises InvalidTransition when a parcel was handed over or
    collected, or the order is closed. Work that is packed is left as it is, so a second call does nothing.
    """
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status == Status.PACKED:
        return row
    parcels = list(Parcel.objects.lock_of(row))
    _check(work, parcels)
    gone = [parcel for parcel in parcels if parcel.status == Parcel.Status.SHIPPED]
    left = [line for line in work.lines if line.shipped]
    progress.unship(work.order, [(line.allocation, line.shipped) for line in left])
    for line in left:
        line.shipped = 0
    FulfilmentLine.objects.bulk_update(left, ["shipped"])
    _take_back(work, gone, actor)
    row.move_to(
        Status.PACKED,
        order=work.order,
        actor=actor,
        event="order.unshipped",
        parcels=[parcel.pk for parcel in gone],
    )
    review(work.order, [parcel.pk for parcel in gone], actor=actor)
    invoicing.credit_unshipped(work.order, actor=actor)
    return row


def shippers(works):
    """Return {fulfilment order id: who shipped it last ("user:3")} of `works`."""
    subjects = {f"order:{row.order_id}" for row in works}
    events = Event.objects.filter(subject__in=subjects, name="order.shipped").order_by("pk")
    found = {event.data["fulfilment_order"]: event.actor for event in events}
    return {row.pk: found[row.pk] for row in works if row.pk in found}


def _check(work, parcels):
    if work.fulfilment_order.status != Status.SHIPPED or work.order.status != Order.Status.CONFIRMED:
        raise InvalidTransition(f"Only a shipment that has not left can be taken back; order {work.order} is not one.")
    handed = [parcel for parcel in parcels if parcel.status in (Parcel.Status.HANDED_OVER, Parcel.Status.DELIVERED)]
    if handed:
        raise InvalidTransition(f"Parcel {handed[0]} was handed over: it can only come back as a return.")


def _take_back(work, parcels, actor):
    rows = list(ParcelLine.objects.filter(parcel__in=parcels).select_related("parcel").order_by("pk"))
    stock.unship(
        [(row.sku_id, work.location, row.quantity) for row in rows],
        subject=work.order.subject,
        keys=[row.ledger_key("unship") for row in rows],
        identities=identities(rows),
        actor=actor,
    )
    for parcel in parcels:
        parcel.manifest = None  # off the one that is still open
        parcel.save(update_fields=["manifest"])
        parcel.shipped_at = None
        parcel.move_to(Parcel.Status.PACKED)
