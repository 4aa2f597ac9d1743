"""Confirming: from here on the order may go to the floor."""

from oms.lib.commands import command
from oms.lib.errors import InvalidTransition
from orders.models import Allocation, Hold, Order
from orders.services.gather import gather


@command
def confirm(order_id, *, actor="system"):
    """Confirm a placed order; raises InvalidTransition, saying what it waits for."""
    order = Order.objects.lock(order_id)
    waits = waits_for(order)
    if waits:
        raise InvalidTransition(f"Order {order} waits: {'; '.join(waits)}.")
    try_confirm(order, actor=actor)
    return order


def try_confirm(order, *, actor="system"):
    """Confirm a locked order if nothing stands against it; returns whether it is confirmed now."""
    if order.status != Order.Status.PLACED or waits_for(order):
        return False
    Allocation.objects.open().filter(order=order).update(expires_at=None)
    order.move_to(Order.Status.CONFIRMED)
    order.publish("order.confirmed", actor=actor)
    gather(order, actor=actor)
    return True


def waits_for(order):
    """Return what a PLACED order waits for, in words; nothing: it can be confirmed."""
    if order.status != Order.Status.PLACED:
        return [f"it is {order.get_status_display()}"]
    waits = [] if order.verified_at else ["it is being checked"]
    waits += [f"{hold.get_kind_display()} hold" for hold in Hold.objects.active().filter(order=order)]
    return waits if order.is_gate_met else [*waits, "payment"]
