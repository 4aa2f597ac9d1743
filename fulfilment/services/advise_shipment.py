"""The 856, or DESADV, that tells a trading partner what is on its way: parcel by parcel, with its SSCC."""

from collections import Counter
from zoneinfo import ZoneInfo

from fulfilment.documents.contents import contents
from fulfilment.documents.shipping_label import sscc
from fulfilment.models import FulfilmentOrder, Parcel
from orders.channels.base import Address
from orders.channels.edi.shipments import Item, Pack, Shipment, desadv, x856
from orders.models import EdiDocument
from orders.services.answer_purchase import line_of
from orders.services.send_edi import partner_of, purchase_for, send

Kind = EdiDocument.Kind
ADDRESS = ("name", "company", "city", "region", "postcode", "country")


def advise(fulfilment_order_id):
    """Have a shipment of an order that came by EDI announced, once; returns the EdiDocument, or None for others."""
    work = FulfilmentOrder.objects.select_related("location", "order__channel__seller").get(pk=fulfilment_order_id)
    partner = partner_of(work.order_id)
    purchase = purchase_for(work.order_id) if partner else None
    parcels = list(work.parcels.gone().select_related("carrier").order_by("pk")) if purchase else []
    if not parcels:
        return None
    shipment = _shipment(work, parcels, purchase)
    kind, make = (Kind.SHIPMENT, x856) if partner.is_x12 else (Kind.DESADV, desadv)
    segments = make(purchase, shipment, vendor=partner.vendor_number)
    return send(partner, kind, f"{kind}:{work.pk}:{parcels[0].shipments}", segments, order=work.order)


def _shipment(work, parcels, purchase):
    carrier, promised, zone = parcels[0].carrier, work.order.promised_current, ZoneInfo(work.location.tz)
    again = parcels[0].shipments  # taken back and shipped anew, it is another shipment
    address = {name: work.location.address.get(name, "") for name in ADDRESS}
    return Shipment(
        number=f"{work.order.number}-{work.pk}" + (f"-{again}" if again > 1 else ""),
        left_at=parcels[0].shipped_at.astimezone(zone),
        packs=_packs(work, purchase),
        carrier=carrier.name if carrier else "",
        carrier_code=carrier.code if carrier else "",
        due_on=promised.astimezone(zone).date() if promised else None,
        sender=Address(**address),
        seller=work.order.channel.seller.legal_name,
    )


def _packs(work, purchase):
    """Return the [Pack] of `work`, counting with what of its order had left before."""
    gone, packs = Counter(), []
    for parcel in work.order.parcels.gone().order_by("shipped_at", "pk"):
        pack = _pack(parcel, purchase, gone)
        packs += [pack] if parcel.fulfilment_order_id == work.pk else []
    return packs


def _pack(parcel: Parcel, purchase, gone):
    articles = sorted(contents(parcel), key=lambda one: (one.line.parent or one.line).position)
    found = [(one.line, _pieces(one, gone)) for one in articles]
    items = [Item(line_of(purchase, line), pieces) for line, pieces in found if pieces]
    return Pack(sscc(parcel.pk), parcel.tracking_number, parcel.weight_g or 0, items)


def _pieces(article, gone):
    """Return how many of the buyer's pieces an Article is: a kit is where its first part becomes whole.

    Adds it to `gone` ({order line id: pieces that left}).
    """
    line, before = article.line, gone[article.line.pk]
    gone[line.pk] += article.quantity
    if not line.is_part:
        return article.quantity
    first = min(line.parent.parts.all(), key=lambda part: part.position)
    return gone[line.pk] // line.per_kit - before // line.per_kit if line.pk == first.pk else 0
