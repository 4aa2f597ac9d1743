"""The slip in a parcel: what is in it, what follows, never a price; in the customer's language."""

from base64 import b64encode
from collections import Counter, defaultdict

from django.utils import timezone

from fulfilment.documents import address
from fulfilment.documents.words import WORDS
from fulfilment.models import Parcel, ParcelLine
from oms.lib import pdf
from oms.lib.barcodes import code128, qr
from oms.lib.plugins import named
from oms.panels import SLIP_NOTES
from oms.papers.base import Pdf
from orders.customer.brand import logo_type
from orders.customer.links import customer_link
from orders.customer.reader import reader_of

STYLES = ("fulfilment/documents/packing_slip.css",)
# How many rows, 9 mm high, fit below the head of the first page, and on the others.
FIRST_PAGE, NEXT_PAGE = 11, 24
NAME_LENGTH = 90


def render(object_id, *, reprint=0):
    """Return the Pdf of the slip of parcel `object_id`."""
    parcel = Parcel.objects.select_related("order__channel__seller", "fulfilment_order__location").get(pk=object_id)
    content = pdf.render("fulfilment/documents/packing_slip.html", page(parcel, reprint), styles=STYLES)
    return Pdf(f"Packing slip {parcel.order}-{parcel}", content)


def page(parcel, reprint=0):
    """Return the context: words, sender and recipient, pages of rows, all as text."""
    order, location = parcel.order, parcel.fulfilment_order.location
    reader = reader_of(order)
    words = WORDS[reader.language]
    rows, moment = _rows(parcel), parcel.shipped_at or timezone.now()
    notes = [named(name)(order, reader, moment) for name in SLIP_NOTES]
    seller = order.channel.seller
    return {
        "lang": reader.language,
        "words": words,
        "order": order,
        "parcel": parcel,
        "place": parcel.place,
        "date": reader.short_day(moment),
        "logo": _logo(order.channel),
        "sender": [seller.legal_name, *address.lines(seller.address, home=seller.country)],
        "recipient": address.lines(order.ship_to, home=location.address.get("country", ""), locale=str(reader.locale)),
        "barcode": code128(order.number).svg(height_mm=12),
        "link": qr(customer_link(order)).svg(dots=3),
        "notes": [note for note in notes if note],
        "pages": cut(rows),
        "follows": _follows(order, rows, reader, words),
        "reprint": reprint,
    }


def cut(rows):
    """Cut rows into pages; pure. There is always a first page."""
    rest = range(FIRST_PAGE, len(rows), NEXT_PAGE)
    return [rows[:FIRST_PAGE], *(rows[start : start + NEXT_PAGE] for start in rest)]


def _rows(parcel):
    """Return a row per line in the parcel, a kit's own row in bold before those of its parts."""
    here, packed, identified = Counter(), Counter(), defaultdict(list)
    inside = ParcelLine.objects.filter(parcel=parcel).select_related("fulfilment_line", "lot")
    for row in inside.prefetch_related("serials__serial"):
        here[row.fulfilment_line.order_line_id] += row.quantity
        identified[row.fulfilment_line.order_line_id] += [row.lot.code] if row.lot else []
        identified[row.fulfilment_line.order_line_id] += [str(one.serial) for one in row.serials.all()]
    others = ParcelLine.objects.filter(parcel__order=parcel.order_id).exclude(parcel__status=Parcel.Status.CANCELLED)
    for line_id, quantity in others.values_list("fulfilment_line__order_line_id", "quantity"):
        packed[line_id] += quantity
    rows, kits = [], set()
    for line in parcel.order.lines.select_related("parent"):
        if not here[line.pk]:
            continue
        if line.parent_id and line.parent_id not in kits:
            kits.add(line.parent_id)
            rows.append(_row(line.parent, "", "", is_kit=True))
        to_follow = line.quantity - line.cancelled - packed[line.pk]
        row = _row(line, here[line.pk], max(to_follow, 0))
        rows.append(row | {"identified": ", ".join(identified[line.pk])})
    return rows


def _row(line, here, to_follow, *, is_kit=False):
    name = line.name if len(line.name) <= NAME_LENGTH else line.name[: NAME_LENGTH - 1] + "…"
    return {
        "here": here,
        "ordered": line.quantity - line.cancelled,
        "to_follow": to_follow,
        "code": line.sku_code,
        "name": name,
        "personalisation": line.personalisation[:NAME_LENGTH],
        "is_kit": is_kit,
        "is_part": line.is_part,
    }


def _follows(order, rows, reader, words):
    if not any(row["to_follow"] for row in rows):
        return ""
    if order.promised_current is None or order.promised_current < timezone.now():
        return words["follows_later"]
    return words["follows"].format(date=reader.short_day(order.promised_current))


def _logo(channel):
    """Return the channel's logo as a data: address, which is all that a document may load; "" without one."""
    media_type = logo_type(channel)
    if not media_type:
        return ""
    try:
        with channel.brand_logo.open("rb") as file:
            return f"data:{media_type};base64,{b64encode(file.read()).decode()}"
    except FileNotFoundError:
        return ""
