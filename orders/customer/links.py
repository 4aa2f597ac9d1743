"""The one link by which a customer sees his order: signed, expiring, and bound to his e-mail address."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from oms.lib import tokens
from orders.models import Order

LIFETIME = timedelta(days=180)
PURPOSE = "customer"


def customer_link(order):
    """Return the address of the customer's page of `order`, good for LIFETIME from now.

    Each call makes a new one; all of them work until the order's e-mail address is changed, so that a
    link which went to a mistyped address ends with the mistake.
    """
    return settings.SITE_URL + reverse("customer_order", args=[token_of(order)])


def token_of(order):
    """Return what the link names the order by: its pk and a mark of its address, signed."""
    return tokens.sign(PURPOSE, f"{order.pk}-{_mark(order)}", expires=timezone.now() + LIFETIME)


def order_of(token, *, orders=None):
    """Return the order of a link's `token`; None when it is forged, expired, or the address has changed.

    `orders` is the QuerySet to read it from, with what the page needs.
    """
    try:
        pk, _, mark = tokens.read(PURPOSE, token).partition("-")
    except tokens.DeadLink:
        return None
    orders = Order.objects.all() if orders is None else orders
    order = orders.exclude(status=Order.Status.DRAFT).filter(pk=pk).first()
    return order if order and constant_time_compare(mark, _mark(order)) else None


def _mark(order):
    return salted_hmac("orders.customer.links", order.email, algorithm="sha256").hexdigest()[:12]
