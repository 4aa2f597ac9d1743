"""What a new merchant has to say before the first order, in its order, for the home page of who may say it."""

from django.urls import reverse

from inventory.models import Location, Sku, StockLevel
from orders.models import Channel, Lane, Order, Price, Seller, TaxRate

# (what, what it is for, model, the page that adds the first)
STEPS = [
    ("Seller", "whose name and VAT id stand on invoices", Seller, "admin:orders_seller_add"),
    ("Location", "where your goods lie", Location, "admin:inventory_location_add"),
    ("Channel", "where you sell, in which currency, with or without tax", Channel, "admin:orders_channel_add"),
    ("Tax rates", "by country", TaxRate, "admin:orders_taxrate_add"),
    ("Lanes", "what it costs and how long it takes to send from a location", Lane, "admin:orders_lane_add"),
    ("SKUs", "from a CSV", Sku, "tables:skus"),
    ("Prices", "of SKUs in a channel", Price, "admin:orders_price_add"),
    ("Stock", "counted on one day, from a CSV", StockLevel, "tables:stock"),
]


def first_steps():
    """Return [{title, hint, url, done}] until there is an order, then None."""
    if Order.objects.exists():
        return None
    return [
        {"title": title, "hint": hint, "url": reverse(name), "done": model.objects.exists()}
        for title, hint, model, name in STEPS
    ]
