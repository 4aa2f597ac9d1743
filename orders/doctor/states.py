from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.outbox.models import Event
from orders.models import Order
from orders.services.states import derived, facts_of_all

READ = ("currency", "gross", "is_held", "payment_state", "fulfilment_state", "return_state")
AT_ONCE = 1000  # orders, with all their lines in memory
# What an order's own events say it became; the rest of its events leave the status alone.
BECAME = {
    "order.drafted": Order.Status.DRAFT,
    "order.placed": Order.Status.PLACED,
    "order.confirmed": Order.Status.CONFIRMED,
    "order.closed": Order.Status.CLOSED,
    "order.cancelled": Order.Status.CANCELLED,
}


@check(13, "cached states are the derived ones")
def cached_states():
    """Put any hold on the order and release it: its states are derived anew."""
    orders = Order.objects.filter(origin=Order.Origin.LIVE).exclude(status=Order.Status.DRAFT).only(*READ)
    for chunk in chunks(orders.order_by("pk").iterator(chunk_size=AT_ONCE), AT_ONCE):
        facts = facts_of_all(chunk)
        for order in chunk:
            for name, value in derived(order, facts[order.pk]).items():
                if getattr(order, name) != value:
                    yield Violation(13, f"order {order}", f"{name} is {getattr(order, name)}, derived {value}")


@check(13, "every status was reached by a legal transition")
def legal_histories():
    """Read the order's timeline: the first event that does not follow from the one before is at fault."""
    for chunk in chunks(Order.objects.order_by("pk").only("status", "origin").iterator(AT_ONCE), AT_ONCE):
        last = {}
        events = Event.objects.filter(name__in=BECAME, subject__in=[order.subject for order in chunk])
        for subject, name in events.order_by("subject", "sequence").values_list("subject", "name"):
            was, now = last.get(subject, Order.Status.DRAFT), BECAME[name]
            if was != now and now not in Order.NEXT[was]:
                yield Violation(13, f"order {_number(subject)}", f"went from {was} to {now}")
            last[subject] = now
        for order in chunk:
            known = last.get(order.subject)
            if order.origin == Order.Origin.LIVE and known != order.status:
                yield Violation(13, f"order {order}", f"is {order.status}, its timeline says {known}")


def _number(subject):
    return Order(pk=int(subject.split(":")[1])).number
