"""What returns do when something happened."""

from oms.outbox.consumers import subscriber
from oms.papers.services.request_document import request_document
from orders.services.tell_customer import tell_customer
from returns.models import Return


@subscriber
def print_slip(event):
    """Make the slip that the customer puts into the parcel."""
    rma = Return.objects.select_related("order").get(pk=event.data["rma"])
    title = f"Return slip {rma}"
    request_document("return_slip", rma.order.subject, rma.pk, title=title, language=rma.order.locale)


@subscriber
def mail_approved(event):
    """Tell the customer where to send it."""
    tell_customer("return_approved", event.data["order"], object_id=event.data["rma"])


@subscriber
def mail_declined(event):
    """Tell the customer why it cannot come back."""
    tell_customer("return_declined", event.data["order"], object_id=event.data["rma"])
