"""Holds: reasons why an order must not move. They stack; the last one lifted lets it go on."""

import logging

from django.utils import timezone

from oms.lib.commands import command
from oms.lib.errors import DomainError, InvalidTransition, NotFound
from orders.models import Hold, Order
from orders.services import states
from orders.services.confirm import try_confirm
from orders.services.place_hold import lift_from, place_on

logger = logging.getLogger(__name__)


@command
def put(order_id, kind, reason, *, owner=None, until=None, actor="system"):
    """Put a hold on an open order and return it; one of a kind that is active already is returned as is.

    Manual holds stack. `until` lifts it by itself.
    """
    order = Order.objects.lock(order_id)
    if not order.is_open:
        raise InvalidTransition(f"Order {order} is {order.get_status_display()}: there is nothing to hold.")
    hold = place_on(order, kind, reason, owner=owner, until=until, actor=actor)
    states.refresh(order)
    return hold


@command
def release(order_id, hold_id, *, note="", actor="system"):
    """Lift one hold; with the last one the order goes on by itself. A lifted one: nothing happens."""
    order = Order.objects.lock(order_id)
    hold = Hold.objects.filter(order=order, pk=hold_id).first()
    if hold is None:
        raise NotFound(f"Order {order} has no such hold.", field="hold")
    if hold.released_at:
        return hold
    lift_from(order, hold, note=note, actor=actor)
    states.refresh(order)
    try_confirm(order, actor=actor)
    return hold


def release_due():
    """Lift the holds whose time is over."""
    due = Hold.objects.active().filter(until__lte=timezone.now()).order_by("order_id")
    for hold in due[:500]:
        try:
            release(hold.order_id, hold.pk, note="its time is over")
        except DomainError as error:
            logger.warning("Hold %s of order %s stays: %s", hold.pk, hold.order_id, error.message)
