"""News of the demo that nobody need act on any more: what people do in it must not stand behind that."""

from django.utils import timezone

from oms.outbox.models import Delivery

# What `lives` has done itself, and what its orders, paid at once in channels of our own, give no cause for.
OF_ORDERS = [
    "fulfilment.tasks.follow_order",
    "fulfilment.tasks.tell_channel",
    "oms.partners.tasks.fan_out",
    "orders.tasks.capture_due",
    "orders.tasks.return_late_capture",
    "orders.tasks.verify_placed",
]
# No order waited for the goods of the first day.
OF_GOODS = ["orders.tasks.take_up_backorders"]


def settle(consumers, **which):
    """Mark what waits for `consumers` as done; `which` filters the deliveries."""
    waiting = Delivery.objects.pending().filter(consumer__in=consumers, **which)
    waiting.update(attempts=1, applied=1, done_at=timezone.now())
