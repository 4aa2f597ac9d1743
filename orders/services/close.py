"""What time alone does to orders: unpaid ones expire, shipped ones close."""

from datetime import timedelta

from django.db.models import DurationField, ExpressionWrapper, IntegerField
from django.db.models.functions import Cast
from django.utils import timezone

from oms.lib.commands import command
from orders.models import Allocation, Order
from orders.services.cancel import cancel

ORDERS_AT_ONCE = 500
DAY = timedelta(days=1)


@command
def close(order_id, *, actor="system"):
    """Close a CONFIRMED order of which all has shipped; a closed one stays as it is."""
    order = Order.objects.lock(order_id)
    if order.status == Order.Status.CONFIRMED and not any(line.open_quantity for line in order.lines.leaves()):
        order.move_to(Order.Status.CLOSED)
        order.publish("order.closed", actor=actor)


def close_due():
    """Close what is delivered, and what shipped so long ago that it must be."""
    # SQLite multiplies a duration by no other kind of integer.
    days = Cast("channel__close_after_days", IntegerField())
    wait = ExpressionWrapper(days * DAY, output_field=DurationField())
    confirmed = Order.objects.filter(status=Order.Status.CONFIRMED)
    delivered = confirmed.filter(fulfilment_state=Order.FulfilmentState.DELIVERED)
    shipped = confirmed.filter(fulfilment_state=Order.FulfilmentState.SHIPPED)
    old = shipped.filter(shipped_at__lte=timezone.now() - wait)
    for orders in (delivered, old):
        for pk in orders.order_by("pk").values_list("pk", flat=True)[:ORDERS_AT_ONCE]:
            close(pk)


def expire_unpaid():
    """Cancel orders that wait for a payment that did not come, whether or not there was stock to keep for them."""
    due = Allocation.objects.open().filter(expires_at__lte=timezone.now(), order__status="placed")
    for pk in due.order_by("order_id").values_list("order_id", flat=True).distinct()[:ORDERS_AT_ONCE]:
        _expire(pk)


@command
def _expire(order_id):
    """Cancel an unpaid order; one that was paid and waits for something else waits on, as long as it takes."""
    order = Order.objects.lock(order_id)
    if order.status == Order.Status.PLACED and order.is_gate_met:
        Allocation.objects.open().filter(order=order).update(expires_at=None)
    elif order.status == Order.Status.PLACED:
        cancel(order_id, reason="not paid in time")
