"""What customers want of each SKU, for those who buy it again; named in oms.panels."""

from django.db.models import F, FloatField, Q, Sum
from django.db.models.functions import Cast, TruncWeek

from orders.models import Allocation, Order, OrderLine

Status = Allocation.Status
WANTED = [Order.Status.PLACED, Order.Status.CONFIRMED, Order.Status.CLOSED]


def weekly_demand(sku_ids, *, since, until):
    """Return {(sku id, location id, Monday): pieces} that were ordered from moment `since` to before `until`.

    Counted are the pieces that were shipped, or still will be, in the week of their order and where they ship from;
    what came back is taken off, in proportion where a line shipped from two locations. Imported orders were shipped
    by another system: their location is None. Three statements.
    """
    rows = Allocation.objects.filter(
        ~Q(status=Status.FREED),
        line__sku__in=sku_ids,
        location__isnull=False,
        order__status__in=WANTED,
        order__ordered_at__gte=since,
        order__ordered_at__lt=until,
    )
    back = rows.filter(status=Status.SHIPPED, line__returned__gt=0, line__shipped__gt=0)
    share = Cast(F("quantity"), FloatField()) * F("line__returned") / F("line__shipped")
    demand = _by_week(rows, Cast(F("quantity"), FloatField()))
    for key, pieces in _by_week(back, share).items():
        demand[key] = max(demand[key] - pieces, 0.0)
    return demand | _imported(sku_ids, since, until)


def pieces_waited_for(sku_ids):
    """Return {(sku id, location id or None): pieces} that customers wait for and nothing is reserved for.

    They wait at the location where they were promised what comes; None: nowhere yet.
    """
    rows = Allocation.objects.backordered().filter(
        line__sku__in=sku_ids, order__status__in=[Order.Status.PLACED, Order.Status.CONFIRMED]
    )
    counted = rows.order_by().values("sku", "supply_location").annotate(n=Sum("quantity"))
    return {(row["sku"], row["supply_location"]): row["n"] for row in counted}


def _imported(sku_ids, since, until):
    lines = OrderLine.objects.filter(
        sku__in=sku_ids,
        order__origin=Order.Origin.IMPORT,
        order__status__in=WANTED,
        order__ordered_at__gte=since,
        order__ordered_at__lt=until,
    )
    weekly = lines.order_by().annotate(week=TruncWeek("order__ordered_at")).values("sku", "week")
    counted = weekly.annotate(n=Sum(F("quantity") - F("cancelled") - F("returned")))
    return {(row["sku"], None, row["week"].date()): float(row["n"]) for row in counted}


def _by_week(rows, pieces):
    counted = rows.order_by().annotate(week=TruncWeek("order__ordered_at")).values("sku", "location", "week")
    found = counted.annotate(n=Sum(pieces, output_field=FloatField()))
    return {(row["sku"], row["location"], row["week"].date()): row["n"] for row in found}
