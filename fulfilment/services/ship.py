"""Shipping: stock leaves, the invoice is written, the customer can be told. One transaction."""

from collections import Counter
from zoneinfo import ZoneInfo

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel, ParcelLine
from fulfilment.services import identity
from fulfilment.services.abandon_label import abandon_label
from fulfilment.services.advance import advance
from fulfilment.services.claim import claim
from fulfilment.services.label import check_number, choose, print_label
from fulfilment.services.pack import check_not_aside
from fulfilment.services.split import split_off
from inventory.models import Sku
from inventory.services import stock
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.text import check_text
from orders.models import SearchKey
from orders.services import capture, invoicing, progress, search

Status = FulfilmentOrder.Status


@command
def ship(fulfilment_order_id, *, parcels=None, carrier="", service="", tracking=None, actor):
    """Ship the packed `parcels` (ids; all that are packed) of a fulfilment order; return them.

    `tracking` is {parcel id: tracking number}; `carrier` a Carrier's code for those that have none yet.
    When something is left it moves to a fulfilment order of its own. A second call returns what left.
    Raises InvalidTransition when the order is collected, held, being cancelled or not packed, Invalid on the rest.
    """
    work = claim(fulfilment_order_id)
    if work.fulfilment_order.status in (Status.SHIPPED, Status.CLOSED):
        return list(work.fulfilment_order.parcels.gone())
    work.fulfilment_order.check_is_sent()
    work.check_may_move()
    check_not_aside(work)
    if work.fulfilment_order.status not in (Status.PICKING, Status.PACKED):
        raise InvalidTransition(f"Order {work.order} is {work.fulfilment_order.state}: pack it first.")
    chosen = _choose(work, parcels)
    _address(work, chosen, carrier, service, tracking or {}, actor=actor)
    return send(work, chosen, actor=actor)


def send(work, parcels, *, actor):
    """Book `parcels` of claimed work out, publish `order.shipped`, invoice what left; return them."""
    rows = list(ParcelLine.objects.filter(parcel__in=parcels).order_by("pk"))
    pieces = Counter()
    for row in rows:
        pieces[row.fulfilment_line_id] += row.quantity
    split_off(work, pieces, parcels, actor=actor)
    if work.fulfilment_order.status == Status.PICKING:
        work.fulfilment_order.move_to(Status.PACKED, order=work.order, actor=actor)
    for line in work.lines:
        line.shipped = pieces[line.pk]
    advance(work, actor=actor)
    left = [line for line in work.lines if line.shipped]
    progress.ship(work.order, [(line.allocation, line.shipped) for line in left])
    _leave(work, parcels, rows, actor)
    is_final = not any(line.open_quantity for line in work.order.lines.leaves())
    work.fulfilment_order.move_to(
        Status.SHIPPED,
        order=work.order,
        actor=actor,
        event="order.shipped",
        parcels=[parcel.pk for parcel in parcels],
        final=is_final,
    )
    invoicing.invoice_shipped(work.order, supply_on=_today_of(work.order.channel.seller), actor=actor)
    capture.due_at_shipping(work.order, actor=actor)
    return parcels


def identities(rows):
    """Return what the ledger is told of each ParcelLine: nothing of SKUs whose pieces are not told apart."""
    tracked = set(Sku.objects.filter(pk__in=[row.sku_id for row in rows]).tracked().values_list("pk", flat=True))
    return [identity.of_line(row) if row.sku_id in tracked else {} for row in rows]


def _today_of(seller):
    return timezone.now().astimezone(ZoneInfo(seller.tz)).date()


def _choose(work, ids):
    """Return the closed parcels to ship; raises Invalid when one is open or none is there."""
    parcels = Parcel.objects.lock_of(work.fulfilment_order)
    if ids is not None:
        parcels = [parcel for parcel in parcels if parcel.pk in set(ids)]
        if len(parcels) < len(set(ids)):
            raise Invalid("Choose parcels of this fulfilment order.", field="parcels")
    elif any(parcel.status == Parcel.Status.PACKING for parcel in parcels):
        raise Invalid("One parcel is open: close it first.", field="parcels")
    chosen = [parcel for parcel in parcels if parcel.status == Parcel.Status.PACKED]
    waiting = next((parcel for parcel in chosen if parcel.awaits_label and not parcel.tracking_number), None)
    if waiting:
        raise InvalidTransition(f"The label of parcel {waiting} is not here yet: try again in a minute, or void it.")
    if not chosen or (ids is not None and len(chosen) < len(parcels)):
        raise Invalid("Nothing is packed yet: close the parcel first.", field="parcels")
    return chosen


def _address(work, parcels, code, service, tracking, *, actor):
    carrier = choose(code)
    for parcel in parcels:
        parcel.carrier = parcel.carrier or carrier
        parcel.service = parcel.service or check_text(service, max_length=40, field="service")
        number = check_text(tracking.get(parcel.pk, ""), max_length=60, field="tracking")
        is_new = bool(number) and number != parcel.tracking_number
        if is_new:
            check_number(parcel, number)
            abandon_label(work.order, parcel, actor=actor)
        parcel.tracking_number = number or parcel.tracking_number
        parcel.save(update_fields=["carrier", "service", "tracking_number"])
        if is_new:
            print_label(work.order, parcel, actor=actor)


def _leave(work, parcels, rows, actor):
    """Move the parcels on, make them findable, and take their pieces out of stock, one entry a line."""
    by_pk = {parcel.pk: parcel for parcel in parcels}
    for parcel in parcels:
        parcel.move_to(Parcel.Status.SHIPPED)
        search.add_key(work.order.pk, SearchKey.Kind.PARCEL, str(parcel))
        if parcel.tracking_number:
            search.add_key(work.order.pk, SearchKey.Kind.TRACKING, parcel.tracking_number)
    for row in rows:
        row.parcel = by_pk[row.parcel_id]
    stock.ship(
        [(row.sku_id, work.location, row.quantity) for row in rows],
        subject=work.order.subject,
        keys=[row.ledger_key("ship") for row in rows],
        identities=identities(rows),
        actor=actor,
    )
