from datetime import timedelta

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.models import StockLevel, TransferLine
from oms.lib.doctor import Violation, check
from orders.models import Allocation, Order

DONE = [Order.Status.CANCELLED, Order.Status.CLOSED]


@check(3, "what is reserved is what allocations and transfers hold")
def reserved_is_allocated():
    """Count the level in the console: the recount posts what is missing; then cancel what holds too much."""
    held = Allocation.objects.reserving().filter(sku=OuterRef("sku"), location=OuterRef("location"))
    held = held.order_by().values("sku").annotate(n=Sum("quantity")).values("n")
    sent = TransferLine.objects.reserving().filter(sku=OuterRef("sku"), transfer__source=OuterRef("location"))
    sent = sent.order_by().values("sku").annotate(n=Sum("reserved")).values("n")
    levels = StockLevel.objects.select_related("sku", "location").annotate(
        held=Coalesce(Subquery(held), 0), sent=Coalesce(Subquery(sent), 0)
    )
    for level in levels.exclude(reserved=F("held") + F("sent")).iterator():
        said = f"reserved {level.reserved}, allocated {level.held}, for transfers {level.sent}"
        yield Violation(3, f"{level.sku} at {level.location}", said)


@check(3, "nothing is reserved without a level")
def allocated_without_level():
    """Receive or count the SKU at that location, so that it has a level, then source the order anew."""
    levels = StockLevel.objects.filter(sku=OuterRef("sku"), location=OuterRef("location"))
    rows = Allocation.objects.reserving().filter(location__tracks_stock=True)
    for row in rows.annotate(level_id=Subquery(levels.values("pk")[:1])).filter(level_id=None).iterator():
        yield Violation(3, f"allocation {row.pk}", f"holds {row.quantity} pieces of a level that does not exist")


@check(3, "promised and unfit pieces are on hand")
def oversold():
    """Count the level in the console: promises beyond what is there are backordered."""
    short = Q(on_hand__lt=F("reserved") + F("unavailable"))
    for level in StockLevel.objects.filter(short).select_related("sku", "location").iterator():
        promised = level.reserved + level.unavailable
        yield Violation(3, f"{level.sku} at {level.location}", f"on hand {level.on_hand}, promised {promised}")


@check(5, "no open allocation on orders that are done")
def open_on_done():
    """Cancel what is left of the order from its page: its stock is freed."""
    for row in Allocation.objects.open().filter(order__status__in=DONE).select_related("order").iterator():
        yield Violation(5, f"order {row.order}", f"{row.order.status}, but {row.quantity} pieces {row.status}")


@check(15, "no reservation past its expiry")
def expired():
    """Start a worker: it cancels unpaid orders every five minutes."""
    late = timezone.now() - timedelta(minutes=30)
    for row in Allocation.objects.reserving().filter(expires_at__lt=late).select_related("order").iterator():
        yield Violation(15, f"order {row.order}", f"{row.quantity} pieces kept unpaid since {row.expires_at:%F %R}")
