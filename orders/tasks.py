"""What orders do when something happened."""

from oms.outbox.consumers import subscriber
from orders.services import backorder
from orders.services.verify import verify


@subscriber
def verify_placed(event):
    """Check a placed order, and hold or confirm it."""
    verify(event.data["order"])


@subscriber
def take_up_backorders(event):
    """Serve those who wait for what arrived."""
    backorder.take_up(event.data["sku"])
