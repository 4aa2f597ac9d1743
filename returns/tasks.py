"""What returns do when something happened."""

from oms.outbox.consumers import subscriber
from orders.services.tell_customer import tell_customer
from returns.models import Return
from returns.services import slip


@subscriber
def print_slip(event):
    """Make the slip that the customer puts into the parcel."""
    slip.print_slip(_return_of(event))


@subscriber
def mail_approved(event):
    """Tell the customer where to send it, with the slip, of which the row must be there to be attached."""
    slip.print_slip(_return_of(event))
    tell_customer("return_approved", event.data["order"], object_id=event.data["rma"])


@subscriber
def mail_declined(event):
    """Tell the customer why it cannot come back."""
    tell_customer("return_declined", event.data["order"], object_id=event.data["rma"])


def _return_of(event):
    return Return.objects.select_related("order").get(pk=event.data["rma"])
