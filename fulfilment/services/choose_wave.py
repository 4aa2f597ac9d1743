"""Which orders a preset takes: those it means, the most urgent first, and why others stay on the board."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q, Sum

from fulfilment.models import FulfilmentLine, FulfilmentOrder, Wave, WaveOrder, WavePreset
from inventory.models import BinStock, LocationHoliday
from orders.models import Order
from orders.promise.transit import next_cutoff

DAY = timedelta(days=1)
MOST_NAMED = 20
Due, Size = WavePreset.Due, WavePreset.Size


def meant(preset, now):
    """Return the OPEN fulfilment orders that `preset` means, whether they may go to the floor or not."""
    rows = FulfilmentOrder.objects.filter(location=preset.location_id, status=FulfilmentOrder.Status.OPEN)
    rows = rows.filter(_due(preset, now))
    if preset.priority:
        rows = rows.filter(priority__lte=preset.priority)
    exact = {"method": preset.goes_by, "order__method": preset.method, "order__channel": preset.channel_id}
    exact |= {"order__channel__shipping_rule__preferred": preset.carrier_id}
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    return _in_zone(_of_size(rows, preset.size), preset)


def ready(preset, now):
    """Return those that can be released: confirmed, not held, and not in a wave that is being released."""
    return meant(preset, now).releasable().exclude(_in_wave())


def choose(preset, now):
    """Return ([FulfilmentOrder, the most urgent first, `lines` and `order` loaded], what is left out and why).

    At most as many as the preset takes; what is left out is as `left_out` says. The number of statements is constant.
    """
    rows = list(ready(preset, now).order_by("priority", "ship_by", "pk").values_list("pk", flat=True))
    taken, over = rows[: preset.most_orders], rows[preset.most_orders :]
    works = _loaded(taken)
    others = meant(preset, now)
    reasons = [
        left_out("more than the preset takes", _named(over[:MOST_NAMED]), count=len(over)),
        _counted("on hold", others.filter(order__is_held=True)),
        _counted("not confirmed", others.filter(order__is_held=False).exclude(order__status=Order.Status.CONFIRMED)),
    ]
    return [works[pk] for pk in taken], [row for row in reasons if row["count"]]


def left_out(why, works, *, count=None):
    """Return {why, count, orders: the numbers of the first}: what a preview says of works that stay on the board."""
    works = list(works)
    numbers = [str(work.order) for work in works[:MOST_NAMED]]
    return {"why": why, "count": len(works) if count is None else count, "orders": numbers}


def cutoff_of(location, now):
    """Return the moment of the next cut-off of a location, by its working days."""
    free = set(LocationHoliday.objects.filter(location=location).values_list("day", flat=True))
    return next_cutoff(now, tz=location.tz, cutoff=location.cutoff, holidays=free)


def _loaded(pks):
    rows = FulfilmentOrder.objects.filter(pk__in=pks).select_related("order").prefetch_related("lines__sku")
    return {row.pk: row for row in rows}


def _named(pks):
    rows = FulfilmentOrder.objects.filter(pk__in=pks).select_related("order")
    return rows.order_by("priority", "ship_by", "pk")


def _counted(why, rows):
    first = rows.order_by("priority", "ship_by", "pk").values_list("pk", flat=True)[:MOST_NAMED]
    return left_out(why, _named(list(first)), count=rows.count())


def _due(preset, now):
    condition = Q()
    if preset.due == Due.LATE:
        condition &= Q(ship_by__lt=now)
    if preset.due == Due.CUTOFF:
        condition &= Q(ship_by__lte=cutoff_of(preset.location, now))
    if preset.due == Due.TODAY:
        local = now.astimezone(ZoneInfo(preset.location.tz))
        midnight = datetime.combine(local.date() + DAY, datetime.min.time(), local.tzinfo)
        condition &= Q(ship_by__lt=midnight)
    if preset.due_hours:
        condition &= Q(ship_by__lt=now + timedelta(hours=preset.due_hours))
    return condition


def _of_size(rows, size):
    if size == Size.ANY:
        return rows
    lines = FulfilmentLine.objects.in_work().filter(fulfilment_order=OuterRef("pk"))
    if size in (Size.LINE, Size.MORE):
        more = Exists(lines.filter(pk__gt=_first_line()))
        return rows.filter(more) if size == Size.MORE else rows.exclude(more)
    return rows.alias(pieces=Sum(F("lines__quantity") - F("lines__short") - F("lines__cancelled"))).filter(pieces=1)


def _first_line():
    """Return the query of the first line that its fulfilment order still works on."""
    same = FulfilmentLine.objects.in_work().filter(fulfilment_order=OuterRef("fulfilment_order"))
    return same.order_by("pk").values("pk")[:1]


def _in_zone(rows, preset):
    if not preset.zone:
        return rows
    here = BinStock.objects.filter(bin__location=preset.location_id, bin__zone__iexact=preset.zone, quantity__gt=0)
    elsewhere = FulfilmentLine.objects.in_work().filter(fulfilment_order=OuterRef("pk"))
    return rows.exclude(Exists(elsewhere.exclude(sku__in=here.values("sku"))))


def _in_wave():
    """Whether a wave that is being released has it on a cart still to come."""
    going = WaveOrder.objects.planned().filter(fulfilment_order=OuterRef("pk"), wave__status=Wave.Status.RELEASED)
    return Exists(going)
