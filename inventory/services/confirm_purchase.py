"""The supplier's answer: which day which line comes."""

from datetime import timedelta

from django.utils import timezone

from inventory.models import PurchaseLine, PurchaseOrder
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.text import check_text

Status = PurchaseOrder.Status
FARTHEST = timedelta(days=730)


@command
def confirm(order_id, days, *, reference=None, actor):
    """Note that the lines `days` ({line id: date}) come on these days; returns the order.

    Lines not named keep their day. `reference` is the supplier's own number. What changed is published as
    `purchase.confirmed` with the ids of those lines and their SKUs; saying the same again does nothing.
    Raises Invalid for a foreign line or an impossible day.
    """
    order = PurchaseOrder.objects.lock(order_id)
    if not order.is_underway:
        raise InvalidTransition(
            f"Purchase order {order} is {order.get_status_display().lower()}: there is nothing to confirm."
        )
    changed = _changed(order, days)
    if reference is not None:
        order.supplier_reference = check_text(reference, max_length=60, field="reference")
        order.save(update_fields=["supplier_reference"])
    PurchaseLine.objects.bulk_update(changed, ["confirmed_on"])
    is_new = order.status == Status.SENT
    if is_new:
        order.move_to(Status.CONFIRMED)
    if is_new or changed:
        skus = sorted({line.sku_id for line in changed})
        order.publish("purchase.confirmed", actor=actor, lines=[line.pk for line in changed], skus=skus)
    return order


def _changed(order, days):
    lines = {line.pk: line for line in order.lines.all()}
    today, changed = timezone.localdate(), []
    for pk, day in days.items():
        if pk not in lines:
            raise Invalid(f"Purchase order {order} has no line {pk}.", field="lines")
        line = lines[pk]
        if day == line.confirmed_on:
            continue
        if not today <= day <= today + FARTHEST:
            said = f"name a day from {today} to {today + FARTHEST}"
            raise Invalid(f"{line.sku} cannot come on {day}: {said}.", field="confirmed_on")
        line.confirmed_on = day
        changed.append(line)
    return changed
