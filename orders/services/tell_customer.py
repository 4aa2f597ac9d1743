"""Telling a customer by e-mail what happened to his order, once, or noting that nobody is told."""

from datetime import timedelta

from django.utils import timezone

from oms.papers.models import Message
from oms.papers.services.queue_message import queue_message
from oms.papers.services.stop_message import stop_message
from orders.customer.reader import reader_of
from orders.models import Order

# What people do by a click can be stopped so long before the customer hears of it.
STOPPABLE_S = 60


def tell_customer(kind, order_id, *, object_id=None, cause="", wait_s=0):
    """Queue e-mail `kind` (a key of EMAILS) about an order, or about `object_id` of it; returns its Message.

    It can be stopped for `wait_s` seconds. The same kind, object and `cause` ("event:9") again: the first
    row. Muted channels, imported orders and those without an address get a row that says SUPPRESSED.
    """
    order = Order.objects.select_related("channel__seller").get(pk=order_id)
    return queue_message(
        kind,
        order.subject,
        object_id or order.pk,
        to=order.email,
        language=reader_of(order).language,
        cause=cause,
        not_before=timezone.now() + timedelta(seconds=wait_s) if wait_s else None,
        suppress=order.channel.is_muted or order.origin == Order.Origin.IMPORT,
    )


def redirect(order, *, was):
    """Have what waits for the customer, at the address `was`, go to the order's present one, written afresh.

    His link opens for that one alone. Without one nothing is sent.
    """
    waiting = Message.objects.of(order.subject).stoppable().filter(to=was)
    fields = {} if order.email else {"status": Message.Status.SUPPRESSED}
    waiting.update(to=order.email, subject_line="", **fields)


def take_back(order_id, *kinds, object_id=None, actor="system"):
    """Stop those of the order's e-mails of `kinds` (all, or about one object) that nobody has begun to send."""
    waiting = Message.objects.of(f"order:{order_id}").stoppable().filter(kind__in=kinds)
    for message in waiting.filter(object_id=object_id) if object_id else waiting:
        stop_message(message, actor=actor)
