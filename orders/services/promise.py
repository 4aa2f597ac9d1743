"""Moving a promise: the first one stays, each later one has its cause."""

from datetime import timedelta

from django.utils import timezone

from orders.models import Allocation, PromiseEvent
from orders.promise.transit import arrival
from orders.services.allocate import lane_of, network

NOTICEABLE = timedelta(hours=12)


def move(order, cause):
    """Set the current promise of a locked order from where its pieces are now; the caller saves it.

    A move that the customer would notice is recorded and published as `order.promise_moved`.
    """
    old, new = order.promised_current, current(order)
    order.promised_current = new
    order.promised_original = order.promised_original or new
    if (old is None) == (new is None) and (old is None or abs(new - old) < NOTICEABLE):
        return
    event = PromiseEvent.objects.create(order=order, old=old, new=new, cause=cause)
    order.save(update_fields=["promised_current", "promised_original"])
    order.publish("order.promise_moved", promise=event.pk, cause=cause)


def current(order):
    """Return the moment by which all that is open arrives, if it left now; None while pieces are missing."""
    rows = Allocation.objects.open().filter(order=order)
    if any(row.status == Allocation.Status.BACKORDERED for row in rows):
        return None
    now, arrivals = timezone.now(), []
    for location_id in {row.location_id for row in rows}:
        place, lane = network().place(location_id), lane_of(location_id, order)
        days = lane.transit_days if lane else 0
        arrivals.append(arrival(now, tz=place.tz, cutoff=place.cutoff, transit_days=days))
    return max(arrivals, default=order.promised_current)
