"""A parcel as carriers are told of it."""

from fulfilment.carriers.base import Shipment


def shipment_of(parcel, *, tracking_number=""):
    """Return the Shipment of a Parcel; `tracking_number` is one that a person typed."""
    return Shipment(
        reference=str(parcel.pk),
        sender=parcel.fulfilment_order.location.address,
        recipient=parcel.order.ship_to,
        service=parcel.service,
        weight_g=parcel.weight_g,
        size_mm=(parcel.length_mm, parcel.width_mm, parcel.height_mm),
        tracking_number=tracking_number,
    )
