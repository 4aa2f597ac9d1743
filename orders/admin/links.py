from django.urls import reverse
from django.utils.html import format_html


def order_link(order):
    """Return the order's number, linked to its page."""
    return format_html('<a href="{}">{}</a>', reverse("admin:orders_order_change", args=[order.pk]), order.number)
