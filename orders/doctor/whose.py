from django.db.models import F, Q

from oms.lib.chunks import chunks
from oms.lib.doctor import Violation, check
from oms.outbox.models import Event
from orders.models import Allocation, Order

AT_ONCE = 1000


@check(16, "an order is its channel's partner's")
def order_of_its_channel():
    """Ask who placed the order: its channel was given to another partner after it came in."""
    strange = Order.objects.exclude(partner=None).filter(~Q(partner=F("channel__partner")))
    for order in strange.iterator():
        yield Violation(16, f"order {order}", f"partner {order.partner_id}, not its channel's")


@check(16, "an order of a sandbox is no order")
def order_of_sandbox():
    """Cancel it: its channel belongs to a partner who only tries things out; take it by another channel."""
    for order in Order.objects.filter(partner__is_sandbox=True).exclude(status=Order.Status.CANCELLED).iterator():
        yield Violation(16, f"order {order}", "is real, and its partner is a sandbox")


@check(16, "allocations are of their line's order and SKU")
def allocation_of_its_line():
    """Cancel the line and order it again."""
    strange = Allocation.objects.filter(~Q(order=F("line__order")) | ~Q(sku=F("line__sku")))
    for row in strange.select_related("order").iterator():
        yield Violation(16, f"order {row.order}", f"allocation {row.pk} belongs to a line of another order or SKU")


@check(16, "events of an order name its partner")
def events_of_partner():
    """Webhooks of this event went to another partner: tell both, and rotate nothing."""
    events = Event.objects.filter(data__has_key="partner", subject__startswith="order:").order_by("pk")
    rows = events.values_list("pk", "subject", "data").iterator(AT_ONCE)
    for chunk in chunks(((pk, int(subject.split(":")[1]), data["partner"]) for pk, subject, data in rows), AT_ONCE):
        orders = Order.objects.filter(pk__in={order for _, order, _ in chunk})
        partner_of = dict(orders.values_list("pk", "partner"))
        for pk, order, partner in chunk:
            if partner_of.get(order) != partner:
                yield Violation(16, f"event {pk}", f"names partner {partner}, not its order's")
