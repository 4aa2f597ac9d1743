"""What customers are told of their parcels: one function a message, each returns it unsent."""

from fulfilment.customer.parcels import told_parcels, told_pickup
from fulfilment.models import FulfilmentOrder, Parcel
from orders.customer.mail import event_of, write
from orders.customer.reader import reader_of
from orders.models import Order

ORDERS = Order.objects.select_related("channel__seller", "pickup_location")


def shipped(object_id, message):
    """Parcels left, and what follows; `object_id` is their fulfilment order's."""
    return _about_parcels("fulfilment/emails/shipped", message)


def delivered(object_id, message):
    """Parcels arrived; `object_id` is the order's."""
    return _about_parcels("fulfilment/emails/delivered", message)


def ready_for_pickup(object_id, message):
    """The order lies in the store, until when, and what to show there; `object_id` is the fulfilment order's."""
    row = FulfilmentOrder.objects.select_related("location").get(pk=object_id)
    order = ORDERS.get(pk=row.order_id)
    pickup = told_pickup(row, reader_of(order, language=message.language))
    return write("fulfilment/emails/ready_for_pickup", order, pickup=pickup)


def _about_parcels(template, message):
    event = event_of(message)
    order = ORDERS.get(pk=event.data["order"])
    parcels = Parcel.objects.filter(order=order, pk__in=event.data["parcels"])
    told = told_parcels(parcels, reader_of(order, language=message.language))
    is_whole = order.fulfilment_state == Order.FulfilmentState.DELIVERED
    return write(template, order, parcels=told, is_whole=is_whole)
