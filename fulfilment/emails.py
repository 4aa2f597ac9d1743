"""What customers are told of their parcels, and suppliers of what to send them: one function a message, unsent."""

from django.template.loader import render_to_string

from fulfilment.customer.parcels import told_parcels, told_pickup, told_trouble
from fulfilment.documents.dropship_request import page
from fulfilment.documents.supplier_links import supplier_link
from fulfilment.models import FulfilmentOrder, Parcel, ParcelCase
from oms.papers.base import Mail
from oms.papers.models import Document
from orders.customer.brand import brand_of
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
    return _about_pickup("fulfilment/emails/ready_for_pickup", object_id, message)


def pickup_reminder(object_id, message):
    """It still lies in the store, and until when; `object_id` is the fulfilment order's."""
    return _about_pickup("fulfilment/emails/pickup_reminder", object_id, message)


def parcel_trouble(object_id, message):
    """A parcel is late or stuck, said before the customer asks; `object_id` is the parcel's, the cause its case's."""
    kind = message.first.cause.removeprefix("case:")
    order = ORDERS.get(parcels=object_id)
    reader = reader_of(order, language=message.language)
    case = ParcelCase.objects.filter(parcel=object_id, kind=kind).latest("opened_at")
    headline, words = told_trouble(kind, case.since, reader)
    told = told_parcels(Parcel.objects.filter(pk=object_id), reader)
    return write("fulfilment/emails/parcel_trouble", order, parcels=told, headline=headline, words=words)


def dropship_request(object_id, message):
    """Please send this to our customer; the request is attached."""
    return _to_supplier(object_id, message, "ask")


def dropship_reminder(object_id, message):
    """We have not heard of you; the request is attached once more."""
    return _to_supplier(object_id, message, "remind")


def _about_parcels(template, message):
    event = event_of(message)
    order = ORDERS.get(pk=event.data["order"])
    parcels = Parcel.objects.filter(order=order, pk__in=event.data["parcels"])
    told = told_parcels(parcels, reader_of(order, language=message.language))
    is_whole = order.fulfilment_state == Order.FulfilmentState.DELIVERED
    return write(template, order, parcels=told, is_whole=is_whole)


def _about_pickup(template, object_id, message):
    row = FulfilmentOrder.objects.select_related("location").get(pk=object_id)
    order = ORDERS.get(pk=row.order_id)
    return write(template, order, pickup=told_pickup(row, reader_of(order, language=message.language)))


def _to_supplier(object_id, message, said):
    row = FulfilmentOrder.objects.select_related("order__channel__seller", "location").get(pk=object_id)
    context = page(row)
    words, channel = context["words"], row.order.channel
    context |= {"said": words[said].format(number=row), "link": supplier_link(row), "brand": brand_of(channel)}
    paper = Document.objects.latest_of("dropship_request", row.pk)
    return Mail(
        to=context["supplier"].email,
        subject=f"{words['title']} {row}",
        text=render_to_string("fulfilment/emails/dropship_request.txt", context),
        html=render_to_string("fulfilment/emails/dropship_request.html", context),
        language=message.language,
        reply_to=channel.support_email,
        sender_name=channel.seller.legal_name,
        attachments=(paper.pk,) if paper else (),
    )
