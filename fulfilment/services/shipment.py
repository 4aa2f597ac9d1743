"""A parcel as carriers are told of it."""

from fulfilment.carriers.base import Customs, CustomsItem, Shipment
from fulfilment.documents.contents import contents
from fulfilment.documents.customs_form import crosses_border, incoterm_of, short


def shipment_of(parcel, *, tracking_number=""):
    """Return the Shipment of a Parcel; `tracking_number` is one that a person typed."""
    sender, recipient = parcel.fulfilment_order.location.address, _recipient(parcel.order)
    return Shipment(
        reference=str(parcel.pk),
        sender=sender,
        recipient=recipient,
        service=parcel.service,
        weight_g=parcel.weight_g,
        size_mm=(parcel.length_mm, parcel.width_mm, parcel.height_mm),
        tracking_number=tracking_number,
        customs=_customs(parcel) if crosses_border(sender, recipient) else None,
        insured=parcel.insured,
        currency=parcel.order.currency,
    )


def _recipient(order):
    """Return where it goes, with the order's phone where the address has none; carriers refuse what is no number."""
    return ({"phone": order.phone} if order.phone.startswith("+") else {}) | order.ship_to


def _customs(parcel):
    """Return what the form CN 22 or CN 23 of a Parcel says of its goods."""
    items = [
        CustomsItem(
            code=row.sku.code,
            description=short(row.line.name),
            quantity=row.quantity,
            value=row.value,
            weight_g=row.weight_g,
            hs_code=row.sku.hs_code,
            origin=row.sku.origin,
        )
        for row in contents(parcel)
    ]
    order = parcel.order
    signer = order.channel.seller.legal_name
    return Customs(tuple(items), order.currency, signer=signer, incoterm=incoterm_of(order))
