"""What the floor does when something happened to an order."""

from fulfilment.services import cancel_work, open_orders
from oms.outbox.consumers import subscriber


@subscriber
def follow_order(event):
    """Bring the fulfilment orders in step with what the order promises now."""
    open_orders.follow(event.data["order"])


@subscriber
def answer_cancel_request(event):
    """Give up what nobody picked, and stop what somebody has in hand."""
    cancel_work.request(event.data["order"], event.data["lines"])


@subscriber
def close_work(event):
    """The order is over: so is work that shipped without anybody telling that it arrived."""
    open_orders.close(event.data["order"])
