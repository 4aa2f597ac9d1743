"""The end of a gathering: all is there, or it is not worth waiting for."""

from django.utils import timezone

from inventory.models import Sku
from oms.lib.commands import command
from oms.outbox.publish import publish
from orders.models import Allocation, Gathering, Hold, Order
from orders.services import states
from orders.services.place_hold import lift_from


@command
def settle(order_id, *, actor="system"):
    """Let an order go on of which all that is still wanted was gathered; a second call does nothing."""
    order = Order.objects.lock(order_id)
    gathering = Gathering.objects.open().filter(order=order).first()
    if gathering and not (order.is_open and Allocation.objects.backordered().filter(order=order).exists()):
        is_together = order.is_open and not _elsewhere(order, gathering.location_id).exists()
        note = "all of it came together" if is_together else "nothing of it is awaited any more"
        _end(gathering, order, note, is_complete=is_together, actor=actor)
        states.refresh(order)


def give_up(order, *, actor):
    """Send a locked order in parts, of which pieces do not come along as they should; it need not be gathered.

    The caller refreshes its states.
    """
    gathering = Gathering.objects.open().filter(order=order).first()
    if gathering is None:
        return
    _end(gathering, order, "pieces do not come along: it goes in parts", is_complete=False, actor=actor)
    missing = Allocation.objects.backordered().filter(order=order).order_by("sku_id")
    for sku_id in missing.values_list("sku_id", flat=True).distinct():
        publish("stock.supply_moved", f"sku:{sku_id}", sku=sku_id)


def _elsewhere(order, place):
    goods = Allocation.objects.reserving().filter(order=order, sku__kind=Sku.Kind.PHYSICAL)
    return goods.exclude(location=place)


def _end(gathering, order, note, *, is_complete, actor):
    gathering.ended_at, gathering.is_complete = timezone.now(), is_complete
    gathering.save(update_fields=["ended_at", "is_complete"])
    for hold in Hold.objects.active().filter(order=order, kind=Hold.Kind.GATHERING):
        lift_from(order, hold, note=note, actor=actor)
