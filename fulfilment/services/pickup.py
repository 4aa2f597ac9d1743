"""Store pickup: packed goods wait on a shelf for the customer, for a limited time."""

import secrets
from datetime import timedelta

from django.utils import timezone

from fulfilment.models import FulfilmentOrder, Parcel
from fulfilment.services.cancel_work import take_out_stopped
from fulfilment.services.claim import claim
from fulfilment.services.deliver import record
from fulfilment.services.ship import send
from oms.lib.commands import command
from oms.lib.errors import Invalid, InvalidTransition
from oms.lib.text import check_text

Status = FulfilmentOrder.Status
WAITS = timedelta(days=7)
ORDERS_AT_ONCE = 200


@command
def make_ready(fulfilment_order_id, *, shelf, actor):
    """Put packed goods on `shelf` for the customer, who is told by `order.ready_for_pickup`.

    Raises InvalidTransition when it is no pickup, not packed, or must not move. Ready already: the
    shelf is changed, and nobody is told again.
    """
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.method != FulfilmentOrder.Method.PICKUP:
        raise InvalidTransition(f"Order {work.order} is sent, not collected.")
    work.check_may_move()
    row.pickup_shelf = check_text(shelf, max_length=20, field="shelf")
    if row.status != Status.READY_FOR_PICKUP:
        row.pickup_code = f"{secrets.randbelow(10**6):06d}"
        row.pickup_until = timezone.now() + WAITS
        row.move_to(Status.READY_FOR_PICKUP, order=work.order, actor=actor, event="order.ready_for_pickup")
    row.save(update_fields=["pickup_shelf", "pickup_code", "pickup_until"])
    return row


@command
def collect(fulfilment_order_id, *, code="", name="", actor):
    """Hand the goods over to who shows the `code` or says the `name` on the order: shipped and delivered.

    Raises Invalid when neither fits. Collected already: nothing happens.
    """
    work = claim(fulfilment_order_id)
    row = work.fulfilment_order
    if row.status in (Status.SHIPPED, Status.CLOSED):
        return row
    if row.status != Status.READY_FOR_PICKUP:
        raise InvalidTransition(f"Order {work.order} is {row.state}, not ready for pickup.")
    work.check_may_move()
    _identify(work, code.strip(), name.strip())
    parcels = [parcel for parcel in Parcel.objects.lock_of(row) if parcel.status == Parcel.Status.PACKED]
    send(work, parcels, actor=actor)
    record(work, parcels, place=str(work.location), actor=actor)
    return row


@command
def give_up(fulfilment_order_id, *, actor):
    """Nobody came: the goods go back to the shelf and the pieces are cancelled. A second call: nothing."""
    work = claim(fulfilment_order_id)
    if work.fulfilment_order.status != Status.READY_FOR_PICKUP:
        return
    work.order.cancel_reason = "not collected"
    work.order.save(update_fields=["cancel_reason"])
    for line in work.lines:
        line.stopped = line.wanted
    take_out_stopped(work, actor=actor)


def give_up_due():
    """Give up the pickups whose time is over; run by the schedule."""
    due = FulfilmentOrder.objects.filter(status=Status.READY_FOR_PICKUP, pickup_until__lte=timezone.now())
    for pk in due.order_by("pk").values_list("pk", flat=True)[:ORDERS_AT_ONCE]:
        give_up(pk, actor="system")


def _identify(work, code, name):
    """Raise Invalid unless the code is right, or each word of `name` (two letters or more) is in the order's."""
    if code and secrets.compare_digest(code.encode(), work.fulfilment_order.pickup_code.encode()):
        return
    known = f"{work.order.ship_name} {work.order.customer or ''}".casefold().split()
    words = name.casefold().split()
    if words and all(len(word) > 1 and word in known for word in words):
        return
    raise Invalid("Neither the code nor the name is this order's.", field="code" if code else "name")
