from django.urls import reverse


def order_page(pk):
    """Return the address of an order's page in the console."""
    return reverse("admin:orders_order_change", args=[pk])
