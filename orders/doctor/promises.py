"""Proofs about promises: nobody waits for pieces that somebody else was promised, or that do not come."""

from django.db.models import Exists, F, OuterRef

from inventory.models import Location, PurchaseLine, Sku, TransferLine
from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.outbox.models import Delivery
from orders.models import Allocation, Gathering
from orders.services.supply import overclaimed

AT_ONCE = 500
# While one of these has work, what it will promise anew is not held against it.
SETTLES = "orders.tasks.settle_gathering"
LOOKED_AT = ("orders.tasks.supply_moved", "orders.tasks.take_up_backorders")


@check(18, "no more is promised of what is on its way than comes until then")
def inbound_is_not_overpromised():
    """Run the worker, which promises anew each hour; until then tell the customers of the SKU's backorders yourself."""
    busy = _busy_skus()
    claimed = Allocation.objects.claims().order_by("sku_id").values_list("sku_id", flat=True).distinct()
    for skus in chunks((sku for sku in claimed.iterator() if sku not in busy), AT_ONCE):
        for (sku_id, location_id), (at, over) in sorted(overclaimed(skus).items()):
            row = f"{Sku.objects.get(pk=sku_id)} at {Location.objects.get(pk=location_id)}"
            yield Violation(18, row, f"{over} pieces more are promised from {at:%F %R} than come until then")


@check(18, "what is made to order is promised from where it is made")
def made_pieces_are_promised_where_they_are_made():
    """Save the SKU in the console with another number of days, and again with its own: its promises are made anew."""
    elsewhere = Allocation.objects.making().exclude(supply_location=F("sku__made_at")).exclude(sku__in=_busy_skus())
    for row in elsewhere.select_related("order", "sku", "supply_location").order_by("pk").iterator():
        yield Violation(18, f"order {row.order}", f"{row.sku} is promised from {row.supply_location}, which makes none")


@check(18, "who gathers an order's pieces waits for some")
def gatherings_wait_for_pieces():
    """Run the worker, which ends gatherings; if it stays, release the order's gathering hold in the console."""
    waiting = Allocation.objects.backordered().filter(order=OuterRef("order"))
    idle = Gathering.objects.open().filter(~Exists(waiting)).select_related("order")
    busy = set(Delivery.objects.pending().filter(consumer=SETTLES).values_list("subject", flat=True))
    for gathering in idle:
        if gathering.order.subject not in busy:
            yield Violation(18, f"order {gathering.order}", "waits to be gathered, but misses nothing")


def _busy_skus():
    """Return the ids of the SKUs whose supply moved and whose promises a task has yet to look at."""
    events = Delivery.objects.pending().filter(consumer__in=LOOKED_AT).select_related("event")
    data = [delivery.event.data for delivery in events]
    skus = {each["sku"] for each in data if "sku" in each}
    lines = PurchaseLine.objects.filter(order__in=_named(data, "purchase"))
    skus |= set(lines.values_list("sku_id", flat=True))
    moved = TransferLine.objects.filter(transfer__in=_named(data, "transfer"))
    return skus | set(moved.values_list("sku_id", flat=True))


def _named(data, name):
    return [each[name] for each in data if name in each]
