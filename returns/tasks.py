"""What returns do when something happened."""

from oms.outbox.consumers import subscriber
from orders.services.tell_customer import tell_customer
from returns.customer.story import has_slip
from returns.models import Return
from returns.services import slip


@subscriber
def print_slip(event):
    """Make the slip that the customer puts into the parcel, while he has still to send it."""
    rma = _return_of(event)
    if has_slip(rma):
        slip.print_slip(rma)


@subscriber
def mail_approved(event):
    """Tell the customer where to send it, with the slip, of which the row must be there to be attached.

    What came unasked is approved where it is booked in, and he has nothing left to send.
    """
    rma = _return_of(event)
    if has_slip(rma):
        slip.print_slip(rma)
        tell_customer("return_approved", event.data["order"], object_id=rma.pk)


@subscriber
def mail_declined(event):
    """Tell the customer why it cannot come back."""
    tell_customer("return_declined", event.data["order"], object_id=event.data["rma"])


def _return_of(event):
    return Return.objects.select_related("order").get(pk=event.data["rma"])
