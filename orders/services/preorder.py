"""Orders of goods that are not released yet: taken and promised, but held back until their day."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import F, Max
from django.utils import timezone

from oms.lib.commands import command
from orders.models import Hold, Order
from orders.services import promise, states
from orders.services.holds import release
from orders.services.place_hold import place_on


def released_on(order):
    """Return the last release day of what has still to leave of `order`, if that is yet to come; else None."""
    lines = order.lines.filter(quantity__gt=F("cancelled") + F("shipped"))
    day = lines.aggregate(day=Max("sku__released_on"))["day"]
    return day if day and day > timezone.localdate(timezone=_zone(order)) else None


def _zone(order):
    return ZoneInfo(order.channel.seller.tz)


def hold_back(order, *, actor="system"):
    """Keep a locked pre-order from the floor until its day, by a hold that ends by itself; returns the day or None.

    A hold that is there already moves to that day. The caller refreshes the order's states.
    """
    day = released_on(order)
    if day is None:
        return None
    until = datetime.combine(day, time(), _zone(order))
    hold = place_on(order, Hold.Kind.RELEASE, f"Pre-order: released on {day:%F}.", until=until, actor=actor)
    if hold.until != until:
        hold.until, hold.reason = until, f"Pre-order: released on {day:%F}."
        hold.save(update_fields=["until", "reason"])
    return day


def follow_release(sku_id):
    """Hold back, or let go, the open orders of a SKU whose release day was changed; each in its own transaction."""
    orders = Order.objects.unshipped().filter(lines__sku=sku_id).order_by("pk")
    for order_id in orders.values_list("pk", flat=True).distinct():
        _follow(order_id)


@command
def _follow(order_id, *, actor="system"):
    order = Order.objects.lock(order_id)
    if not order.is_open:
        return
    hold = Hold.objects.active().filter(order=order, kind=Hold.Kind.RELEASE).first()
    day = hold_back(order, actor=actor)
    promise.move(order)
    states.refresh(order)
    if hold and day is None:
        release(order_id, hold.pk, note="the release day was changed", actor=actor)
