"""What returns do when something happened."""

from oms.outbox.consumers import subscriber
from orders.services.tell_customer import tell_customer


@subscriber
def mail_approved(event):
    """Tell the customer where to send it."""
    tell_customer("return_approved", event.data["order"], object_id=event.data["rma"])


@subscriber
def mail_declined(event):
    """Tell the customer why it cannot come back."""
    tell_customer("return_declined", event.data["order"], object_id=event.data["rma"])
