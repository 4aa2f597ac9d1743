"""The customs declaration that goes on a parcel: CN22, or CN23 where it is heavy or worth much. A5.

Universal Postal Union, Convention Manual, article 20-001 and forms CN 22 and CN 23: description, quantity, weight,
value, tariff number and origin of each article; CN 22 up to 2 kg and 300 SDR.
"""

from decimal import Decimal
from math import ceil

from fulfilment.documents import address
from fulfilment.documents.contents import contents
from fulfilment.models import Parcel, ShippingRule
from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.lib.clock import today_at
from oms.papers.base import Pdf
from orders.models import OrderCharge
from orders.tax.regime import EU

STYLES = ("fulfilment/documents/customs_form.css",)
UNION = EU | {"MC"}
# Places with a country of the union in their address that are outside its customs or its tax territory, by the begin
# of their postcodes: what goes there is declared (directive 2006/112/EC, art. 6).
OUTSIDE = {
    "DE": ("27498", "78266"),  # Heligoland, Büsingen
    "ES": ("35", "38", "51", "52"),  # Canaries, Ceuta, Melilla
    "FI": ("22",),  # Åland
    "FR": ("971", "972", "973", "974", "976"),  # overseas departments
    "GR": ("63086", "630 86"),  # Mount Athos
    "IT": ("23041", "22061"),  # Livigno, Campione
}
# 300 SDR, rounded down; of other currencies a CN 23 is filled in, which is always right.
LIGHT_G, CHEAP = 2000, {"EUR": 330, "USD": 380, "GBP": 290, "CHF": 320}
# A page has room for so many lines of text; a row is as many as its name has, of so many letters, and its edges.
ROOM, LINE_LENGTH, EDGES = 21, 22, 0.4
BARCODE_MM = 62
NAME_LENGTH = 60


def render(object_id, *, reprint=0):
    """Return the Pdf of the declaration of parcel `object_id`."""
    parcel = Parcel.objects.select_related("order__channel__seller", "fulfilment_order__location").get(pk=object_id)
    content = pdf.render("fulfilment/documents/customs_form.html", page(parcel, reprint), styles=STYLES)
    return Pdf(f"Customs {parcel.order}-{parcel}", content)


def needs_form(fulfilment_order):
    """Whether what this work sends crosses a customs or tax border."""
    is_sent = fulfilment_order.method == "ship"
    return is_sent and crosses_border(fulfilment_order.location.address, fulfilment_order.order.ship_to)


def crosses_border(sender, to):
    """Whether customs or tax offices lie between two addresses; no where a country is not known."""
    return bool(sender.get("country") and to.get("country")) and _zone(sender) != _zone(to)


def gaps(fulfilment_order):
    """Return ["MUG: HS code, origin"] of what the declaration will lack, to be mended before the parcel ships."""
    if not needs_form(fulfilment_order):
        return []
    skus = {line.sku for line in fulfilment_order.lines.select_related("sku") if line.wanted}
    found = []
    for sku in sorted(skus, key=lambda sku: sku.code):
        facts = (("HS code", sku.hs_code), ("origin", sku.origin), ("weight", sku.weight_g))
        lacks = [name for name, fact in facts if not fact]
        found += [f"{sku}: {', '.join(lacks)}"] if lacks else []
    return found


def incoterm_of(order):
    """Return who pays duties at a border: DDP where the customer paid duty, else as the channel's rule says, or ""."""
    if order.charges.filter(kind=OrderCharge.Kind.DUTY, gross__gt=0).exists():
        return ShippingRule.Incoterm.DDP
    rule = ShippingRule.objects.filter(channel=order.channel_id).first()
    return rule.incoterm if rule else ""


def page(parcel, reprint=0):
    """Return the context: form, sender, recipient, pages of rows, totals, who pays duties."""
    order, location = parcel.order, parcel.fulfilment_order.location
    seller = order.channel.seller
    articles = contents(parcel)
    rows = [_row(article) for article in articles]
    value = sum((article.value for article in articles), Decimal(0))
    weight_g = parcel.weight_g or sum(article.weight_g for article in articles)
    is_small = weight_g <= LIGHT_G and value <= CHEAP.get(order.currency, 0)
    return {
        "parcel": parcel,
        "order": order,
        "form": "CN 22" if is_small else "CN 23",
        "sender": [seller.legal_name, *address.lines(location.address)],
        "sender_id": seller.vat_id,
        "recipient": address.lines(order.ship_to),
        "phone": order.phone or order.ship_to.get("phone", ""),
        "barcode": _barcode(parcel.tracking_number),
        "pages": cut(rows),
        "value": value,
        "incoterm": incoterm_of(order),
        "weight_kg": weight_g / 1000,
        "date": today_at(location),
        "reprint": reprint,
    }


def cut(rows):
    """Cut rows into pages by the height of each; pure."""
    pages, left = [[]], ROOM
    for row in rows:
        height = ceil(len(row["name"]) / LINE_LENGTH) + EDGES
        if height > left:
            pages.append([])
            left = ROOM
        pages[-1].append(row)
        left -= height
    return pages


def _zone(place):
    """Return what a place is one with for customs: the union, a country, or a part of one outside the union."""
    country, postcode = place["country"], str(place.get("postcode", "")).strip()
    outside = next((begin for begin in OUTSIDE.get(country, ()) if postcode.startswith(begin)), "")
    if outside:
        return f"{country}-{outside}"
    return "union" if country in UNION else country


def _barcode(number):
    """Return the tracking number as Code 128 in modules of 2 printer dots; "" where there is none or it is too wide."""
    if not (number and number.isascii() and number.isprintable() and len(number) <= 48):
        return ""
    symbol = code128(number)
    return symbol.svg(height_mm=10, dots=2) if symbol.width_mm(2) <= BARCODE_MM else ""


def short(name):
    """Return `name` as long as there is room for it."""
    return name if len(name) <= NAME_LENGTH else name[: NAME_LENGTH - 1] + "…"


def _row(article):
    return {
        "name": short(article.line.name),
        "quantity": article.quantity,
        "weight_kg": article.weight_g / 1000,
        "value": article.value,
        "hs_code": article.sku.hs_code,
        "origin": article.sku.origin,
    }
