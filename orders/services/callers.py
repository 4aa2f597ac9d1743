"""Who calls: found by phone, e-mail or name through his orders, with where his goods went. Reads only."""

from orders.models import Channel, Order
from orders.services import search
from orders.services.intake import ADDRESS_FIELDS, clean_phone

MOST_ORDERS = 40
MOST_SHOWN = 4
MOST_ADDRESSES = 3


def recognise(text, *, channel_id=""):
    """Return up to MOST_SHOWN {"name", "email", "phone", "orders", "addresses"} of those that `text` may be.

    A phone number may be typed as people say it: it is read as one of the channel's seller's country.
    """
    if len(text) < 3:
        return []
    pks = search.find(text, limit=MOST_ORDERS) or search.find(_international(text, channel_id), limit=MOST_ORDERS)
    people = {}
    for order in Order.objects.filter(pk__in=pks).order_by("-pk"):
        person = people.setdefault(order.email or order.phone or order.ship_name, _person(order))
        person["orders"] += 1
        address = {name: order.ship_to[name] for name in ADDRESS_FIELDS if order.ship_to.get(name)}
        if address and address not in person["addresses"] and len(person["addresses"]) < MOST_ADDRESSES:
            person["addresses"].append(address)
    return list(people.values())[:MOST_SHOWN]


def _person(order):
    return {"name": order.ship_name, "email": order.email, "phone": order.phone, "orders": 0, "addresses": []}


def _international(text, channel_id):
    if not any(char.isdigit() for char in text) or not channel_id.isdigit():
        return text
    country = Channel.objects.filter(pk=int(channel_id)).values_list("seller__country", flat=True).first()
    return clean_phone(text, country or "")
