"""Where a lot or a serial came from, and where it went: forward for a recall, backward to the supplier."""

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from inventory.models import Lot, Serial
from inventory.services import trace
from oms.lib import csv
from oms.lib.chunks import chunks
from oms.lib.console import console_page, show
from oms.lib.plugins import named
from oms.panels import CAME_BACK, SENT_TO

MOST_SHOWN = 200
AT_ONCE = 500
HEADER = [
    *("SKU", "Lot or serial", "Order", "Channel", "Ordered on", "Name", "E-mail", "Phone", "Country"),
    *("Pieces", "Came back", "Parcels", "Tracking", "Returns"),
]
# What ledger entries are about, and the page of it.
PAGES = {
    "order": "admin:orders_order_change",
    "purchase": "buying:purchase",
    "receipt": "admin:inventory_receipt_change",
    "transfer": "transfers:transfer",
    "count": "book:count",
}


@require_safe
@console_page("inventory.view_lot")
def lot(request, pk):
    """The way of a lot."""
    found = get_object_or_404(Lot.objects.select_related("sku", "supplier"), pk=pk)
    held, today = trace.held(found), timezone.localdate()
    facts = {
        "lot": found,
        "held": held,
        "in_stock": sum(row.quantity for row in held),
        "under_way": trace.under_way(found),
        "why_withheld": found.why_withheld(today),
        "export": reverse("book:export_lot", args=[pk]),
    }
    return _page(request, found, f"Lot {found} of {found.sku}", **facts)


@require_safe
@console_page("inventory.view_serial")
def serial(request, pk):
    """The way of one piece with a number."""
    found = get_object_or_404(Serial.objects.select_related("sku", "bin", "location"), pk=pk)
    export = reverse("book:export_serial", args=[pk])
    return _page(request, found, f"Serial {found} of {found.sku}", serial=found, export=export)


@require_safe
@console_page("orders.view_customer")
def export_lot(request, pk):
    """All customers of a lot as CSV: whom to call when it is recalled."""
    return _export(get_object_or_404(Lot.objects.select_related("sku"), pk=pk))


@require_safe
@console_page("orders.view_customer")
def export_serial(request, pk):
    """All who ever got the piece, as CSV."""
    return _export(get_object_or_404(Serial.objects.select_related("sku"), pk=pk))


def _page(request, traced, title, **context):
    entries = list(trace.movements(traced)[: MOST_SHOWN + 1])
    for entry in entries:
        entry.url = _url(entry.subject)
    sent = trace.sent(traced)
    context |= {
        "traced": traced,
        "origins": trace.origins(traced),
        "entries": entries[:MOST_SHOWN],
        "is_cut": len(entries) > MOST_SHOWN,
        "orders": len(sent),
        "with_customers": sum(row.pieces - row.returned for row in sent),
        "sent": _named(sent[:MOST_SHOWN], traced) if request.user.has_perm("orders.view_order") else [],
        "most": MOST_SHOWN,
    }
    return show(request, "inventory/console/trace.html", title=title, **context)


def _named(sent, traced):
    """Return [(Sent, who got it, returns)] of the orders that are still there."""
    ids = [row.order_id for row in sent]
    who, back = named(SENT_TO)(ids, traced), named(CAME_BACK)(ids, traced.sku_id)
    return [(row, who[row.order_id], back.get(row.order_id, [])) for row in sent if row.order_id in who]


def _export(traced):
    rows = (row for some in chunks(trace.sent(traced), AT_ONCE) for row in _named(some, traced))
    response = StreamingHttpResponse(
        csv.lines(HEADER, (_cells(traced, *row) for row in rows)), content_type="text/csv; charset=utf-8"
    )
    name = "".join(char if char.isascii() and char.isalnum() else "-" for char in f"{traced.sku}-{traced}")
    response["Content-Disposition"] = f'attachment; filename="recall-{name}.csv"'
    return response


def _cells(traced, row, who, returns):
    order, parcels = who.order, who.parcels
    return [
        *(traced.sku.code, traced.code, order.number, order.channel.code, f"{order.ordered_at:%Y-%m-%d}"),
        *(order.ship_name, order.email, order.phone, order.ship_country, row.pieces, row.returned),
        " ".join(str(parcel) for parcel in parcels),
        " ".join(parcel.tracking_number for parcel in parcels if parcel.tracking_number),
        " ".join(str(one) for one in returns),
    ]


def _url(subject):
    """Return the page of what a ledger entry is about, or ""."""
    kind, _, pk = subject.partition(":")
    return reverse(PAGES[kind], args=[pk]) if kind in PAGES and pk.isdigit() else ""
