"""The 855 that answers a trading partner's order: what of each line is accepted, comes later, or does not come."""

from collections import defaultdict
from datetime import date

from django.utils import timezone

from orders.channels.edi.answers import AnsweredLine, answer
from orders.channels.edi.purchase import PurchaseLine
from orders.models import Allocation, EdiDocument, Order
from orders.services.send_edi import partner_of, purchase_for, send
from orders.services.supply import zone_of


def answer_purchase(order_id):
    """Have the 855 of an order that came by X12 sent, once; returns the EdiDocument, or None for other orders."""
    partner = partner_of(order_id)
    purchase = purchase_for(order_id) if partner and partner.is_x12 else None
    if purchase is None:
        return None
    order = Order.objects.get(pk=order_id)
    segments = answer(
        purchase,
        _lines(order, purchase),
        number=order.number,
        on=timezone.now().date(),
        vendor=partner.vendor_number,
    )
    return send(partner, EdiDocument.Kind.ANSWER, f"855:order:{order_id}", segments, order=order)


def line_of(purchase, line):
    """Return the buyer's line that an order line is of; one that he did not order goes by our own words."""
    found = purchase.line((line.parent or line).external_id)
    if found:
        return found
    return PurchaseLine(number=str(line.position), quantity=line.quantity, unit="EA", ids=(("VN", line.sku_code),))


def _lines(order, purchase):
    later, days = missing_of(order)
    found = []
    for line in order.lines.priced().prefetch_related("parts"):
        parts = line.parts.all()
        # Of a kit so many are late as its worst part makes.
        waits = max((-(-later[part.pk] // part.per_kit) for part in parts), default=later[line.pk])
        open_pieces = line.quantity - line.cancelled
        waits = min(waits, open_pieces)
        found.append(
            AnsweredLine(
                line_of(purchase, line),
                line.unit_price,
                accepted=open_pieces - waits,
                later=waits,
                rejected=line.cancelled,
                later_on=max((days[pk] for pk in (line.pk, *(part.pk for part in parts)) if pk in days), default=None),
            )
        )
    return found


def missing_of(order):
    """Return {order line: pieces that are missing} and {order line: date from which on they are covered}."""
    pieces: defaultdict[int, int] = defaultdict(int)
    days: dict[int, date] = {}
    for row in Allocation.objects.backordered().filter(order=order):
        pieces[row.line_id] += row.quantity
        if row.supply_at:
            day = row.supply_at.astimezone(zone_of(row.supply_location_id)).date()
            days[row.line_id] = max(day, days.get(row.line_id, day))
    return pieces, days
