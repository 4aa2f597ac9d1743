"""What the customer puts into the parcel: where it goes, what is in it, and the RMA as a barcode."""

from fulfilment.documents import address
from oms.lib import pdf
from oms.lib.barcodes import code128
from oms.papers.base import Pdf
from orders.customer.reader import reader_of
from returns.documents.words import WORDS
from returns.models import Return

STYLES = ("returns/documents/return_slip.css",)


def render(object_id, *, reprint=0):
    """Return the Pdf of the slip of return `object_id`, in the customer's language."""
    rma = Return.objects.select_related("order__channel__seller", "location").get(pk=object_id)
    reader = reader_of(rma.order)
    words = WORDS[reader.language]
    fee = reader.money(rma.fee, rma.order.currency)
    context = {
        "lang": reader.language,
        "words": words,
        "rma": rma,
        "barcode": code128(rma.number).svg(height_mm=18),
        "to": [rma.order.channel.brand_name, *address.lines(rma.location.address, home=rma.order.ship_country)],
        "until": reader.short_day(rma.expires_at) if rma.expires_at else "",
        "fee": words["fee"].format(fee=fee) if rma.fee else "",
        "rows": [_row(row, words) for row in rma.lines.select_related("line")],
        "reprint": reprint,
    }
    return Pdf(f"{words['title']} {rma}", pdf.render("returns/documents/return_slip.html", context, styles=STYLES))


def _row(row, words):
    reason = words["reasons"].get(row.reason, row.get_reason_display())
    return {"quantity": row.quantity, "code": row.line.sku_code, "name": row.line.name[:90], "reason": reason}
