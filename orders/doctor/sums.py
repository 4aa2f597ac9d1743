from collections import defaultdict
from decimal import Decimal

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from orders.models import Allocation, Order, OrderCharge, OrderLine
from orders.services.counters import COUNTERS

NOTHING = Decimal(0)
AT_ONCE = 1000
AMOUNTS = ("net", "tax", "gross")


@check(6, "no more returned than shipped, no more shipped and cancelled than ordered")
def counters_within_bounds():
    """Open the order's timeline: the event before the first impossible counter is the one to undo."""
    beyond = Q(quantity__lt=F("shipped") + F("cancelled") + F("on_floor")) | Q(shipped__lt=F("returned"))
    for line in OrderLine.objects.filter(beyond | Q(shipped__lt=F("delivered"))).select_related("order").iterator():
        yield _line(6, line, ", ".join(f"{name} {getattr(line, name)}" for name in ("quantity", *COUNTERS)))


@check(6, "kits count what their parts make up")
def kits_are_their_parts():
    """Ship, cancel or return the missing parts of the kit from the order's page; the kit follows them."""
    kits = OrderLine.objects.filter(kind="kit").select_related("order")
    for chunk in chunks(kits.iterator(AT_ONCE), AT_ONCE):
        parts_of = defaultdict(list)
        for part in OrderLine.objects.filter(parent__in=chunk):
            parts_of[part.parent_id].append(part)
        for kit in chunk:
            yield from _unlike_its_parts(kit, parts_of[kit.pk])


@check(6, "allocations cover each line, and its counters")
def allocations_cover_lines():
    """Cancel the line's open pieces and order them again: they are allocated anew."""
    status = Allocation.Status
    sums = {
        "open_": Sum("quantity", filter=Q(status__in=[status.BACKORDERED, status.RESERVED]), default=0),
        "floor": Sum("quantity", filter=Q(status__in=[status.ON_FLOOR, status.PICKED]), default=0),
        "gone": Sum("quantity", filter=Q(status=status.SHIPPED), default=0),
    }
    allocated = Allocation.objects.filter(line=OuterRef("pk")).order_by().values("line").annotate(**sums)
    lines = OrderLine.objects.leaves().filter(order__origin="live").exclude(order__status="draft")
    lines = lines.annotate(**{name: Coalesce(Subquery(allocated.values(name)), 0) for name in sums})
    free = F("quantity") - F("cancelled") - F("shipped") - F("on_floor")
    fits = Q(open_=free, floor=F("on_floor"), gone=F("shipped"))
    for line in lines.exclude(fits).select_related("order").iterator():
        yield _line(6, line, f"allocated {line.open_} open, {line.floor} on the floor, {line.gone} shipped")


@check(9, "line gross is net and tax, and what was entered")
def lines_add_up():
    """Change the line's quantity to itself from the order's page: it is priced anew."""
    wrong = ~Q(gross=F("net") + F("tax"))
    for line in OrderLine.objects.filter(wrong).select_related("order").iterator():
        yield _line(9, line, f"{line.net} + {line.tax} is not {line.gross}")


@check(9, "order total is its lines and charges")
def orders_add_up():
    """Change any quantity of the order to itself from its page: it is totalled anew."""
    orders = Order.objects.only(*AMOUNTS).order_by("pk")
    for chunk in chunks(orders.iterator(AT_ONCE), AT_ONCE):
        parts = {order.pk: [NOTHING] * len(AMOUNTS) for order in chunk}
        for rows in (OrderLine.objects.priced(), OrderCharge.objects.all()):
            sums = rows.filter(order__in=chunk).order_by().values_list("order")
            for pk, *amounts in sums.annotate(*(Sum(name) for name in AMOUNTS)):
                parts[pk] = [sum(pair) for pair in zip(parts[pk], amounts, strict=True)]
        for order in chunk:
            for name, amount in zip(AMOUNTS, parts[order.pk], strict=True):
                if getattr(order, name) != amount:
                    yield Violation(9, f"order {order}", f"{name} {getattr(order, name)}, its parts add up to {amount}")


@check(10, "one currency per order")
def one_currency():
    """Cancel the order and place it in the channel's currency."""
    for order in Order.objects.exclude(currency=F("channel__currency")).select_related("channel").iterator():
        yield Violation(10, f"order {order}", f"in {order.currency}, its channel in {order.channel.currency}")


def _unlike_its_parts(kit, parts):
    for name in COUNTERS:
        made_up = min((getattr(part, name) // part.per_kit for part in parts), default=0)
        if getattr(kit, name) != made_up:
            yield _line(6, kit, f"{name} {getattr(kit, name)}, its parts make up {made_up}")
    if sum(part.price_share for part in parts) != kit.gross:
        yield _line(6, kit, f"gross {kit.gross}, its parts share another sum")


def _line(number, line, message):
    return Violation(number, f"order {line.order} line {line.position} {line.sku_code}", message)
