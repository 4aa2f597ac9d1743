"""Which order goes first, where people and goods are short."""

from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from orders.models import Order


@command
def prioritise(order_id, priority, *, actor="system"):
    """Give an open order `priority` (Order.Priority; 1 goes first) and return it; the same again does nothing."""
    if priority not in Order.Priority.values:
        raise Invalid(f"Choose one of {Order.Priority.values}.", field="priority")
    order = Order.objects.lock(order_id)
    if not order.is_open and order.status != Order.Status.DRAFT:
        raise InvalidTransition(f"Order {order} is {order.get_status_display()}: nothing is left to do first.")
    if order.priority != priority:
        order.priority = priority
        order.version += 1
        order.save(update_fields=["priority", "version"])
        order.publish("order.prioritised", actor=actor, priority=priority)
    return order
