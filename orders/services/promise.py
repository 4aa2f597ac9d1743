"""Moving a promise: the first one stays, each later one has its cause."""

from datetime import timedelta

from django.utils import timezone

from orders.models import Allocation, PromiseEvent
from orders.services import supply

NOTICEABLE = timedelta(hours=12)
Cause = PromiseEvent.Cause


def move(order, cause=None, *, is_pegged=False):
    """Set the current promise of a locked order from where its pieces are now; the caller saves it.

    Missing pieces are promised first out of what is on its way, unless the caller did (`is_pegged`). A move
    that the customer would notice is recorded and published as `order.promise_moved`; without a `cause` it
    is what supply did: more was ordered, it comes sooner, or it is late or short.
    """
    old, new = order.promised_current, current(order, is_pegged=is_pegged)
    order.promised_current = new
    order.promised_original = order.promised_original or new
    order.save(update_fields=["promised_current", "promised_original"])
    if (old is None) == (new is None) and (old is None or abs(new - old) < NOTICEABLE):
        return
    cause = cause or _cause(old, new)
    event = PromiseEvent.objects.create(order=order, old=old, new=new, cause=cause)
    order.publish("order.promise_moved", promise=event.pk, cause=cause)


def current(order, *, is_pegged):
    """Return the moment by which all that is open of a locked order arrives; None while pieces have no source."""
    rows = list(Allocation.objects.open().filter(order=order).select_related("sku").order_by("pk"))
    unpegged = [row for row in rows if row.status == Allocation.Status.BACKORDERED and row.supply_at is None]
    if unpegged and order.is_open and not is_pegged:
        supply.peg(order, unpegged)
        Allocation.objects.bulk_update(unpegged, ["supply_location", "supply_at"])
    return supply.foreseen(order, rows, now=timezone.now()) if rows else order.promised_current


def _cause(old, new):
    if old is None:
        return Cause.ORDERED
    return Cause.SUPPLY if new is None or new > old else Cause.SOONER
