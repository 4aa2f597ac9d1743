"""What a day brought, by channel: ordered, shipped, invoiced, paid."""

from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.utils import timezone

from oms.lib.among import among
from oms.lib.money import show
from oms.lib.prepared import Param, Params, prepared
from orders.models import Channel, Invoice, Order, PaymentEntry

DAY = timedelta(days=1)


def figures(day, word):
    """Return what a day brought by channel: {"title", "day", "rows": [{channel, orders, …}]}; five statements."""
    start = datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())
    within = {"start": start, "end": start + DAY}
    found = {
        "placed": {channel: (count, amount) for channel, count, amount in _placed(**within)},
        "shipped": dict(_shipped(**within)),
        "billed": {channel: (count, amount) for channel, count, amount in _billed(day=day)},
        "paid": dict(_paid(**within)),
    }
    busy = set().union(*found.values())
    channels = _channels(pks=busy) if busy else []
    return {"title": word, "day": day, "rows": [_row(channel, found) for channel in channels]}


def _between(rows, field):
    stored_as = rows.model._meta.get_field(field)
    return rows.filter((f"{field}__gte", Param("start", stored_as)), (f"{field}__lt", Param("end", stored_as)))


_placed = prepared(
    lambda: (
        _between(Order.objects.taken(), "ordered_at")
        .values_list("channel")
        .annotate(count=Count("*"), amount=Sum("gross"))
        .order_by()
    )
)
_shipped = prepared(
    lambda: _between(Order.objects.all(), "shipped_at").values_list("channel").annotate(count=Count("*")).order_by()
)
_billed = prepared(
    lambda: (
        Invoice.objects.filter(issued_on=Param("day", Invoice._meta.get_field("issued_on")))
        .values_list("order__channel")
        .annotate(count=Count("*"), amount=Sum("gross"))
        .order_by()
    )
)
_paid = prepared(
    lambda: (
        _between(PaymentEntry.objects.done().filter(kind=PaymentEntry.Kind.CAPTURE), "done_at")
        .values_list("payment__order__channel")
        .annotate(Sum("amount"))
        .order_by()
    )
)
_channels = prepared(lambda: Channel.objects.filter(among("pk", Params("pks"))).order_by("code"))


def _row(channel, found):
    orders, ordered = found["placed"].get(channel.pk, (0, 0))
    invoices, billed = found["billed"].get(channel.pk, (0, 0))
    return {
        "channel": channel,
        "orders": orders,
        "ordered": show(ordered, channel.currency),
        "shipped": found["shipped"].get(channel.pk, 0),
        "invoices": invoices,
        "billed": show(billed, channel.currency),
        "paid": show(found["paid"].get(channel.pk, 0), channel.currency),
    }
