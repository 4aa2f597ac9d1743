"""The channel of an order is told which parcels left, each with what is in it."""

from collections import Counter

from fulfilment.models import Parcel
from orders.services.tell_order import take_back_shipment, tell_shipment


def tell_shipped(parcel_ids, *, is_last):
    """Have the channel told of parcels that left, as far as they are still gone; `is_last`: nothing follows."""
    parcels = Parcel.objects.gone().filter(pk__in=parcel_ids).select_related("carrier").order_by("pk")
    parcels = list(parcels.prefetch_related("lines__fulfilment_line__order_line"))
    for parcel in parcels:
        pieces, kits = Counter(), set()
        for row in parcel.lines.all():
            line = row.fulfilment_line.order_line
            if line.is_part:
                kits.add(line.parent_id)
            else:
                pieces[line.pk] += row.quantity
        tell_shipment(
            parcel.order_id,
            key=_key(parcel),
            parcel=str(parcel),
            pieces=pieces,
            kits=kits,
            number=parcel.tracking_number,
            carrier=parcel.carrier.name if parcel.carrier else "",
            url=parcel.tracking_url,
            is_last=is_last and parcel == parcels[-1],
        )


def tell_unshipped(parcel_ids):
    """Have the channel told that parcels have not left after all."""
    for parcel in Parcel.objects.filter(pk__in=parcel_ids).order_by("pk"):
        take_back_shipment(parcel.order_id, _key(parcel))


def _key(parcel):
    """Return the name of this leaving of a parcel."""
    return f"parcel:{parcel.pk}:{parcel.shipments}"
