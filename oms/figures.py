"""What a day brought, by channel: ordered, shipped, invoiced, paid."""

from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.utils import timezone

from oms.lib.money import show
from orders.models import Channel, Invoice, Order, PaymentEntry

DAY = timedelta(days=1)


def figures(day, word):
    """Return what a day brought by channel: {"title", "day", "rows": [{channel, orders, …}]}; five statements."""
    start = datetime.combine(day, datetime.min.time(), timezone.get_current_timezone())
    within = {"gte": start, "lt": start + DAY}
    placed = _between(Order.objects.exclude(status__in=["draft", "cancelled"]), "ordered_at", within)
    placed = placed.values_list("channel").annotate(count=Count("*"), amount=Sum("gross"))
    shipped = _between(Order.objects.all(), "shipped_at", within).values_list("channel").annotate(count=Count("*"))
    billed = Invoice.objects.filter(issued_on=day).values_list("order__channel")
    billed = billed.annotate(count=Count("*"), amount=Sum("gross"))
    captured = PaymentEntry.objects.done().filter(kind=PaymentEntry.Kind.CAPTURE)
    paid = _between(captured, "done_at", within).values_list("payment__order__channel").annotate(Sum("amount"))
    found = {
        "placed": {channel: (count, amount) for channel, count, amount in placed.order_by()},
        "shipped": dict(shipped.order_by()),
        "billed": {channel: (count, amount) for channel, count, amount in billed.order_by()},
        "paid": dict(paid.order_by()),
    }
    busy = set().union(*found.values())
    channels = Channel.objects.filter(pk__in=busy).order_by("code")
    return {"title": word, "day": day, "rows": [_row(channel, found) for channel in channels]}


def _between(rows, field, bounds):
    return rows.filter(**{f"{field}__{bound}": moment for bound, moment in bounds.items()})


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
