"""Who calls: found by phone, e-mail or name through his orders, with where his goods went. Reads only."""

from orders.models import Order
from orders.services import search
from orders.services.intake import ADDRESS_FIELDS

MOST_ORDERS = 40
MOST_SHOWN = 4
MOST_ADDRESSES = 3


def recognise(text):
    """Return up to MOST_SHOWN {"name", "email", "phone", "orders", "addresses"} of those that `text` may be.

    A phone number may be typed as people say it: it is read as one of a seller's country.
    """
    if len(text) < 3:
        return []
    pks = search.find(text, limit=MOST_ORDERS)
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
